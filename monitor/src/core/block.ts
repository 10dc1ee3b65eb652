/**
 * Buckets as bytes, and back: a block holds rows by key (series ids at one time, or places in time of one series) and
 * a column for each metric that anything is known of. All in words of four bytes, little endian:
 * `version << 24 | columns`, `rows`, for each column `aggregates << 16 | metric id`, the keys, then for each column its
 * counts (unsigned) and its aggregates in the order mean, max, min: single precision (7 digits, enough for any chart),
 * or double for a metric without a mean, a counter, whose differences would be lost.
 */
import { type Aggregate, aggregatesOf } from './rollup.ts'
import { addCell, type Cells, type Column, columnAt, type Slots } from './slots.ts'

const VERSION = 1
const ORDER: readonly Aggregate[] = ['mean', 'max', 'min']

/** The numbers by which metrics are named in blocks. They are given once and stay. */
export interface MetricIds {
  readonly idOf: ReadonlyMap<string, number>
  readonly nameOf: ReadonlyMap<number, string>
}

interface Part {
  readonly id: number
  readonly mask: number
  readonly column: Column
}

const bitOf = (aggregate: Aggregate): number => 1 << ORDER.indexOf(aggregate)
const isDouble = (mask: number): boolean => (mask & bitOf('mean')) === 0
/** Words for each row of a column: the count and its aggregates. */
const wordsOf = (mask: number): number =>
  1 + ORDER.filter((aggregate) => mask & bitOf(aggregate)).length * (isDouble(mask) ? 2 : 1)

/** These rows of `slots` as bytes, row `rows[i]` under the key `keys[i]`. A metric whose id is not known is left out. */
export function encodeBlock(
  slots: Slots,
  rows: readonly number[],
  keys: readonly number[],
  ids: MetricIds,
): Uint8Array {
  const parts = partsOf(slots, rows, ids)
  const words = 2 + parts.length + rows.length + parts.reduce((sum, part) => sum + wordsOf(part.mask) * rows.length, 0)
  const bytes = new Uint8Array(words * 4)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (word: number): void => {
    view.setUint32(at, word, true)
    at += 4
  }
  put((VERSION << 24) | parts.length)
  put(rows.length)
  for (const part of parts) put((part.mask << 16) | part.id)
  for (const key of keys) put(key)
  for (const { mask, column } of parts) at = putColumn(view, at, { mask, column, rows })
  return bytes
}

function partsOf(slots: Slots, rows: readonly number[], ids: MetricIds): readonly Part[] {
  return slots.columns.flatMap((column, i) => {
    const name = slots.names[i] ?? ''
    const id = ids.idOf.get(name)
    if (column === null || id === undefined || !rows.some((row) => (column.count[row] ?? 0) > 0)) return []
    return [{ id, column, mask: aggregatesOf(name).reduce((mask, aggregate) => mask | bitOf(aggregate), 0) }]
  })
}

interface Placed {
  readonly mask: number
  readonly column: Column
  readonly rows: readonly number[]
}

function putColumn(view: DataView, begin: number, { mask, column, rows }: Placed): number {
  let at = begin
  for (const row of rows) {
    view.setUint32(at, column.count[row] ?? 0, true)
    at += 4
  }
  const double = isDouble(mask)
  for (const aggregate of ORDER) {
    if ((mask & bitOf(aggregate)) === 0) continue
    for (const row of rows) {
      // An unknown cell holds zeros, which pack well; its count says that they mean nothing.
      const known = (column.count[row] ?? 0) > 0
      const value = known ? aggregateAt(column, aggregate, row) : 0
      if (double) view.setFloat64(at, value, true)
      else view.setFloat32(at, value, true)
      at += double ? 8 : 4
    }
  }
  return at
}

function aggregateAt(column: Column, aggregate: Aggregate, row: number): number {
  switch (aggregate) {
    case 'mean':
      return (column.sum[row] ?? 0) / (column.count[row] ?? 1)
    case 'max':
      return column.max[row] ?? Number.NaN
    case 'min':
      return column.min[row] ?? Number.NaN
  }
}

