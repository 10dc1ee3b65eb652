/**
 * What the service must not forget, in one SQLite file: its place in the log, what it knows of alerts, what is held,
 * and the outbox. All of it changes in the same transaction, so they cannot disagree whenever the process ends.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { DeliveryOutcome, DeliveryRecord } from '@plimsoll/contracts/delivery'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Parcel } from '../core/channel.ts'
import type { Waiting } from '../core/coalesce.ts'
import { FRESH, type Lane } from '../core/lane.ts'
import { type AlertMemory, type Entry, type HoldReason, isOpen } from '../core/memory.ts'
import { type Place, START } from '../core/tail.ts'

type Row = Record<string, SQLOutputValue>

const text = (row: Row, key: string): string => String(row[key])
const number = (row: Row, key: string): number => Number(row[key])
const optional = (row: Row, key: string): string | null => (row[key] == null ? null : String(row[key]))
// What stands in the file was written by this service: its shape is the version's (core/tables.ts).
const json = <T>(row: Row, key: string): T => JSON.parse(text(row, key)) as T

export interface Counters {
  readonly lines: number
  readonly badLines: number
  readonly duplicates: number
}

export const NOTHING_READ: Counters = { lines: 0, badLines: 0, duplicates: 0 }

/** What a line's decision leaves behind: its outcome for a channel, or for all of them while that is open. */
export interface Decision {
  readonly at: EpochMs
  readonly entry: Entry
  readonly channel: string | null
  readonly outcome: DeliveryOutcome
  readonly why: string
}

function placeStore(db: DatabaseSync) {
  const read = db.prepare('SELECT * FROM place')
  const write = db.prepare(`INSERT INTO place VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET
    inode = excluded.inode, offset = excluded.offset, mark = excluded.mark, skipping = excluded.skipping,
    done = excluded.done, lines = excluded.lines, badLines = excluded.badLines, duplicates = excluded.duplicates`)
  return {
    /** The place, or null at the very first start. */
    place(): Place | null {
      const row = read.get()
      if (row === undefined) return null
      return {
        inode: optional(row, 'inode'),
        offset: number(row, 'offset'),
        mark: row.mark instanceof Uint8Array ? row.mark : START.mark,
        skipping: number(row, 'skipping') === 1,
        done: json<readonly string[]>(row, 'done'),
      }
    },
    counters(): Counters {
      const row = read.get()
      if (row === undefined) return NOTHING_READ
      return { lines: number(row, 'lines'), badLines: number(row, 'badLines'), duplicates: number(row, 'duplicates') }
    },
    savePlace(place: Place, counters: Counters): void {
      const skipping = place.skipping ? 1 : 0
      const done = JSON.stringify(place.done)
      const { lines, badLines, duplicates } = counters
      write.run(place.inode, place.offset, place.mark, skipping, done, lines, badLines, duplicates)
    },
  }
}

function alertStore(db: DatabaseSync) {
  const read = db.prepare('SELECT memory FROM alerts WHERE id = ?')
  const write = db.prepare(
    'INSERT OR REPLACE INTO alerts (id, open, repeatAfter, changedAt, memory) VALUES (?, ?, ?, ?, ?)',
  )
  const due = db.prepare('SELECT memory FROM alerts WHERE repeatAfter <= ? ORDER BY repeatAfter LIMIT ?')
  const open = db.prepare('SELECT memory FROM alerts WHERE open = 1 ORDER BY changedAt LIMIT ?')
  const readAlike = db.prepare('SELECT toldAt FROM alike WHERE name = ?')
  const writeAlike = db.prepare('INSERT OR REPLACE INTO alike VALUES (?, ?)')
  return {
    alert(id: string): AlertMemory | null {
      const row = read.get(id)
      return row === undefined ? null : json<AlertMemory>(row, 'memory')
    },
    /** `repeatAfter`: when it wants to be told again; null for never. */
    saveAlert(memory: AlertMemory, now: EpochMs, repeatAfter: EpochMs | null): void {
      write.run(memory.id, isOpen(memory) ? 1 : 0, repeatAfter, now, JSON.stringify(memory))
    },
    toRepeat(now: EpochMs, limit: number): readonly AlertMemory[] {
      return due.all(now, limit).map((row) => json<AlertMemory>(row, 'memory'))
    },
    /** What people were told of and that is not over, newest last. */
    openAlerts: (limit: number): readonly AlertMemory[] =>
      open.all(limit).map((row) => json<AlertMemory>(row, 'memory')),
    alikeToldAt(name: string): EpochMs | null {
      const row = readAlike.get(name)
      return row === undefined ? null : number(row, 'toldAt')
    },
    saveAlike(name: string, at: EpochMs): void {
      writeAlike.run(name, at)
    },
  }
}

