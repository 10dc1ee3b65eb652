/** The last minutes at full rate: one ring of columns for each container name, NaN where a number was unknown. */
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import { METRIC_NAMES, type MetricName, type Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { bucketed, type Rows, rowsAsTheyAre } from './rows.ts'

/** What `/api/containers/:name/history` reaches back. */
export const HISTORY_MS = 15 * 60_000
/**
 * A ring begins this small, so that a container that lives for seconds costs little, and doubles up to what it needs.
 * With 64 rows, 9 500 names of containers that lived for three seconds took 13 MiB more. A column of 64 bytes is the
 * longest that V8 keeps in its own heap.
 */
const FIRST_ROWS = 16

/**
 * Rows in order of time, the oldest overwritten. A column is made with its first known value: most containers have no
 * response time, and `--network host` no network. Single precision is 7 digits, enough for any chart, at half the memory.
 */
interface Ring {
  at: Float64Array
  /** In the order of `METRIC_NAMES`. */
  readonly columns: (Float32Array | undefined)[]
  /** Where the next row goes, and how many there are. */
  next: number
  length: number
}

export interface History {
  /** The shortest interval, for which there is room. */
  readonly intervalMs: number
  /** The longest interval among the rows there are: two rows further apart have something missing between them. */
  pace: { readonly intervalMs: number; readonly at: EpochMs }
  readonly maxRows: number
  readonly byName: Map<string, Ring>
}

/** A history for one row about every `intervalMs`. */
export function newHistory(intervalMs: number): History {
  // One row more than fits by count: jitter must not cost the oldest of the fifteen minutes.
  return { intervalMs, maxRows: Math.ceil(HISTORY_MS / intervalMs) + 1, byName: new Map(), pace: { intervalMs, at: 0 } }
}

/** Told with each round: the interval it belongs to. A longer one holds for as long as rows of it are kept. */
export function setPace(history: History, intervalMs: number, at: EpochMs): void {
  const { pace } = history
  if (intervalMs >= pace.intervalMs || at - pace.at > HISTORY_MS) history.pace = { intervalMs, at }
}

/**
 * Adds a row. Rows of one name are added in order of time; a second one of a moment is dropped. When the clock was set
 * back, rows dated later than the new one are let go: they would stand for ever in a time that has not come.
 */
export function remember(history: History, name: string, at: EpochMs, numbers: Numbers): void {
  let ring = history.byName.get(name)
  if (ring === undefined) {
    ring = {
      at: new Float64Array(Math.min(FIRST_ROWS, history.maxRows)),
      columns: METRIC_NAMES.map(() => undefined),
      next: 0,
      length: 0,
    }
    history.byName.set(name, ring)
  }
  let last = lastOf(ring)
  if (at === last) return
  while (last !== null && at < last) {
    ring.next = (ring.next - 1 + ring.at.length) % ring.at.length
    ring.length--
    last = lastOf(ring)
  }
  if (ring.length === ring.at.length && ring.length < history.maxRows) grow(ring, history.maxRows)
  const row = ring.next
  ring.at[row] = at
  for (let i = 0; i < METRIC_NAMES.length; i++) {
    const value = numbers[METRIC_NAMES[i] as MetricName]
    let column = ring.columns[i]
    if (column === undefined) {
      if (value === null) continue
      column = new Float32Array(ring.at.length).fill(Number.NaN)
      ring.columns[i] = column
    }
    column[row] = value ?? Number.NaN
  }
  ring.next = (row + 1) % ring.at.length
  ring.length = Math.min(ring.length + 1, ring.at.length)
}

/** The time of the newest row. */
function lastOf(ring: Ring): EpochMs | null {
  return ring.length === 0 ? null : (ring.at[(ring.next - 1 + ring.at.length) % ring.at.length] ?? null)
}

/** Doubles a full ring. It is unrolled by this: its oldest row comes to stand first. */
function grow(ring: Ring, maxRows: number): void {
  const size = Math.min(ring.at.length * 2, maxRows)
  const unrolled = <T extends Float32Array | Float64Array>(into: T, from: T): T => {
    into.set(from.subarray(ring.next))
    into.set(from.subarray(0, ring.next), from.length - ring.next)
    return into
  }
  const old = ring.at
  for (const [i, column] of ring.columns.entries())
    if (column !== undefined) ring.columns[i] = unrolled(new Float32Array(size).fill(Number.NaN), column)
  ring.at = unrolled(new Float64Array(size), old)
  ring.next = old.length
}

/** Forgets names whose last row is older than the history reaches. Called now and then, not for each row. */
export function forgetOld(history: History, now: EpochMs): void {
  for (const [name, ring] of history.byName) {
    if (now - (lastOf(ring) ?? 0) > HISTORY_MS) history.byName.delete(name)
  }
}

/** The time of the oldest row of a name; `null` when there is none. */
export function firstAt(history: History, name: string): EpochMs | null {
  const ring = history.byName.get(name)
  if (ring === undefined || ring.length === 0) return null
  return ring.at[(ring.next - ring.length + ring.at.length) % ring.at.length] ?? null
}

export interface Asked {
  readonly name: string
  readonly from: EpochMs
  readonly to: EpochMs
  /** At most about so many rows. */
  readonly points: number
}

/** The rows of a name between `from` and `to`, oldest first; none for an unknown name. */
function rowsOf(history: History, { name, from, to }: Asked): Rows {
  const ring = history.byName.get(name)
  if (ring === undefined) return { at: [], column: () => undefined, metrics: [] }
  const rows: number[] = []
  const size = ring.at.length
  const first = (ring.next - ring.length + size) % size
  for (let i = 0; i < ring.length; i++) {
    const row = (first + i) % size
    const at = ring.at[row] ?? 0
    if (at >= from && at <= to) rows.push(row)
  }
  return {
    at: rows.map((row) => ring.at[row] ?? 0),
    metrics: METRIC_NAMES.filter((_, i) => ring.columns[i] !== undefined),
    column: (metric) => {
      const column = ring.columns[METRIC_NAMES.indexOf(metric)]
      return column === undefined ? undefined : rows.map((row) => column[row] ?? Number.NaN)
    },
  }
}

/**
 * What is known of a name between two times: as it was recorded when that fits into `points`, else means over equal
 * stretches of time, with the greatest value beside where a short peak matters. Where nothing was recorded stands a row of
 * `null`, so that a line breaks there.
 */
export function answerHistory(history: History, asked: Asked): Omit<HistoryAnswer, 'spans'> {
  const rows = rowsOf(history, asked)
  const { name, from, to, points } = asked
  const { intervalMs } = history.pace
  const found =
    rows.at.length <= points ? rowsAsTheyAre(rows, intervalMs) : bucketed(rows, { from, to, points, intervalMs })
  return { name, from, to, ...found }
}