/** A block, its columns not read yet. */
export interface Block {
  readonly keys: Uint32Array
  /** The columns of these metrics, by name. */
  readonly columns: ReadonlyMap<string, Cells>
}

/** Reads a block; `null` when it is of another version or shorter than it says. `ids` that are not known are skipped. */
export function decodeBlock(bytes: Uint8Array, ids: MetricIds): Block | null {
  if (bytes.length < 8 || bytes.length % 4 !== 0) return null
  // Typed arrays must begin at a multiple of their size in their buffer; a copy does.
  const buffer = bytes.slice().buffer
  const words = new Uint32Array(buffer)
  const [head = 0, rows = 0] = words
  const count = head & 0xffff
  let at = 2 + count + rows
  if (head >>> 24 !== VERSION || at > words.length) return null
  const columns = new Map<string, Cells>()
  for (const part of words.subarray(2, 2 + count)) {
    const mask = part >>> 16
    const end = at + wordsOf(mask) * rows
    if (end > words.length) return null
    const name = ids.nameOf.get(part & 0xffff)
    if (name !== undefined) columns.set(name, cellsAt(buffer, { at, rows, mask }))
    at = end
  }
  return { keys: words.subarray(2 + count, 2 + count + rows), columns }
}

interface Place {
  readonly at: number
  readonly rows: number
  readonly mask: number
}

function cellsAt(buffer: ArrayBuffer, { at, rows, mask }: Place): Cells {
  let next = at + rows
  const take = (aggregate: Aggregate): ArrayLike<number> | null => {
    if ((mask & bitOf(aggregate)) === 0) return null
    const from = next * 4
    next += isDouble(mask) ? rows * 2 : rows
    return isDouble(mask) ? new Float64Array(buffer.slice(from, from + rows * 8)) : new Float32Array(buffer, from, rows)
  }
  const count = new Uint32Array(buffer, at * 4, rows)
  return { count, sum: null, mean: take('mean'), max: take('max'), min: take('min') }
}

/** Adds a block to slots: its row with key `k` to the row `rowOf(k)`; a negative row is not wanted. */
export function addBlock(into: Slots, block: Block, rowOf: (key: number) => number): void {
  const rows = Int32Array.from(block.keys, rowOf)
  for (const [i, name] of into.names.entries()) {
    const cells = block.columns.get(name)
    if (cells === undefined) continue
    const column = columnAt(into, i)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] ?? -1
      if (row >= 0 && row < into.rows) addCell(column, row, cells, k)
    }
  }
}

/** Adds the one row with this key to a row of slots. */
export function addBlockRow(into: Slots, row: number, block: Block, key: number): void {
  const k = block.keys.indexOf(key)
  if (k < 0) return
  for (const [i, name] of into.names.entries()) {
    const cells = block.columns.get(name)
    if (cells !== undefined && (cells.count[k] ?? 0) > 0) addCell(columnAt(into, i), row, cells, k)
  }
}

/**
 * The first bytes of all words, then the second ones, and so on: numbers that are alike share their high bytes, and a
 * compressor finds them side by side (a fifth less on measured columns). `unshuffled` undoes it.
 */
export function shuffled(bytes: Uint8Array): Uint8Array {
  const words = bytes.length >> 2
  const out = new Uint8Array(words * 4)
  for (let w = 0, i = 0; w < words; w++) for (let b = 0; b < 4; b++, i++) out[b * words + w] = bytes[i] ?? 0
  return out
}

export function unshuffled(bytes: Uint8Array): Uint8Array {
  const words = bytes.length >> 2
  const out = new Uint8Array(words * 4)
  for (let w = 0, i = 0; w < words; w++) for (let b = 0; b < 4; b++, i++) out[i] = bytes[b * words + w] ?? 0
  return out
}
