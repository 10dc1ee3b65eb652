/** Forgets what is older than it is kept for, keeps the file under its size, and gives the disk its space back. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EpochMs } from '@plimsoll/contracts/time'
import { LEVELS } from '../../core/rollup.ts'

export interface Keep {
  /** How long each level is kept, from fine to coarse. */
  readonly retentionMs: readonly number[]
  readonly maxBytes: number
}

/** Rows deleted and pages given back in one step: a few milliseconds. A clock that is wrong for a moment costs so much. */
const BITE_ROWS = 200
const BITE_PAGES = 200
/** Free pages are kept for what comes next; more than this share of the file is given back. */
const FREE_SHARE = 0.1

export function sizeOf(db: DatabaseSync): {
  readonly pages: number
  readonly freePages: number
  readonly pageBytes: number
} {
  const read = (name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
  return { pages: read('page_count'), freePages: read('freelist_count'), pageBytes: read('page_size') }
}

/** One small step of tidying; `true` when there is more to do at once. */
export function trim(db: DatabaseSync, keep: Keep, now: EpochMs): boolean {
  forgetOld(db, keep, now)
  return shrink(db, keep.maxBytes) || giveBack(db)
}

/**
 * A bite of what is too old and no more, however much there is: a clock that is wrong for a minute (a board without a
 * battery, before it has asked the time) must not cost the year.
 */
function forgetOld(db: DatabaseSync, { retentionMs }: Keep, now: EpochMs): void {
  const bite = (table: string, key: string, where: string): StatementSync =>
    db.prepare(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replace(/[()]/g, '')} FROM ${table} WHERE ${where} LIMIT ${BITE_ROWS})`,
    )
  for (const [level, { chunkMs }] of LEVELS.entries()) {
    const before = now - (retentionMs[level] ?? Number.POSITIVE_INFINITY) - chunkMs
    bite('chunk', 'rowid', 'level = ? AND at < ?').run(level, before)
  }
  const oldest = now - Math.max(...retentionMs)
  bite('event', 'id', 'at < ?').run(oldest)
  bite('alert', 'id', 'fired_at < ? AND resolved_at IS NOT NULL').run(oldest)
  // Where the size, not the time, has taken the coarsest numbers, what has no numbers left goes too: names that came and
  // went once would else fill the file.
  const coarsest = db.prepare('SELECT min(at) AS at FROM chunk WHERE level = ?').get(LEVELS.length - 1)?.at
  const numbersFrom = Math.max(oldest, typeof coarsest === 'number' ? coarsest : oldest)
  bite('span', '(series, begins)', 'ends < ?').run(numbersFrom)
  bite('series', 'id', 'last_at < ? AND id NOT IN (SELECT series FROM span)').run(numbersFrom)
}

/**
 * Above its size the file gives its free pages back, and then loses its oldest rows: the fine ones first, for the
 * coarse tell of a year in their place.
 */
function shrink(db: DatabaseSync, maxBytes: number): boolean {
  const { pages, freePages, pageBytes } = sizeOf(db)
  if (pages * pageBytes <= maxBytes) return false
  if (freePages >= BITE_PAGES || (pages - freePages) * pageBytes <= maxBytes) return vacuum(db)
  for (const level of LEVELS.keys()) if (drop(db, 'chunk', `level = ${level}`, 'at')) return true
  return drop(db, 'event', 'true', 'at') || drop(db, 'hot', 'true', 'id') || (freePages > 0 && vacuum(db))
}

function drop(db: DatabaseSync, table: string, where: string, oldestBy: string): boolean {
  const rows = `SELECT rowid FROM ${table} WHERE ${where} ORDER BY ${oldestBy} LIMIT ${BITE_ROWS}`
  return Number(db.prepare(`DELETE FROM ${table} WHERE rowid IN (${rows})`).run().changes) > 0
}

function giveBack(db: DatabaseSync): boolean {
  const { pages, freePages } = sizeOf(db)
  return freePages >= Math.max(BITE_PAGES, pages * FREE_SHARE) && vacuum(db)
}

/** Whether it gave anything back. */
function vacuum(db: DatabaseSync): boolean {
  const before = sizeOf(db).pages
  db.exec(`PRAGMA incremental_vacuum(${BITE_PAGES})`)
  return sizeOf(db).pages < before
}
