/** The outbox and how its channels stand, in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Parcel } from '../core/channel.ts'
import type { Waiting } from '../core/coalesce.ts'
import { FRESH, type Lane } from '../core/lane.ts'
import { json, number, optional, text } from '../core/row.ts'

/** Messages on their way. */
export function outboxStore(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO outbox (turn, channel, createdAt, parcel) VALUES (?, ?, ?, ?)')
  const ready = db.prepare(`SELECT seq, createdAt, parcel FROM outbox WHERE channel = ? AND
    (retryAt IS NULL OR retryAt <= ?) ORDER BY coalesce(turn, seq), seq`)
  const rewrite = db.prepare('UPDATE outbox SET parcel = ? WHERE seq = ?')
  const remove = db.prepare('DELETE FROM outbox WHERE seq = ?')
  const refuse = db.prepare('UPDATE outbox SET retryAt = ?, error = ? WHERE seq = ?')
  const count = db.prepare(`SELECT count(*) AS queued, min(createdAt) AS oldest, count(error) AS refused,
    max(error) AS error, min(retryAt) AS retryAt FROM outbox WHERE channel = ?`)
  const retryOf = db.prepare(`UPDATE outbox SET retryAt = NULL WHERE channel = ? AND error IS NOT NULL AND
    json_extract(parcel, '$.recipients[0]') = ?`)
  const retryAll = db.prepare('UPDATE outbox SET retryAt = NULL')
  const foreign = db.prepare('SELECT DISTINCT channel FROM outbox')
  return {
    /** `turn` gives a message the place of an earlier one; null puts it at the end. */
    queue(channel: string, parcel: Parcel, at: EpochMs, turn: number | null = null): void {
      add.run(turn, channel, at, JSON.stringify(parcel))
    },
    /** What may go out now, oldest first, up to about `entries` lines: what waits after a storm is more than fits into memory. */
    waiting(channel: string, now: EpochMs, entries: number): readonly Waiting[] {
      const found: Waiting[] = []
      let read = 0
      for (const row of ready.iterate(channel, now)) {
        const parcel = json<Parcel>(row, 'parcel')
        found.push({ seq: number(row, 'seq'), createdAt: number(row, 'createdAt'), parcel })
        read += parcel.entries.length
        if (read >= entries) break
      }
      return found
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
    /** What one recipient refused is tried at once: another message has just reached them. */
    retryRefusedBy: (channel: string, recipient: string): void => void retryOf.run(channel, recipient),
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

/** How each channel stands. */
export function laneStore(db: DatabaseSync) {
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
