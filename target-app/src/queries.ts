/** The queries of a database load: their text, and which comes next. */
import type { QueryMix } from '@plimsoll/contracts/load'

/** Rows of the demo table: enough for reads to wander, and a bound on what writes can leave behind. */
export const DEMO_ROWS = 2000

/** Made once; a restart of Postgres may empty it (it is unlogged, so that load does not fill a disk with WAL). */
export const PREPARE_SQL = `
  SELECT pg_advisory_xact_lock(7501);
  CREATE UNLOGGED TABLE IF NOT EXISTS plimsoll_demo (id int PRIMARY KEY, hits bigint NOT NULL, payload text NOT NULL);
  INSERT INTO plimsoll_demo SELECT i, 0, md5(i::text) FROM generate_series(1, ${DEMO_ROWS}) i ON CONFLICT DO NOTHING`

export type QueryKind = keyof QueryMix

export const DEFAULT_MIX: QueryMix = { reads: 60, writes: 25, locks: 10, slow: 5 }

/** The kind for a random number from 0 to 1, by the mix's proportions. */
export function pick(mix: QueryMix, random: number): QueryKind {
  const kinds = Object.entries(mix) as [QueryKind, number][]
  let left = random * kinds.reduce((sum, [, share]) => sum + share, 0)
  for (const [kind, share] of kinds) {
    if (left < share) return kind
    left -= share
  }
  return 'reads'
}

export interface Query {
  readonly text: string
  readonly values: readonly number[]
}

/** A query of this kind for a random number from 0 to 1. */
export function queryOf(kind: QueryKind, random: number): Query {
  const id = 1 + Math.floor(random * DEMO_ROWS)
  switch (kind) {
    case 'reads':
      return {
        text: 'SELECT count(*), sum(hits), max(payload) FROM plimsoll_demo WHERE id BETWEEN $1 AND $1 + 100',
        values: [id],
      }
    case 'writes':
      return {
        text: `INSERT INTO plimsoll_demo VALUES ($1, 1, md5(random()::text))
               ON CONFLICT (id) DO UPDATE SET hits = plimsoll_demo.hits + 1, payload = excluded.payload`,
        values: [id],
      }
    case 'locks':
      // Ten rows for all: the transactions queue for one another, 5 ms each.
      return {
        text: `BEGIN; SELECT hits FROM plimsoll_demo WHERE id = ${1 + (id % 10)} FOR UPDATE; SELECT pg_sleep(0.005);
               UPDATE plimsoll_demo SET hits = hits + 1 WHERE id = ${1 + (id % 10)}; COMMIT`,
        values: [],
      }
    case 'slow':
      return { text: 'SELECT pg_sleep(0.3), count(*) FROM plimsoll_demo', values: [] }
  }
}
