/** Rows as CSV text whose cells are safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync'

export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(rows as (string | number | null)[][], {
    // csv-stringify looks at the first character only; spreadsheets pass over spaces before it.
    cast: { string: (text) => (/^\s+[=+\-@]/.test(text) ? `'${text}` : text) },
    escape_formulas: true,
  })
}
