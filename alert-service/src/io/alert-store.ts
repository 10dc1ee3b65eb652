/** The place in the log, what is known of alerts, and what is held for a message, in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type AlertMemory, type Entry, type HoldReason, isOpen } from '../core/memory.ts'
import { json, number, optional, type Row, text } from '../core/row.ts'
import { type Place, START } from '../core/tail.ts'

export interface Counters {
  readonly lines: number
  readonly badLines: number
  readonly duplicates: number
}

export const NOTHING_READ: Counters = { lines: 0, badLines: 0, duplicates: 0 }

/** Where reading goes on. */
export function placeStore(db: DatabaseSync) {
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

/** What is known of each alert. */
export function alertStore(db: DatabaseSync) {
  const read = db.prepare('SELECT memory FROM alerts WHERE id = ?')
  const write = db.prepare(
    'INSERT OR REPLACE INTO alerts (id, open, repeatAfter, changedAt, memory) VALUES (?, ?, ?, ?, ?)',
  )
  const due = db.prepare('SELECT memory FROM alerts WHERE repeatAfter <= ? ORDER BY repeatAfter LIMIT ?')
  const open = db.prepare('SELECT memory FROM alerts WHERE open = 1 ORDER BY changedAt LIMIT ?')
  const since = db.prepare('SELECT memory FROM alerts WHERE changedAt >= ? ORDER BY changedAt LIMIT ?')
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
    /** Alerts of which something was heard since `from`, oldest first. */
    alertsSince: (from: EpochMs, limit: number): readonly AlertMemory[] =>
      since.all(from, limit).map((row) => json<AlertMemory>(row, 'memory')),
    alikeToldAt(name: string): EpochMs | null {
      const row = readAlike.get(name)
      return row === undefined ? null : number(row, 'toldAt')
    },
    saveAlike(name: string, at: EpochMs): void {
      writeAlike.run(name, at)
    },
  }
}

/** What waits for a message. */
export function heldStore(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO held (origin, id, because, dueAt, entry) VALUES (?, ?, ?, ?, ?)')
  const bufferDue = db.prepare(`SELECT min(dueAt) AS dueAt FROM held WHERE because = 'buffer'`)
  const anyDue = db.prepare('SELECT min(dueAt) AS dueAt FROM held')
  const ofOrigin = db.prepare('DELETE FROM held WHERE origin = ? RETURNING seq, entry')
  const ofAlert = db.prepare('DELETE FROM held WHERE id = ? RETURNING seq, entry')
  const ofDue = db.prepare(`DELETE FROM held WHERE seq IN (SELECT seq FROM held WHERE origin IN
    (SELECT origin FROM held WHERE dueAt <= ? OR dueAt > ?) ORDER BY seq LIMIT ?) RETURNING seq, entry`)
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
    /**
     * All that is held for the origins of which something is due, oldest first, at most `limit` at a time. Nothing is
     * due after `latest`: what says so was held before the clock was set back.
     */
    takeDue: (now: EpochMs, latest: EpochMs, limit: number): readonly Entry[] => entries(ofDue.all(now, latest, limit)),
  }
}

/** Small things to remember by name. */
export function factStore(db: DatabaseSync) {
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
