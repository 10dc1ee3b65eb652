/** Rows as CSV text whose cells are safe to open in a spreadsheet, and files they are appended to. */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'

type Rows = readonly (readonly (string | number | null)[])[]

export function csvText(rows: Rows): string {
  return stringify(rows as (string | number | null)[][], {
    // csv-stringify looks at the first character only; spreadsheets pass over spaces before it.
    cast: { string: (text) => (/^\s+[=+\-@]/.test(text) ? `'${text}` : text) },
    escape_formulas: true,
  })
}

/** Appends the rows in one write, the head before them when the file is new. Throws what the file system says. */
export function appendRows(file: string, head: readonly string[], rows: Rows): void {
  const fd = openSync(file, 'a')
  try {
    const isNew = fstatSync(fd).size === 0
    writeSync(fd, (isNew ? csvText([head]) : '') + csvText(rows))
  } finally {
    closeSync(fd)
  }
}
