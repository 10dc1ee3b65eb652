/** Opens the service's one database file; a file that cannot be read is set aside, never fatal. */
import { mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MIGRATIONS, STORE_VERSION } from '../core/tables.ts'

/** Another process that holds the file is waited for this long. */
const BUSY_MS = 2000

function migrate(db: DatabaseSync): void {
  const found = db.prepare('PRAGMA user_version').get()
  const version = Number(found?.user_version ?? 0)
  if (version > STORE_VERSION) throw new Error(`written by a newer version (${version}, this is ${STORE_VERSION})`)
  for (const [i, step] of MIGRATIONS.entries()) {
    if (i < version) continue
    db.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${i + 1}; COMMIT`)
  }
}

/**
 * synchronous FULL, one fsync a commit: with NORMAL a power cut may undo the last commits, and what was sent would
 * be sent again. An alert is worth a few milliseconds; a batch of lines shares one commit.
 */
function prepared(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_MS })
  try {
    // Two services on one memory would both deliver: the second one must not start.
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304')
    db.exec('BEGIN EXCLUSIVE; COMMIT')
    const check = db.prepare('PRAGMA quick_check(1)').get()
    if (check?.quick_check !== 'ok') throw new Error(`damaged: ${String(check?.quick_check)}`)
    migrate(db)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

function setAside(path: string, suffix: string): string {
  const aside = `${path}.${suffix}`
  renameSync(path, aside)
  for (const part of ['-wal', '-shm']) {
    try {
      renameSync(`${path}${part}`, `${aside}${part}`)
    } catch {
      // Not there: a database that was closed well has neither.
    }
  }
  return aside
}

const message = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** `SQLITE_CORRUPT`, `SQLITE_NOTADB`, and our own complaints: only these are worth a new file. */
const unusable = /malformed|not a database|damaged|newer version|no such (table|column)/i

function adviceFor(cause: unknown): string {
  if (/locked|busy/i.test(message(cause))) return 'Another alert-service works with this STATE_DIR: stop one of them'
  return 'Make STATE_DIR a folder that the service can write'
}

/**
 * The database at `path`, made when missing. One that is damaged is renamed to `….broken-<suffix>` and told to
 * `say`; the service then starts anew from the log. Throws, with what to do, when the folder cannot be written or another service
 * holds the file.
 */
export function openDatabase(path: string, suffix: string, say: (text: string) => void): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return prepared(path)
  } catch (cause) {
    if (!unusable.test(message(cause)))
      throw new Error(`cannot open ${path}: ${message(cause)}. ${adviceFor(cause)}`, { cause })
    const aside = setAside(path, `broken-${suffix}`)
    say(
      `the memory file ${path} cannot be used (${message(cause)}): set aside as ${aside}. Starting anew from the alert log; alerts of before may be told again`,
    )
    return prepared(path)
  }
}
