/** Numbers over a stretch of time in three: the middle, what 95 % stay under, the greatest. */

export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly max: number
  /** How many values it is made of. */
  readonly count: number
}

type Column = readonly (number | null)[]

/** Nearest rank: the smallest value that at least `share` of all are not above. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

/**
 * The spread of what is known, `null` when nothing is. `maxima` holds the greatest value within each row where rows are
 * means of a longer time: a peak of a second is in `max` then, while p50 and p95 are of the rows.
 */
export function spreadOf(values: Column, maxima: Column = []): Spread | null {
  const sorted = values.flatMap((value) => value ?? []).sort((a, b) => a - b)
  const p50 = quantile(sorted, 0.5)
  const p95 = quantile(sorted, 0.95)
  const last = sorted.at(-1)
  if (p50 === null || p95 === null || last === undefined) return null
  const max = maxima.reduce<number>((high, value) => Math.max(high, value ?? high), last)
  return { p50, p95, max, count: sorted.length }
}
