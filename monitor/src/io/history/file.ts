/**
 * Opens the history file: makes it, brings it to this version, and sets one that cannot be used aside under another
 * name, so that a broken disk or an older build costs the past, never the present.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { compactTime, type EpochMs } from '@plimsoll/contracts/time'
import { APPLICATION_ID, MIGRATIONS, OPENING } from '../../core/history-sql.ts'

export const HISTORY_FILE = 'history.sqlite'

export interface Opened {
  readonly db: DatabaseSync
  /** What was wrong with the file that was there, and where it is now; `null` when nothing was. */
  readonly warning: string | null
}

/** A file that has been found to be unusable, as opposed to one that cannot be reached just now. */
export class UnusableHistory extends Error {}

/** Up to this size the whole file is checked at each start; beyond, the check would hold up the start for seconds. */
const CHECKED_BYTES = 64 * 1024 * 1024
/** Spoiled files kept for somebody to look into; older ones go, for a failing disk would fill itself with them. */
const KEPT_ASIDE = 2

/**
 * Opens (or makes) the history in `dir`. One that is corrupt, of another program or of a newer version is renamed to
 * `history.sqlite.corrupt-<time>` and a fresh one begun. Throws when the place cannot be used: no space, no permission.
 */
export function openHistory(dir: string, now: EpochMs): Opened {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, HISTORY_FILE)
  try {
    return { db: openChecked(path), warning: null }
  } catch (cause) {
    if (!isUnusable(cause)) throw cause
    const kept = setAside(path, now)
    const why = cause instanceof Error ? cause.message : String(cause)
    return {
      db: openChecked(path),
      warning: `the file could not be used (${why}); it is kept as ${kept}, a new one begins`,
    }
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: the file itself is bad, waiting will not mend it. */
const BAD_FILE: readonly number[] = [11, 26]

/** Whether an error says that the file is spoiled, not that the disk is full or away. */
export function isUnusable(error: unknown): boolean {
  if (error instanceof UnusableHistory) return true
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && BAD_FILE.includes(code & 0xff)
}

function openChecked(path: string): DatabaseSync {
  // A page or two of another process (a backup, a curious person with sqlite3) may hold a lock for a moment.
  const db = new DatabaseSync(path, { timeout: 250, defensive: true })
  try {
    db.exec(OPENING)
    migrate(db)
    if (statSync(path).size <= CHECKED_BYTES) {
      const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
      if (found !== 'ok') throw new UnusableHistory(`check found: ${String(found)}`)
    }
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

const numberOf = (db: DatabaseSync, pragma: 'user_version' | 'application_id'): number =>
  Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma])

function migrate(db: DatabaseSync): void {
  const version = numberOf(db, 'user_version')
  const application = numberOf(db, 'application_id')
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0))
    throw new UnusableHistory('it belongs to another program')
  if (version > MIGRATIONS.length)
    throw new UnusableHistory(`it is of version ${version}, this build knows up to ${MIGRATIONS.length}`)
  for (const [i, migration] of MIGRATIONS.entries()) {
    if (i < version) continue
    inTransaction(db, () => {
      db.exec(migration)
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${i + 1}`)
    })
  }
}

/** Runs `work` in one transaction: all of it, or on an error none. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    // A full disk rolls back by itself.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

/** Renames the file and what belongs to it; answers with its new path. */
export function setAside(path: string, now: EpochMs): string {
  const kept = `${path}.corrupt-${compactTime(now)}`
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(path + suffix, kept + suffix)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    }
  }
  const dir = dirname(path)
  const aside = readdirSync(dir).filter((name) => name.startsWith(`${basename(path)}.corrupt-`))
  const times = [...new Set(aside.map((name) => name.replace(/-(wal|shm)$/, '')))].sort().slice(0, -KEPT_ASIDE)
  for (const name of aside) if (times.some((old) => name.startsWith(old))) rmSync(join(dir, name), { force: true })
  return kept
}
