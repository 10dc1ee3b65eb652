/**
 * Rows as CSV text. Cells are safe to open in a spreadsheet: text that begins like a formula gets a leading `'`,
 * numbers stay numbers. Joining: an `Appender` with `file: metricsFile`, `header: csvHeader()`, fed `csvText(rows)`.
 */
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { stringify } from 'csv-stringify/sync'
import type { Cell } from '../core/csv-row.ts'

/** The first line of each file, with its newline. */
export function csvHeader(): string {
  return stringify([CSV_COLUMNS.map((column) => column.header)])
}

/** The rows of one round as lines, without the last newline, as `Appender.append` takes them; `''` for no rows. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  const text = stringify(rows as Cell[][], {
    // csv-stringify looks at the first character only; spreadsheets pass over spaces before it.
    cast: { string: (text) => (/^\s+[=+\-@]/.test(text) ? `'${text}` : text) },
    escape_formulas: true,
  })
  return text.slice(0, -1)
}
