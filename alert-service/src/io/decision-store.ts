/** What became of every line, in SQLite, for as long as it may be asked for. */
import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryOutcome, DeliveryRecord } from '@plimsoll/contracts/delivery'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Entry } from '../core/memory.ts'
import { number, optional, text } from '../core/row.ts'

/** What a line's decision leaves behind: its outcome for a channel, or for all of them while that is open. */
export interface Decision {
  readonly at: EpochMs
  readonly entry: Entry
  readonly channel: string | null
  readonly outcome: DeliveryOutcome
  readonly why: string
}

const KEPT_DECISIONS = 50_000
/** Longer than any log is kept, so that a log read again from its beginning tells nothing twice. */
const KEPT_ALERTS_MS = 35 * 24 * 60 * 60 * 1000
const KEPT_ALERTS = 200_000

/** The decisions, newest 50 000 of them, and the tidying of all tables. */
export function decisionStore(db: DatabaseSync) {
  const write = db.prepare('INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const reopen = db.prepare(`DELETE FROM decisions WHERE id = ? AND state = ? AND repeat = ? AND channel = ''`)
  const newest = db.prepare('SELECT * FROM decisions ORDER BY at DESC, rowid DESC LIMIT ?')
  const counts = db.prepare('SELECT outcome, count(*) AS times FROM decisions GROUP BY outcome')
  const prune = db.prepare(
    `DELETE FROM decisions WHERE rowid <= (SELECT max(rowid) FROM decisions) - ${KEPT_DECISIONS}`,
  )
  const old = db.prepare(`DELETE FROM alerts WHERE changedAt < ? OR
    changedAt < (SELECT changedAt FROM alerts ORDER BY changedAt DESC LIMIT 1 OFFSET ${KEPT_ALERTS})`)
  const oldAlike = db.prepare('DELETE FROM alike WHERE toldAt < ?')
  return {
    record({ at, entry, channel, outcome, why }: Decision): void {
      const { id, state, rule, container } = entry.event
      if (channel !== null) reopen.run(id, state, entry.repeat)
      write.run(id, state, entry.repeat, channel ?? '', at, rule, container, outcome, why)
    },
    recent(limit: number): readonly DeliveryRecord[] {
      return newest.all(limit).map((row) => ({
        at: number(row, 'at'),
        id: text(row, 'id'),
        state: text(row, 'state') as DeliveryRecord['state'],
        rule: text(row, 'rule'),
        container: optional(row, 'container'),
        channel: row.channel === '' ? null : text(row, 'channel'),
        outcome: text(row, 'outcome') as DeliveryOutcome,
        why: text(row, 'why'),
      }))
    },
    outcomes(): Readonly<Record<string, number>> {
      return Object.fromEntries(counts.all().map((row) => [text(row, 'outcome'), number(row, 'times')]))
    },
    prune(now: EpochMs): void {
      prune.run()
      old.run(now - KEPT_ALERTS_MS)
      oldAlike.run(now - KEPT_ALERTS_MS)
    },
  }
}
