/** Which old files may go: rotated logs and CSV days, by the time in their names. */
import { isRotated } from '@plimsoll/contracts/files'
import { type EpochMs, parseIsoTime } from '@plimsoll/contracts/time'

export interface Retention {
  readonly now: EpochMs
  readonly keepMs: number
  /** Rotated alert logs go only once this says so, or after MAX_UNREAD_MS. */
  readonly isRead: (name: string) => boolean
}

/** A rotated alert log that the alert service never read is given up after this. */
export const MAX_UNREAD_MS = 30 * 86_400_000

const day = /^metrics-(\d{4}-\d{2}-\d{2})\.csv/
const rotated = /\.(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z(?:-\d+)?$/

/** When a file got its last line: a rotated one at its rotation, a CSV file at the end of its day; `null` for others. */
export function closedAt(name: string): EpochMs | null {
  const r = rotated.exec(name)
  if (r !== null) return parseIsoTime(`${r[1]}-${r[2]}-${r[3]}T${r[4]}:${r[5]}:${r[6]}Z`)
  const d = day.exec(name)
  const began = d === null || !name.endsWith('.csv') ? null : parseIsoTime(`${d[1]}T00:00:00Z`)
  return began === null ? null : began + 86_400_000
}

/** The files among `names` that are old enough and were read by whom they are for. Files in use are never among them. */
export function expired(names: readonly string[], logs: { owned: readonly string[]; alertLog: string }, by: Retention) {
  const isOurs = (name: string) => day.test(name) || logs.owned.some((file) => isRotated(name, file))
  return names.filter((name) => {
    const closed = closedAt(name)
    if (closed === null || !isOurs(name)) return false
    const age = by.now - closed
    const unread = isRotated(name, logs.alertLog) && !by.isRead(name)
    return age > (unread ? Math.max(by.keepMs, MAX_UNREAD_MS) : by.keepMs)
  })
}
