/**
 * Buckets as bytes, and back: a block holds rows by key (series ids at one time, or places in time of one series) and
 * a column for each metric that anything is known of. All in words of four bytes, little endian:
 * `version << 24 | columns`, `rows`, for each column `aggregates << 16 | metric id`, the keys, then for each column its
 * counts (unsigned) and its aggregates in the order mean, max, min: single precision (7 digits, enough for any chart),
 * or double for a metric without a mean, a counter, whose differences would be lost.
 */
import { type Aggregate, aggregatesOf } from './rollup.ts'
import { type Column, columnAt, type Slots } from './slots.ts'

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

const BITS = { mean: 1, max: 2, min: 4 } as const satisfies Record<Aggregate, number>
const bitOf = (aggregate: Aggregate): number => BITS[aggregate]
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

/** A metric in a block: from which word on its counts and aggregates stand. */
interface Stored {
  readonly name: string
  readonly mask: number
  readonly at: number
}

/** A block, read where it stands: nothing is taken out of it before it is asked for. */
export interface Block {
  readonly keys: Uint32Array
  readonly columns: readonly Stored[]
  readonly words: Uint32Array
  readonly singles: Float32Array
  readonly doubles: DataView
}

/** Reads a block; `null` when it is of another version or shorter than it says. Metrics not among `ids` are skipped. */
export function decodeBlock(bytes: Uint8Array, ids: MetricIds): Block | null {
  if (bytes.length < 8 || bytes.length % 4 !== 0) return null
  // Typed arrays must begin at a multiple of their size in their buffer; a copy does.
  const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const words = new Uint32Array(buffer, byteOffset, bytes.length / 4)
  const [head = 0, rows = 0] = words
  const count = head & 0xffff
  let at = 2 + count + rows
  if (head >>> 24 !== VERSION || at > words.length) return null
  const columns: Stored[] = []
  for (let i = 2; i < 2 + count; i++) {
    const part = words[i] ?? 0
    const mask = part >>> 16
    const end = at + wordsOf(mask) * rows
    if (end > words.length) return null
    const name = ids.nameOf.get(part & 0xffff)
    if (name !== undefined) columns.push({ name, mask, at })
    at = end
  }
  const keys = words.subarray(2 + count, 2 + count + rows)
  const singles = new Float32Array(buffer, byteOffset, words.length)
  return { keys, columns, words, singles, doubles: new DataView(buffer, byteOffset, bytes.length) }
}

/** Adds a block to slots: its row with key `k` to the row `rowOf(k)`; a negative row is not wanted. */
export function addBlock(into: Slots, block: Block, rowOf: (key: number) => number): void {
  const rows = Int32Array.from(block.keys, rowOf)
  for (const stored of block.columns) {
    const index = into.names.indexOf(stored.name)
    if (index < 0) continue
    const column = columnAt(into, index)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] ?? -1
      if (row >= 0 && row < into.rows) addStored({ column, row }, block, stored, k)
    }
  }
}

/** Adds the one row with this key to a row of slots. */
export function addBlockRow(into: Slots, row: number, block: Block, key: number): void {
  const k = block.keys.indexOf(key)
  if (k < 0) return
  for (const stored of block.columns) {
    const index = into.names.indexOf(stored.name)
    if (index >= 0 && (block.words[stored.at + k] ?? 0) > 0)
      addStored({ column: columnAt(into, index), row }, block, stored, k)
  }
}

/** Adds cell `k` of a stored column. An aggregate that was not kept is NaN: unknown. */
function addStored(
  into: { readonly column: Column; readonly row: number },
  block: Block,
  stored: Stored,
  k: number,
): void {
  const rows = block.keys.length
  const count = block.words[stored.at + k] ?? 0
  if (count === 0) return
  let at = stored.at + rows
  let mean = Number.NaN
  let max = Number.NaN
  let min = Number.NaN
  if (isDouble(stored.mask)) {
    if ((stored.mask & bitOf('max')) !== 0) {
      max = block.doubles.getFloat64((at + 2 * k) * 4, true)
      at += 2 * rows
    }
    if ((stored.mask & bitOf('min')) !== 0) min = block.doubles.getFloat64((at + 2 * k) * 4, true)
  } else {
    mean = block.singles[at + k] ?? Number.NaN
    at += rows
    if ((stored.mask & bitOf('max')) !== 0) {
      max = block.singles[at + k] ?? Number.NaN
      at += rows
    }
    if ((stored.mask & bitOf('min')) !== 0) min = block.singles[at + k] ?? Number.NaN
  }
  const { column, row } = into
  column.count[row] = (column.count[row] ?? 0) + count
  column.sum[row] = (column.sum[row] ?? 0) + mean * count
  column.max[row] = Math.max(column.max[row] ?? 0, max)
  column.min[row] = Math.min(column.min[row] ?? 0, min)
}

/**
 * The first bytes of all words, then the second ones, and so on: numbers that are alike share their high bytes, and a
 * compressor finds them side by side. `unshuffled` undoes it.
 */
export function shuffled(bytes: Uint8Array): Uint8Array {
  const words = bytes.length >> 2
  const out = new Uint8Array(words * 4)
  for (let word = 0, i = 0; word < words; word++)
    for (let plane = 0; plane < 4; plane++, i++) out[plane * words + word] = bytes[i] ?? 0
  return out
}

export function unshuffled(bytes: Uint8Array): Uint8Array {
  const words = bytes.length >> 2
  const out = new Uint8Array(words * 4)
  for (let word = 0, i = 0; word < words; word++)
    for (let plane = 0; plane < 4; plane++, i++) out[i] = bytes[plane * words + word] ?? 0
  return out
}
