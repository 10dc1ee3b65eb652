/** Levels, their colours, and where the Plimsoll mark stands on them. */
import type { ContainerView } from '@plimsoll/contracts/container'
import type { Machine } from './state.ts'

export type Zone = 'calm' | 'warn' | 'high' | 'unknown'

/** Where yellow and red begin, in percent of what the container may use. */
export const WARN_PERCENT = 60
export const HIGH_PERCENT = 80

/** Green to 60 %, yellow to 80 %, red above; unknown is its own colour, never green. */
export function zoneOf(percent: number | null): Zone {
  if (percent === null) return 'unknown'
  if (percent <= WARN_PERCENT) return 'calm'
  return percent <= HIGH_PERCENT ? 'warn' : 'high'
}

/** The colour of a level bar: yellow at the latest where its mark is passed, for there its rule begins to count. */
export function barZone(percent: number | null, mark: number | null): Zone {
  const zone = zoneOf(percent)
  return zone === 'calm' && percent !== null && mark !== null && percent > mark ? 'warn' : zone
}

/** What `percent` fills of a bar or dial, 0 to 1; over 100 % it is full. */
export function fillOf(percent: number | null): number {
  return percent === null ? 0 : Math.min(1, Math.max(0, percent / 100))
}

/** The cores a container may use: its limit, else all of the host; `null` when neither is known. */
export function coresOf(view: ContainerView, machine: Machine | null): number | null {
  return view.cpuLimitCores ?? machine?.cpus ?? null
}

/**
 * The CPU mark in percent of what the container may use. The rule is on `cpuPercent` (100 is one core), the level is
 * of the limit. `null` when the cores are unknown, or when the mark lies above all that it may use.
 */
export function cpuMark(view: ContainerView, machine: Machine | null): number | null {
  const cores = coresOf(view, machine)
  if (cores === null || cores <= 0) return null
  const mark = view.thresholds.cpuPercent / cores
  return mark > 100 ? null : mark
}

/** The memory mark in percent; `null` above 100, where it can never fire. */
export function memoryMark(view: ContainerView): number | null {
  return view.thresholds.memoryPercent > 100 ? null : view.thresholds.memoryPercent
}
