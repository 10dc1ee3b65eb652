/** Which stored resolution answers a question, and the answer: a grid of equal stretches, gaps as `null`. */
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Aggregate, aggregatesOf, beginOf, LEVELS } from './rollup.ts'
import { type Column, isRowKnown, newSlots, type Slots } from './slots.ts'

export interface Range {
  readonly from: EpochMs
  readonly to: EpochMs
  /** At most so many rows, or one more where the range begins within a row. */
  readonly points: number
  /** Rows are at least this long: where samples are rarer than buckets, shorter ones would show gaps that are none. */
  readonly leastMs?: number
}

/** Equal stretches of `stepMs` from `begin` on, each read from whole buckets of one level. */
export interface Grid {
  readonly level: number
  readonly begin: EpochMs
  readonly stepMs: number
  readonly slots: Slots
}

/**
 * The level for a range: the coarsest whose buckets are no longer than a row may be, so that no more is read than is
 * shown; a coarser one when what it asks for is stored there and no longer here. `oldest[i]` is the oldest time that
 * level `i` has anything of, `null` when it is empty.
 */
export function levelFor({ from, to, points }: Range, oldest: readonly (EpochMs | null)[]): number {
  const rowMs = (to - from) / points
  let level = 0
  for (const [i, { stepMs }] of LEVELS.entries()) if (stepMs <= rowMs) level = i
  const reachOf = (i: number): EpochMs =>
    Math.max(oldest[i] ?? Number.POSITIVE_INFINITY, beginOf(from, LEVELS[i]?.stepMs ?? 1))
  let best = level
  for (let i = level + 1; i < LEVELS.length; i++) if (reachOf(i) + (LEVELS[i]?.stepMs ?? 0) < reachOf(best)) best = i
  return best
}

/** An empty grid over a range: rows are whole buckets of the level, and begin at multiples of their length. */
export function gridFor({ from, to, points, leastMs = 0 }: Range, level: number, names: readonly string[]): Grid {
  const bucketMs = LEVELS[level]?.stepMs ?? LEVELS[0].stepMs
  const stepMs = Math.max(1, Math.ceil(Math.max((to - from) / points, leastMs) / bucketMs)) * bucketMs
  return { level, begin: beginOf(from, stepMs), stepMs, slots: newSlots(names, stepsIn(from, to, stepMs)) }
}

function stepsIn(from: EpochMs, to: EpochMs, stepMs: number): number {
  return Math.floor(to / stepMs) - Math.floor(from / stepMs) + 1
}

/** The grid's row that a bucket beginning at `at` belongs to; -1 outside of it. */
export function rowAt({ begin, stepMs, slots }: Grid, at: EpochMs): number {
  const row = Math.floor((at - begin) / stepMs)
  return row >= 0 && row < slots.rows ? row : -1
}

export type Answered = Pick<HistoryAnswer, 'stepMs' | 'at' | 'columns' | 'maxima' | 'minima'>

/** The grid from its first to its last known row; a row in which nothing is known is a gap, a row of `null`. */
export function answerOf({ begin, stepMs, slots }: Grid): Answered {
  let first = 0
  let last = slots.rows - 1
  while (first <= last && !isRowKnown(slots, first)) first++
  while (last > first && !isRowKnown(slots, last)) last--
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  const columns: Partial<Record<MetricName, (number | null)[]>> = {}
  const maxima: typeof columns = {}
  const minima: typeof columns = {}
  for (const [i, column] of slots.columns.entries()) {
    const name = slots.names[i] as MetricName
    if (column === null || !column.count.some((n) => n > 0)) continue
    const kept = aggregatesOf(name)
    const [shown = 'mean'] = kept
    columns[name] = rows.map((row) => aggregateAt(column, shown, row))
    if (shown === 'mean' && kept.includes('max')) maxima[name] = rows.map((row) => aggregateAt(column, 'max', row))
    if (kept.includes('min')) minima[name] = rows.map((row) => aggregateAt(column, 'min', row))
  }
  return { stepMs, at: rows.map((row) => begin + row * stepMs), columns, maxima, minima }
}

function aggregateAt(column: Column, aggregate: Aggregate, row: number): number | null {
  const count = column.count[row] ?? 0
  if (count === 0) return null
  return tidy(aggregate === 'mean' ? (column.sum[row] ?? 0) / count : (column[aggregate][row] ?? Number.NaN), aggregate)
}

const DIGITS = 7

/**
 * Means were kept to 7 digits: no more are sent. Whole numbers are sent whole. By arithmetic: `toPrecision` was a third
 * of the cost of an hour's chart.
 */
function tidy(value: number, aggregate: Aggregate): number | null {
  if (!Number.isFinite(value)) return null
  if (value === 0 || (Number.isInteger(value) && aggregate !== 'mean')) return value
  const digits = DIGITS - 1 - Math.floor(Math.log10(Math.abs(value)))
  // Powers of ten are exact up to 10^22; nothing measured is that small or that great.
  if (Math.abs(digits) > 22) return value
  const scale = 10 ** Math.abs(digits)
  return digits < 0 ? Math.round(value / scale) * scale : Math.round(value * scale) / scale
}
