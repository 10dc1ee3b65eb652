/** Database load: for each lease a few loops that query at an even pace, counted. */
import type { LoadAnswer } from '@plimsoll/contracts/load'
import { type Database, reasonOf } from './database.ts'
import type { Demand } from './leases.ts'
import { pick, queryOf } from './queries.ts'

type Wanted = Demand['database'][number]

/** How long a loop waits after a failed query: a database that is away is not hammered. */
const AFTER_ERROR_MS = 250
/** Queries a loop may be late and still catch up: some, for the slow share of a mix; no burst after an outage. */
const MADE_GOOD = 10

export interface DatabaseLoad {
  /** Runs exactly these from now on: starts, changes the pace of, or ends. */
  readonly set: (wanted: readonly Wanted[]) => void
  readonly count: () => LoadAnswer['database']
  readonly close: () => void
}

interface Running {
  wanted: Wanted
  loops: number
}

/** At most a second at a time, so that a loop soon sees a new pace or its end. */
function pauseUntil(due: number): Promise<void> {
  const ms = Math.min(due - performance.now(), 1000)
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}

export function createDatabaseLoad(database: Database): DatabaseLoad {
  const running = new Map<string, Running>()
  let queries = 0
  let errors = 0
  let lastError: string | null = null

  async function query(mix: Wanted['spec']['mix']): Promise<boolean> {
    try {
      await database.run(queryOf(pick(mix, Math.random()), Math.random()))
      queries++
      return true
    } catch (error) {
      errors++
      lastError = reasonOf(error)
      return false
    }
  }

  /** One loop of a load. The pace is its share of the rate; of time lost to a slow query a little is made good. */
  async function loop(load: Running, index: number): Promise<void> {
    let due = performance.now() + (index / load.wanted.spec.queriesPerSecond) * 1000
    while (running.get(load.wanted.id) === load && index < load.wanted.spec.concurrency) {
      const everyMs = (load.wanted.spec.concurrency / load.wanted.spec.queriesPerSecond) * 1000
      await pauseUntil(due)
      if (performance.now() < due) continue
      const ok = await query(load.wanted.spec.mix)
      due = Math.max(due + everyMs, performance.now() - MADE_GOOD * everyMs) + (ok ? 0 : AFTER_ERROR_MS)
    }
    load.loops--
  }

  function set(wanted: readonly Wanted[]): void {
    for (const id of running.keys()) if (!wanted.some((one) => one.id === id)) running.delete(id)
    for (const one of wanted) {
      const load = running.get(one.id) ?? { wanted: one, loops: 0 }
      running.set(one.id, load)
      load.wanted = one
      // A loop above the wanted number ends by itself; one that is missing is started.
      while (load.loops < one.spec.concurrency) void loop(load, load.loops++)
    }
  }

  return {
    set,
    count: () => ({
      queries,
      errors,
      lastError,
      running: [...running.values()].reduce((sum, { wanted }) => sum + wanted.spec.concurrency, 0),
    }),
    close: () => running.clear(),
  }
}
