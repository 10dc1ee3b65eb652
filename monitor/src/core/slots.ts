/**
 * Accumulators of numbers: rows (containers, or stretches of time) by metrics, each cell the count, sum, greatest and
 * least of the values known in it. Adding is commutative and associative, so that late, repeated and split-up stretches
 * come to the same: a cell never depends on the order in which its values came.
 */

/** One metric of all rows. A cell with count 0 is unknown; NaN in a cell with a count is an aggregate nobody kept. */
export interface Column {
  readonly count: Uint32Array
  readonly sum: Float64Array
  readonly max: Float64Array
  readonly min: Float64Array
}

/** A column is made with its first known value: most containers have no response time, some no network. */
export interface Slots {
  readonly names: readonly string[]
  rows: number
  readonly columns: (Column | null)[]
}

export function newSlots(names: readonly string[], rows: number): Slots {
  return { names, rows, columns: names.map(() => null) }
}

function newColumn(rows: number): Column {
  return {
    count: new Uint32Array(rows),
    sum: new Float64Array(rows),
    max: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
    min: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
  }
}

function grown(column: Column, rows: number): Column {
  const next = newColumn(rows)
  next.count.set(column.count)
  next.sum.set(column.sum)
  next.max.set(column.max)
  next.min.set(column.min)
  return next
}

/** Makes everything unknown again: the same memory for the next one, where a new one each time would be garbage. */
export function clearSlots(slots: Slots): Slots {
  for (const column of slots.columns) {
    column?.count.fill(0)
    column?.sum.fill(0)
    column?.max.fill(Number.NEGATIVE_INFINITY)
    column?.min.fill(Number.POSITIVE_INFINITY)
  }
  return slots
}

/** Makes room for `rows` rows; what is there stays. */
export function growSlots(slots: Slots, rows: number): void {
  if (rows <= slots.rows) return
  slots.rows = rows
  for (const [i, column] of slots.columns.entries()) if (column !== null) slots.columns[i] = grown(column, rows)
}

/** The column of the metric at `index`, made when there is none. */
export function columnAt(slots: Slots, index: number): Column {
  const found = slots.columns[index]
  if (found) return found
  const made = newColumn(slots.rows)
  slots.columns[index] = made
  return made
}

/** Adds one sample to a row. What is unknown in it, or no number at all, adds nothing. */
export function addNumbers(slots: Slots, row: number, numbers: Readonly<Record<string, number | null>>): void {
  const { names } = slots
  for (let i = 0; i < names.length; i++) {
    const value = numbers[names[i] as string]
    if (value === null || value === undefined || !Number.isFinite(value)) continue
    const column = columnAt(slots, i)
    column.count[row] = (column.count[row] ?? 0) + 1
    column.sum[row] = (column.sum[row] ?? 0) + value
    if (value > (column.max[row] ?? 0)) column.max[row] = value
    if (value < (column.min[row] ?? 0)) column.min[row] = value
  }
}

/** Adds cell `i` of one column to a row of another. */
export function addCell(into: Column, row: number, from: Column, i: number): void {
  into.count[row] = (into.count[row] ?? 0) + (from.count[i] ?? 0)
  into.sum[row] = (into.sum[row] ?? 0) + (from.sum[i] ?? 0)
  into.max[row] = Math.max(into.max[row] ?? 0, from.max[i] ?? 0)
  into.min[row] = Math.min(into.min[row] ?? 0, from.min[i] ?? 0)
}

/** Whether anything is known in a row. */
export function isRowKnown(slots: Slots, row: number): boolean {
  return slots.columns.some((column) => (column?.count[row] ?? 0) > 0)
}

/** The rows in which anything is known, in order. */
export function knownRows(slots: Slots): number[] {
  const known = new Uint8Array(slots.rows)
  for (const column of slots.columns) {
    if (column === null) continue
    const { count } = column
    for (let row = 0; row < count.length; row++) if ((count[row] ?? 0) > 0) known[row] = 1
  }
  const rows: number[] = []
  for (let row = 0; row < known.length; row++) if (known[row] === 1) rows.push(row)
  return rows
}

/** Adds slots of the same names: row `i` to the row `rowOf(i)`; one outside of `into` is not wanted. */
export function addSlots(into: Slots, from: Slots, rowOf: (row: number) => number): void {
  const rows = Int32Array.from({ length: from.rows }, (_, i) => rowOf(i))
  for (const [i, column] of from.columns.entries()) {
    if (column === null) continue
    const target = columnAt(into, i)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] ?? -1
      if (row >= 0 && row < into.rows && (column.count[k] ?? 0) > 0) addCell(target, row, column, k)
    }
  }
}
