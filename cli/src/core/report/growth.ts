/** Memory that grows steadily: a straight line through it since the last start, when it is one. */
import type { EpochMs } from '@plimsoll/contracts/time'

export interface Growth {
  /** By how much the line rose over the time looked at. */
  readonly bytes: number
  readonly bytesPerHour: number
  readonly overMs: number
  /** When it would reach its limit; `null` without a limit, or when that is more than a year away. */
  readonly fullInMs: number | null
}

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS
/** Less than this many rows, or time, is not a trend. */
const LEAST_ROWS = 10
const LEAST_MS = 10 * 60_000
/** Of its middle, and in bytes: smaller is how memory breathes. */
const LEAST_SHARE = 0.05
const LEAST_BYTES = 4 * 1024 ** 2
/** r² of the line: below it memory goes up and down, and does not grow. */
const LEAST_FIT = 0.6

export interface GrowthInput {
  readonly at: readonly EpochMs[]
  /** The least value of each row where that is known: memory that never comes down grows, caches that are emptied do not. */
  readonly bytes: readonly (number | null)[]
  /** Rows before it belong to an earlier run. */
  readonly since: EpochMs
  readonly limitBytes: number | null
}

/** The growth by least squares, or `null` when there is none worth naming. */
export function growthOf({ at, bytes, since, limitBytes }: GrowthInput): Growth | null {
  const points = at.flatMap((x, i) => {
    const y = bytes[i] ?? null
    return x >= since && y !== null ? [{ x, y }] : []
  })
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || points.length < LEAST_ROWS) return null
  const overMs = last.x - first.x
  if (overMs < LEAST_MS) return null
  const line = lineThrough(points)
  const grown = line.slope * overMs
  if (line.fit < LEAST_FIT || grown < Math.max(LEAST_BYTES, line.middle * LEAST_SHARE)) return null
  const now = line.middle + grown / 2
  const fullInMs = limitBytes === null ? null : Math.max(0, (limitBytes - now) / line.slope)
  return {
    bytes: grown,
    bytesPerHour: line.slope * HOUR_MS,
    overMs,
    fullInMs: fullInMs !== null && fullInMs > YEAR_MS ? null : fullInMs,
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Least squares around the means, so that epoch milliseconds lose no digits. */
function lineThrough(points: readonly Point[]): { slope: number; middle: number; fit: number } {
  const n = points.length
  const meanX = points.reduce((sum, { x }) => sum + x / n, 0)
  const meanY = points.reduce((sum, { y }) => sum + y / n, 0)
  let [xx, xy, yy] = [0, 0, 0]
  for (const { x, y } of points) {
    xx += (x - meanX) ** 2
    xy += (x - meanX) * (y - meanY)
    yy += (y - meanY) ** 2
  }
  return { slope: xx === 0 ? 0 : xy / xx, middle: meanY, fit: xx === 0 || yy === 0 ? 0 : xy ** 2 / (xx * yy) }
}
