/** The history file as the keeper uses it: opened, written, read, moved and trimmed, all on one connection. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@plimsoll/contracts/time'
import { HISTORY_FILE, openHistory } from './file.ts'
import { HistoryMover } from './mover.ts'
import { HistoryReader } from './reader.ts'
import { type Keep, sizeOf, trim } from './trimmer.ts'
import { type Batch, HistoryWriter } from './writer.ts'

export class HistoryStore {
  readonly #path: string
  readonly #inode: number | undefined
  readonly #db: DatabaseSync
  readonly #writer: HistoryWriter
  readonly #mover: HistoryMover
  readonly reader: HistoryReader
  /** What was wrong with the file that was found, and where it is kept. */
  readonly warning: string | null

  /** Throws when `dir` cannot be used now: no space, no permission, locked. */
  constructor(dir: string, now: EpochMs) {
    const { db, warning } = openHistory(dir, now)
    this.#db = db
    this.#path = join(dir, HISTORY_FILE)
    this.#inode = inodeOf(this.#path)
    this.warning = warning
    try {
      this.#writer = new HistoryWriter(db)
      this.#mover = new HistoryMover(db, this.#writer.metrics)
      this.reader = new HistoryReader(db, this.#writer.metrics)
    } catch (cause) {
      db.close()
      throw cause
    }
  }

  /** Whether the file is no longer where it was opened. */
  isGone(): boolean {
    return inodeOf(this.#path) !== this.#inode
  }

  /** All of the batch, or, throwing, none of it. */
  write(batch: Batch): void {
    this.#writer.write(batch)
  }

  knownTo(series: number): EpochMs | null {
    return this.#writer.knownTo(series)
  }

  /** Moves hot rows into chunks until `isDue()`; `true` when there is more. */
  move(now: EpochMs, isDue: () => boolean): boolean {
    return this.#mover.move(now, isDue)
  }

  /** One small step of forgetting; `true` when there is more to do at once. */
  trim(keep: Keep, now: EpochMs): boolean {
    return trim(this.#db, keep, now)
  }

  /** Bytes of the file in use, without its write-ahead log (at most a few MiB). */
  get usedBytes(): number {
    const { pages, freePages, pageBytes } = sizeOf(this.#db)
    return (pages - freePages) * pageBytes
  }

  close(): void {
    this.#db.close()
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}
