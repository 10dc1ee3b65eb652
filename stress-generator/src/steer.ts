/** The closed loop: from what was asked and what came of it to what to ask next. Pure. */
import { LOAD_BOUNDS, type LoadAnswer } from '@plimsoll/contracts/load'
import type { Others, Seen } from './observe.ts'
import type { Aim, Measure, Phase } from './profiles.ts'

/** What we ask of the target right now; `null` is nothing of this kind. */
export interface Commands {
  /** Of one core, as `POST /load/cpu` takes it. */
  readonly cpuPercent: number | null
  readonly cpuWorkers: number
  readonly memoryBytes: number | null
  readonly queriesPerSecond: number | null
}

export const NO_COMMANDS: Commands = { cpuPercent: null, cpuWorkers: 1, memoryBytes: null, queriesPerSecond: null }

export interface Situation {
  readonly phase: Phase
  readonly limits: LoadAnswer['limits']
  readonly seen: Seen
  readonly others: Others
  /** Since the first command to this life of the target in this phase. */
  readonly steeredMs: number
}

/**
 * The share of an error that one step corrects, twice a second. A quarter: what the target's threads do is exact, so
 * most of an error is noise, and chasing it (0.4 did) widens it.
 */
const GAIN = 0.25
/** Numbers are of the last second, so a new command is seen in full only after one. */
const BLIND_MS = 1400
/** Memory within this of its aim is left alone: filling and freeing pages costs CPU. */
const MEMORY_DEAD_BAND_PERCENT = 1.5

const clamp = (n: number, min: number, max: number) => Math.min(max, Math.max(min, n))

function aimed(phase: Phase, measure: Measure): number | null {
  return phase.aims.find((aim) => aim.measure === measure)?.aim ?? null
}

function nextCpu(before: number | null, { phase, limits, seen, others, steeredMs }: Situation): number | null {
  const aim = aimed(phase, 'cpu')
  if (aim === null) return null
  const perPercent = limits.cpuCores
  // What the app uses of itself is not known yet, or is what is seen now.
  if (before === null)
    return clamp(
      (aim + others.cpuLimitPercent - (seen.cpuLimitPercent ?? aim * 0.1)) * perPercent,
      0,
      LOAD_BOUNDS.cpuPercent.max,
    )
  if (seen.cpuLimitPercent === null || steeredMs < BLIND_MS) return before
  const error = aim + others.cpuLimitPercent - seen.cpuLimitPercent
  // On a busy host a thread gets less than it asks for, so asking for more helps; but what is asked for in vain takes
  // as long to come down again.
  const most = Math.min(LOAD_BOUNDS.cpuPercent.max, (aim + 40) * perPercent)
  return clamp(before + GAIN * error * perPercent, 0, most)
}

function nextMemory(before: number | null, { phase, limits, seen, others }: Situation): number | null {
  const aim = aimed(phase, 'memory')
  if (aim === null) return null
  const errorPercent = aim + others.memoryPercent - seen.memoryPercent
  const most = (LOAD_BOUNDS.percentOfLimit.max / 100) * limits.memoryBytes
  if (before === null) return clamp((errorPercent / 100) * limits.memoryBytes, 0, most)
  if (Math.abs(errorPercent) < MEMORY_DEAD_BAND_PERCENT) return before
  // While the first pages are still being touched the error is large and the command right: go by small steps.
  const step = clamp(GAIN * errorPercent, -3, 1)
  return clamp(before + (step / 100) * limits.memoryBytes, 0, most)
}

function nextQueries(before: number | null, { phase, seen, others, steeredMs }: Situation): number | null {
  const aim = aimed(phase, 'queries')
  if (aim === null || phase.database === null) return null
  if (before === null || seen.queriesPerSecond === null || steeredMs < BLIND_MS) return before ?? aim
  const error = aim + others.queriesPerSecond - seen.queriesPerSecond
  return clamp(before + GAIN * error, LOAD_BOUNDS.queriesPerSecond.min, 2 * aim)
}

/**
 * One thread more than the limit has cores: on a host whose other processes queue for the same cores, a single thread
 * was seen to get half a core and no more.
 */
export function workersFor({ cpuCores }: LoadAnswer['limits']): number {
  return Math.min(LOAD_BOUNDS.workers.max, Math.ceil(cpuCores) + 1)
}

/** What to ask next. Without an aim for it a command is `null`, and its load ends. */
export function steer(before: Commands, situation: Situation): Commands {
  return {
    cpuPercent: nextCpu(before.cpuPercent, situation),
    cpuWorkers: workersFor(situation.limits),
    memoryBytes: nextMemory(before.memoryBytes, situation),
    queriesPerSecond: nextQueries(before.queriesPerSecond, situation),
  }
}

/** An aim's band with what others add; never beyond the whole of a percentage. */
export function bandWith(others: Others, aim: Aim): { readonly min: number; readonly max: number } {
  const shift =
    aim.measure === 'cpu'
      ? Math.min(others.cpuLimitPercent, 100 - aim.max)
      : aim.measure === 'memory'
        ? Math.min(others.memoryPercent, 100 - aim.max)
        : aim.measure === 'queries'
          ? others.queriesPerSecond
          : 0
  return { min: aim.min + shift, max: aim.max + shift }
}
