/**
 * Samples in, buckets out: what is kept of each metric, for how long a stretch, and the buckets that are still being
 * filled. A bucket without samples does not exist; a metric without a known value in a bucket is unknown there.
 */
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { addCell, addNumbers, columnAt, growSlots, newSlots, type Slots } from './slots.ts'

export type Aggregate = 'mean' | 'max' | 'min'

/** A gauge whose short peaks matter as much as its level. */
const PEAKS = ['mean', 'max'] as const
/** A gauge whose low matters too: memory that never comes down, processes that were gone. */
const EXTREMES = ['mean', 'max', 'min'] as const
/** A counter or a limit: a mean of it would be a number that never was. Kept in double precision. */
const READING = ['max'] as const

/** What is kept of a metric in a bucket; the first of them is what a chart shows. */
export const AGGREGATES: { readonly [K in MetricName]: readonly Aggregate[] } = {
  cpuPercent: PEAKS,
  cpuLimitPercent: PEAKS,
  cpuHostPercent: PEAKS,
  throttledPercent: PEAKS,
  memoryUsedBytes: EXTREMES,
  memoryLimitBytes: READING,
  memoryPercent: EXTREMES,
  networkReceivedBytes: READING,
  networkSentBytes: READING,
  networkReceivedBytesPerSecond: PEAKS,
  networkSentBytesPerSecond: PEAKS,
  blockReadBytes: READING,
  blockWrittenBytes: READING,
  blockReadBytesPerSecond: PEAKS,
  blockWrittenBytesPerSecond: PEAKS,
  pids: EXTREMES,
  responseMs: EXTREMES,
}

/** What is kept of any metric by name; of one that the table does not know, its mean and its peak. */
export function aggregatesOf(name: string): readonly Aggregate[] {
  return (AGGREGATES as Readonly<Record<string, readonly Aggregate[]>>)[name] ?? PEAKS
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** A resolution: how long a bucket is, and how much time one stored chunk of buckets covers. */
export interface Level {
  readonly name: string
  readonly stepMs: number
  readonly chunkMs: number
}

/** From fine to coarse; each step divides the next, and each chunk is a whole number of buckets. */
export const LEVELS = [
  { name: '10s', stepMs: 10 * SECOND_MS, chunkMs: HOUR_MS / 4 },
  { name: '1m', stepMs: MINUTE_MS, chunkMs: 3 * HOUR_MS },
  { name: '15m', stepMs: 15 * MINUTE_MS, chunkMs: 24 * HOUR_MS },
] as const satisfies readonly Level[]
export type LevelName = (typeof LEVELS)[number]['name']
export const LEVEL_NAMES = LEVELS.map((level) => level.name) as readonly LevelName[]

export const FINEST_MS = LEVELS[0].stepMs

/** The begin of the stretch of `stepMs` that `at` lies in. */
export function beginOf(at: EpochMs, stepMs: number): EpochMs {
  return Math.floor(at / stepMs) * stepMs
}

/** One stretch of time with a row for each series, by the series' key. */
export interface Bucket {
  readonly at: EpochMs
  readonly rowOf: Map<string, number>
  readonly slots: Slots
}

/** A clock that jumps about opens a bucket at each place; beyond this many, samples of yet another are dropped. */
export const MAX_OPEN_BUCKETS = 60
/** Containers in one bucket; more are dropped, and counted. */
export const MAX_SERIES = 5000
const FIRST_ROWS = 16

export interface Rollup {
  readonly names: readonly string[]
  readonly stepMs: number
  readonly open: Map<EpochMs, Bucket>
  /** Samples that found no room. */
  dropped: number
}

export function newRollup(names: readonly string[], stepMs: number = FINEST_MS): Rollup {
  return { names, stepMs, open: new Map(), dropped: 0 }
}

export interface SeriesSample {
  readonly key: string
  readonly at: EpochMs
  readonly numbers: Readonly<Record<string, number | null>>
}

/** Adds a sample to the bucket its time belongs to, however late it comes. One with no known number leaves no trace. */
export function addSample(rollup: Rollup, { key, at, numbers }: SeriesSample): void {
  if (!Number.isFinite(at) || !rollup.names.some((name) => Number.isFinite(numbers[name] ?? Number.NaN))) return
  const row = rowFor(rollup, beginOf(at, rollup.stepMs), key)
  if (row === null) rollup.dropped++
  else addNumbers(row.bucket.slots, row.row, numbers)
}

function rowFor(rollup: Rollup, at: EpochMs, key: string): { readonly bucket: Bucket; readonly row: number } | null {
  let bucket = rollup.open.get(at)
  if (bucket === undefined) {
    if (rollup.open.size >= MAX_OPEN_BUCKETS) return null
    bucket = { at, rowOf: new Map(), slots: newSlots(rollup.names, FIRST_ROWS) }
    rollup.open.set(at, bucket)
  }
  const known = bucket.rowOf.get(key)
  if (known !== undefined) return { bucket, row: known }
  const row = bucket.rowOf.size
  if (row >= MAX_SERIES) return null
  if (row >= bucket.slots.rows) growSlots(bucket.slots, bucket.slots.rows * 2)
  bucket.rowOf.set(key, row)
  return { bucket, row }
}

/** Takes out every bucket, whole or half filled, in order of time: half a bucket adds up with its other half later. */
export function takeBuckets(rollup: Rollup): readonly Bucket[] {
  const taken = [...rollup.open.values()].sort((a, b) => a.at - b.at)
  rollup.open.clear()
  return taken
}

/** Adds what a bucket knows of a series to a row of slots with any names. */
export function addBucket(into: Slots, row: number, bucket: Bucket, key: string): void {
  const from = bucket.rowOf.get(key)
  if (from === undefined) return
  for (const [i, name] of into.names.entries()) {
    const column = bucket.slots.columns[bucket.slots.names.indexOf(name)]
    if (column && (column.count[from] ?? 0) > 0) addCell(columnAt(into, i), row, column, from)
  }
}
