/** Whether memory is filling up, and how long it would last. */
import type { Point } from './points.ts'

/** Less is no trend. */
const LEAST_MS = 5 * 60_000
const LEAST_ROWS = 30
/** How much of the change a straight line must explain: memory that breathes is not filling up. */
const LEAST_FIT = 0.85
/** Further away nobody has to know. */
const FAR_MS = 24 * 3_600_000

/**
 * In how many milliseconds a line of percent reaches 100 when it goes on as it did, by least squares; `null` when it does
 * not rise steadily, or would take more than a day.
 */
export function fullInMs(line: readonly Point[]): number | null {
  const known = line.filter((point): point is { x: number; y: number } => point.y !== null)
  const first = known[0]
  const last = known.at(-1)
  if (first === undefined || last === undefined) return null
  if (known.length < LEAST_ROWS || last.x - first.x < LEAST_MS) return null
  let sx = 0
  let sy = 0
  for (const { x, y } of known) {
    sx += x - first.x
    sy += y
  }
  const mx = sx / known.length
  const my = sy / known.length
  let sxx = 0
  let sxy = 0
  let syy = 0
  for (const { x, y } of known) {
    const dx = x - first.x - mx
    const dy = y - my
    sxx += dx * dx
    sxy += dx * dy
    syy += dy * dy
  }
  const slope = sxy / sxx
  if (!(slope > 0) || (sxy * sxy) / (sxx * syy) < LEAST_FIT) return null
  const leftMs = (100 - last.y) / slope
  return leftMs >= 0 && leftMs <= FAR_MS ? leftMs : null
}

/** The value below which `share` of the known ones lie (nearest rank); `null` when none is known. */
export function percentile(line: readonly Point[], share: number): number | null {
  const values = line.flatMap(({ y }) => (y === null ? [] : [y])).sort((a, b) => a - b)
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null
}
