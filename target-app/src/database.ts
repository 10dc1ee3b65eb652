/** Postgres: a bounded pool for the work, and one connection of its own for the question whether it is there. */
import type { Log } from '@plimsoll/runtime/log'
import pg from 'pg'
import { PREPARE_SQL, type Query } from './queries.ts'

export type Ping =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly latencyMs: number; readonly error: string }

export interface Database {
  /** Asks Postgres, never a memory; answers within `deadlineMs`. Does not throw. */
  readonly ping: (deadlineMs: number) => Promise<Ping>
  /** Runs one query within the statement timeout and a second; throws what went wrong. */
  readonly run: (query: Query) => Promise<void>
  readonly close: () => Promise<void>
}

export interface DatabaseOptions {
  readonly connection: pg.ClientConfig
  readonly poolSize: number
  readonly statementTimeoutMs: number
  readonly log: Log
}

const CONNECT_MS = 1500
const CLOSE_MS = 1000

/** What went wrong in a few words; Node gives a refused connection to a name with two addresses no message at all. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message !== '' ? error.message : code !== '' ? code : error.name
}

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} after ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function ask(pool: pg.Pool, deadlineMs: number): Promise<Ping> {
  const start = performance.now()
  const latencyMs = () => Math.round((performance.now() - start) * 100) / 100
  try {
    const client = await pool.connect()
    let failed: Error | undefined
    // While it is in our hands a broken connection is told to the client too, and to nobody else: without a listener
    // that ends the process. What broke comes with the query.
    const ignore = () => {}
    client.on('error', ignore)
    try {
      await within(deadlineMs - latencyMs(), 'no answer', client.query('SELECT 1'))
    } catch (cause) {
      failed = new Error(reasonOf(cause), { cause })
    }
    // With an error the connection is thrown away: a query without an answer would sit in it for ever.
    client.release(failed)
    if (failed === undefined) client.removeListener('error', ignore)
    return failed === undefined
      ? { ok: true, latencyMs: latencyMs() }
      : { ok: false, latencyMs: latencyMs(), error: failed.message }
  } catch (error) {
    return { ok: false, latencyMs: latencyMs(), error: reasonOf(error) }
  }
}

/**
 * Tells the log what is wrong with the database when that changes, and when it is well again. The reason only: pg
 * hangs the whole client on its errors, and a restart of Postgres breaks twenty connections at once.
 */
export function createTeller(log: Pick<Log, 'warn' | 'info'>): (wrong: string | null) => void {
  let said: string | null = null
  return (wrong) => {
    // A deadline is never missed by the same number of milliseconds.
    const kind = wrong?.replaceAll(/\d+(\.\d+)? ms/g, 'some ms') ?? null
    if (kind === said) return
    said = kind
    if (wrong === null) log.info('the database answers again')
    else log.warn({ reason: wrong }, 'the database does not answer')
  }
}

/** Opens nothing yet: the first query connects, and each later one again when the database was away. */
export function openDatabase({ connection, poolSize, statementTimeoutMs, log }: DatabaseOptions): Database {
  const common = { ...connection, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, application_name: 'target-app' }
  const pool = new pg.Pool({
    ...common,
    max: poolSize,
    idleTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1000,
  })
  const pinger = new pg.Pool({ ...common, max: 1, idleTimeoutMillis: 60_000, statement_timeout: CONNECT_MS })
  // An idle connection that breaks is an error event, and without a listener the end of the process.
  const say = createTeller(log)
  for (const each of [pool, pinger]) each.on('error', (error) => say(reasonOf(error)))

  let prepared: Promise<unknown> | null = null
  let asking: Promise<Ping> | null = null
  return {
    // Those who ask while a query is on its way share its answer; no answer is kept.
    ping: (deadlineMs) => {
      asking ??= ask(pinger, deadlineMs).finally(() => {
        asking = null
      })
      return asking.then((answer) => {
        say(answer.ok ? null : answer.error)
        return answer
      })
    },
    run: async ({ text, values }) => {
      prepared ??= pool.query(PREPARE_SQL)
      try {
        await prepared
        await pool.query(text, values.length === 0 ? undefined : [...values])
      } catch (error) {
        prepared = null
        throw error
      }
    },
    close: async () => {
      // A query that a paused Postgres never answers would keep the process from ending.
      await within(CLOSE_MS, 'not closed', Promise.allSettled([pool.end(), pinger.end()])).catch(() => undefined)
    },
  }
}
