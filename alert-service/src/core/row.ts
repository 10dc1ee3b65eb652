/** Reading the columns of a row that this service wrote itself: its shape is the version's (tables.ts). */

/** A row as the database gives it. */
export type Row = Readonly<Record<string, unknown>>

export const text = (row: Row, key: string): string => String(row[key])
export const number = (row: Row, key: string): number => Number(row[key])
export const optional = (row: Row, key: string): string | null => (row[key] == null ? null : String(row[key]))
export const json = <T>(row: Row, key: string): T => JSON.parse(text(row, key)) as T
