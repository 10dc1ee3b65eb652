/** Rows of a history as an answer: as they are, or down-sampled; gaps stay gaps. */
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'

/** Rows in order of time; NaN is unknown. */
export interface Rows {
  readonly at: readonly EpochMs[]
  readonly metrics: readonly MetricName[]
  readonly column: (metric: MetricName) => readonly number[] | undefined
}

export type Columns = Pick<HistoryAnswer, 'stepMs' | 'at' | 'columns' | 'maxima'>

/** Two rows further apart than so many intervals have something missing between them. */
const GAP_INTERVALS = 1.5
/** Of these the mean hides what mattered: a second of full CPU, one slow answer. */
const WITH_MAXIMA: readonly MetricName[] = ['cpuPercent', 'cpuLimitPercent', 'memoryPercent', 'responseMs']

/** Seven digits were kept: no more are sent. */
function tidy(value: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toPrecision(7))
}

/** Every row, and a row of `null` in each gap. */
export function rowsAsTheyAre(rows: Rows, intervalMs: number): Columns {
  const at: EpochMs[] = []
  // For each row sent, the row it comes from; -1 is a gap.
  const source: number[] = []
  for (const [i, time] of rows.at.entries()) {
    const before = rows.at[i - 1]
    if (before !== undefined && time - before > GAP_INTERVALS * intervalMs) {
      at.push(before + intervalMs)
      source.push(-1)
    }
    at.push(time)
    source.push(i)
  }
  const columns: { [K in MetricName]?: (number | null)[] } = {}
  for (const metric of rows.metrics) {
    const column = rows.column(metric) ?? []
    columns[metric] = source.map((row) => tidy(column[row] ?? Number.NaN))
  }
  return { stepMs: intervalMs, at, columns, maxima: {} }
}

interface Buckets {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly points: number
  readonly intervalMs: number
}

/**
 * Means over equal stretches. A stretch is a whole number of intervals, at least two: narrower ones would now and then
 * miss a row by jitter and show a gap that is none. They begin at multiples of their length, so that the same question
 * asked a second later has the same answer.
 */
export function bucketed(rows: Rows, { from, to, points, intervalMs }: Buckets): Columns {
  const stepMs = Math.max(2, Math.ceil((to - from) / points / intervalMs)) * intervalMs
  const begin = Math.floor(Math.max(from, rows.at[0] ?? from) / stepMs)
  const end = Math.floor(Math.min(to, rows.at.at(-1) ?? to) / stepMs)
  const count = Math.max(0, end - begin + 1)
  const bucketOf = rows.at.map((at) => Math.floor(at / stepMs) - begin)
  const columns: { [K in MetricName]?: (number | null)[] } = {}
  const maxima: { [K in MetricName]?: (number | null)[] } = {}
  for (const metric of rows.metrics) {
    const { means, greatest } = summed(rows.column(metric) ?? [], bucketOf, count)
    columns[metric] = means
    if (WITH_MAXIMA.includes(metric)) maxima[metric] = greatest
  }
  return { stepMs, at: Array.from({ length: count }, (_, i) => (begin + i) * stepMs), columns, maxima }
}

function summed(column: readonly number[], bucketOf: readonly number[], count: number) {
  const sums = new Float64Array(count)
  const known = new Uint32Array(count)
  const most = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  for (const [row, bucket] of bucketOf.entries()) {
    const value = column[row] ?? Number.NaN
    if (Number.isNaN(value)) continue
    sums[bucket] = (sums[bucket] ?? 0) + value
    known[bucket] = (known[bucket] ?? 0) + 1
    if (value > (most[bucket] ?? value)) most[bucket] = value
  }
  const each = (of: (bucket: number) => number) =>
    Array.from({ length: count }, (_, i) => (known[i] === 0 ? null : tidy(of(i))))
  return { means: each((i) => (sums[i] ?? 0) / (known[i] ?? 1)), greatest: each((i) => most[i] ?? Number.NaN) }
}
