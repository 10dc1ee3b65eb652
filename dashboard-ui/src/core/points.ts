/** From rings and fetched history to the points of a line: one seamless series, broken where nothing is known. */
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { TickMetric } from '@plimsoll/contracts/live'
import type { EpochMs } from '@plimsoll/contracts/time'
import { placeOf, type Ring } from './series.ts'

/** A point of a line. `y` is `null` where the line breaks. */
export interface Point {
  x: EpochMs
  y: number | null
}

/** Two rows further apart than this many intervals have a gap between them. */
const GAP_INTERVALS = 1.5

/** What of a history answer a line needs. */
export type Rows = Pick<HistoryAnswer, 'at' | 'stepMs' | 'columns' | 'maxima'>

/** What a line is drawn from: history up to its last row, the ring after it. */
export interface Source {
  readonly history: Rows | null
  readonly ring: Ring | null
  readonly intervalMs: number
}

/** Writes points into an array it reuses, so that a redraw makes no garbage. */
class Pen {
  readonly #into: Point[]
  #count = 0
  #lastAt: EpochMs | null = null

  constructor(into: Point[]) {
    this.#into = into
  }

  #put(x: EpochMs, y: number | null): void {
    const point = this.#into[this.#count]
    if (point === undefined) this.#into.push({ x, y })
    else {
      point.x = x
      point.y = y
    }
    this.#count++
  }

  /** A row at `x`; before it the line breaks when the row before is more than 1.5 steps away. */
  row(x: EpochMs, y: number | null, stepMs: number): void {
    if (this.#lastAt !== null && x - this.#lastAt > stepMs * GAP_INTERVALS) this.#put(this.#lastAt + stepMs, null)
    this.#put(x, y)
    this.#lastAt = x
  }

  end(): void {
    this.#into.length = this.#count
  }
}

/**
 * A coarse row stands for its whole time and is drawn in the middle of it; a live row inside it would be told twice. The
 * rows of one answer can be of two kinds: coarse ones from before the monitor's start, full ones since.
 */
function middleOf(history: Rows, i: number, intervalMs: number): number {
  const begun = history.at[i] ?? 0
  const next = history.at[i + 1] ?? begun + (begun - (history.at[i - 1] ?? begun - history.stepMs))
  const width = Math.min(history.stepMs, next - begun)
  return width > intervalMs * GAP_INTERVALS ? width / 2 : 0
}

/** Fills `into` with the points of `metric` from `from` to `to`, oldest first. */
export function points(source: Source, metric: TickMetric, range: { from: EpochMs; to: EpochMs }, into: Point[]): void {
  const pen = new Pen(into)
  const { history, ring, intervalMs } = source
  let covered = Number.NEGATIVE_INFINITY
  if (history !== null) {
    const column = history.columns[metric]
    for (const [i, begun] of history.at.entries()) {
      const at = begun + middleOf(history, i, intervalMs)
      if (at >= range.from && at <= range.to) pen.row(at, column?.[i] ?? null, history.stepMs)
      covered = at
    }
  }
  // Over the seam the coarser step decides what counts as a gap.
  let stepMs = Math.max(intervalMs, history?.stepMs ?? 0)
  for (let i = 0; i < (ring?.length ?? 0) && ring !== null; i++) {
    const place = placeOf(ring, i)
    const at = ring.at[place] ?? 0
    if (at <= covered || at < range.from || at > range.to) continue
    const value = ring.columns[metric][place] ?? Number.NaN
    pen.row(at, Number.isNaN(value) ? null : value, stepMs)
    stepMs = intervalMs
  }
  pen.end()
}

/** The same history with the greatest values of its rows, for the line above the means; without live rows. */
export function peaksOf(source: Source): Source {
  const { history } = source
  return { ...source, ring: null, history: history === null ? null : { ...history, columns: history.maxima ?? {} } }
}

/** The value of a drawn line at `x`: the nearest point's, if it is within `reachMs`; `null` in a gap. */
export function valueAt(line: readonly Point[], x: EpochMs, reachMs: number): number | null {
  let low = 0
  let high = line.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((line[middle]?.x ?? 0) < x) low = middle + 1
    else high = middle
  }
  const after = line[low]
  const before = line[low - 1]
  const nearest = before !== undefined && after !== undefined && x - before.x < after.x - x ? before : (after ?? before)
  return nearest === undefined || Math.abs(nearest.x - x) > reachMs ? null : nearest.y
}

/** The highest known value of a line with its time; `null` when none is known. */
export function highest(line: readonly Point[]): { x: EpochMs; y: number } | null {
  let found: { x: EpochMs; y: number } | null = null
  for (const { x, y } of line) if (y !== null && (found === null || y > found.y)) found = { x, y }
  return found
}