function heldStore(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO held (origin, id, because, dueAt, entry) VALUES (?, ?, ?, ?, ?)')
  const bufferDue = db.prepare(`SELECT min(dueAt) AS dueAt FROM held WHERE because = 'buffer'`)
  const anyDue = db.prepare('SELECT min(dueAt) AS dueAt FROM held')
  const ofOrigin = db.prepare('DELETE FROM held WHERE origin = ? RETURNING seq, entry')
  const ofAlert = db.prepare('DELETE FROM held WHERE id = ? RETURNING seq, entry')
  const ofDue = db.prepare(`DELETE FROM held WHERE seq IN (SELECT seq FROM held WHERE origin IN
    (SELECT origin FROM held WHERE dueAt <= ?) ORDER BY seq LIMIT ?) RETURNING seq, entry`)
  const entries = (rows: readonly Row[]) =>
    rows.toSorted((a, b) => number(a, 'seq') - number(b, 'seq')).map((row) => json<Entry>(row, 'entry'))
  const dueAt = (row: Row | undefined): EpochMs | null => (row?.dueAt == null ? null : number(row, 'dueAt'))
  return {
    hold(origin: string, entry: Entry, because: HoldReason, at: EpochMs): void {
      add.run(origin, entry.event.id, because, at, JSON.stringify(entry))
    },
    bufferDueAt: (): EpochMs | null => dueAt(bufferDue.get()),
    nextDueAt: (): EpochMs | null => dueAt(anyDue.get()),
    /** All that is held for an origin, oldest first; it is no longer held. */
    takeOrigin: (origin: string): readonly Entry[] => entries(ofOrigin.all(origin)),
    takeAlert: (id: string): readonly Entry[] => entries(ofAlert.all(id)),
    /** All that is held for the origins of which something is due, oldest first, at most `limit` at a time. */
    takeDue: (now: EpochMs, limit: number): readonly Entry[] => entries(ofDue.all(now, limit)),
  }
}

function outboxStore(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO outbox (turn, channel, createdAt, parcel) VALUES (?, ?, ?, ?)')
  const ready = db.prepare(`SELECT seq, createdAt, parcel FROM outbox WHERE channel = ? AND
    (retryAt IS NULL OR retryAt <= ?) ORDER BY coalesce(turn, seq), seq LIMIT ?`)
  const rewrite = db.prepare('UPDATE outbox SET parcel = ? WHERE seq = ?')
  const remove = db.prepare('DELETE FROM outbox WHERE seq = ?')
  const refuse = db.prepare('UPDATE outbox SET retryAt = ?, error = ? WHERE seq = ?')
  const count = db.prepare(`SELECT count(*) AS queued, min(createdAt) AS oldest, count(error) AS refused,
    max(error) AS error, min(retryAt) AS retryAt FROM outbox WHERE channel = ?`)
  const retryAll = db.prepare('UPDATE outbox SET retryAt = NULL')
  const foreign = db.prepare('SELECT DISTINCT channel FROM outbox')
  return {
    /** `turn` gives a message the place of an earlier one; null puts it at the end. */
    queue(channel: string, parcel: Parcel, at: EpochMs, turn: number | null = null): void {
      add.run(turn, channel, at, JSON.stringify(parcel))
    },
    /** What may go out now, oldest first. */
    waiting(channel: string, now: EpochMs, limit: number): readonly Waiting[] {
      return ready.all(channel, now, limit).map((row) => ({
        seq: number(row, 'seq'),
        createdAt: number(row, 'createdAt'),
        parcel: json<Parcel>(row, 'parcel'),
      }))
    },
    /** Several messages become one, in the place of the first. */
    mergeInto(seqs: readonly number[], parcel: Parcel): void {
      const [first, ...others] = seqs
      if (first === undefined || others.length === 0) return
      rewrite.run(JSON.stringify(parcel), first)
      for (const seq of others) remove.run(seq)
    },
    removeFromOutbox: (seq: number): void => void remove.run(seq),
    refuse: (seq: number, retryAt: EpochMs, error: string): void => void refuse.run(retryAt, error, seq),
    retryRefused: (): void => void retryAll.run(),
    queued(channel: string) {
      const row = count.get(channel) ?? {}
      const at = (key: string): EpochMs | null => (row[key] == null ? null : number(row, key))
      const queue = { queued: number(row, 'queued'), refused: number(row, 'refused'), error: optional(row, 'error') }
      return { ...queue, oldestAt: at('oldest'), retryAt: at('retryAt') }
    },
    channelsWithMail: (): readonly string[] => foreign.all().map((row) => text(row, 'channel')),
  }
}

function factStore(db: DatabaseSync) {
  const read = db.prepare('SELECT value FROM facts WHERE name = ?')
  const write = db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)')
  return {
    /** Something small to remember by name; null before it was saved. */
    fact(name: string): string | null {
      const row = read.get(name)
      return row === undefined ? null : text(row, 'value')
    },
    saveFact: (name: string, value: string): void => void write.run(name, value),
  }
}

function laneStore(db: DatabaseSync) {
  const read = db.prepare('SELECT state FROM channels WHERE name = ?')
  const write = db.prepare('INSERT OR REPLACE INTO channels VALUES (?, ?)')
  return {
    lane(name: string): Lane {
      const row = read.get(name)
      return row === undefined ? FRESH : { ...FRESH, ...json<Partial<Lane>>(row, 'state') }
    },
    saveLane(name: string, lane: Lane): void {
      write.run(name, JSON.stringify(lane))
    },
  }
}

const KEPT_DECISIONS = 50_000
/** Longer than any log is kept, so that a log read again from its beginning tells nothing twice. */
const KEPT_ALERTS_MS = 35 * 24 * 60 * 60 * 1000
const KEPT_ALERTS = 200_000

function decisionStore(db: DatabaseSync) {
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

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

/** The store over an open database. Changes that belong together go into one `transaction`. */
export function createStore(db: DatabaseSync) {
  return {
    ...placeStore(db),
    ...alertStore(db),
    ...heldStore(db),
    ...outboxStore(db),
    ...factStore(db),
    ...laneStore(db),
    ...decisionStore(db),
    transaction: <T>(work: () => T): T => inTransaction(db, work),
    close: (): void => db.close(),
  }
}

export type Store = ReturnType<typeof createStore>
