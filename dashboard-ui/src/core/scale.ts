/** Axes: round upper ends that do not twitch, and times where a clock would strike. */
import type { EpochMs } from '@plimsoll/contracts/time'

/** The next of 1, 2, 5 × 10ⁿ at or above `value`; 1 for nothing. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  for (const step of [1, 2, 5, 10]) if (value <= step * power * (1 + 1e-9)) return step * power
  return 10 * power
}

/** The distance of the lines on an axis that ends at a nice ceiling: 4 or 5 of them, at round numbers. */
export function niceStep(ceiling: number): number {
  const first = Math.round(ceiling / 10 ** Math.floor(Math.log10(ceiling) + 1e-9))
  return first === 5 ? ceiling / 5 : ceiling / 4
}

/**
 * An upper end of at least `atLeast` that holds still: it grows at once when a value needs it, and shrinks only when the values would fit
 * into less than a third of it.
 */
export function steadyCeiling(highest: number, before: number | null, atLeast = 0): number {
  const wanted = Math.max(niceCeiling(highest * 1.1), atLeast)
  if (before === null || wanted >= before) return wanted
  return highest * 3 < before ? wanted : before
}

const stepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800]
  .map((s) => s * 1000)
  .concat(604_800_000)

/** Round clock times between `from` and `to`, at most `most` of them. `offsetMs` is local time less UTC. */
export function timeTicks(
  range: { readonly from: EpochMs; readonly to: EpochMs },
  most: number,
  offsetMs: number,
): readonly EpochMs[] {
  const span = range.to - range.from
  const step = stepsMs.find((ms) => span / ms <= most) ?? 604_800_000
  const ticks: EpochMs[] = []
  for (let at = Math.ceil((range.from + offsetMs) / step) * step - offsetMs; at <= range.to; at += step) ticks.push(at)
  return ticks
}
