/** Answers what a container wrote: asked of the engine each time, kept nowhere. */
import type { LogsAnswer } from '@plimsoll/contracts/http'
import { lifeOf } from './core/fleet.ts'
import { type Query, tailOf } from './core/query.ts'
import type { Fleet } from './core/told.ts'
import type { LogSource } from './io/engine.ts'
import { Refusal } from './io/web.ts'

/** Reading logs takes connections from the sampling; more at one time are refused. */
const MAX_AT_ONE_TIME = 4

export type LogsOf = (name: string, query: Query) => Promise<LogsAnswer>

/** What answers for logs. It throws a `Refusal` that says why when it cannot. */
export function logsFrom(engine: LogSource, fleet: Fleet): LogsOf {
  let underWay = 0
  return async (name, query) => {
    const tail = tailOf(query)
    if (!tail.ok) throw new Refusal('bad-request', tail.problem)
    const life = lifeOf(fleet, name)
    if (life === undefined) throw new Refusal('container-not-found', `no container is named ${name.slice(0, 200)}`)
    if (underWay >= MAX_AT_ONE_TIME) throw new Refusal('too-many-requests', 'other logs are being read; ask again')
    underWay++
    try {
      const log = await engine.logs(life.id, tail.value)
      if (log !== null) return { name, ...log }
    } catch (error) {
      throw refusalOf(error)
    } finally {
      underWay--
    }
    throw new Refusal('container-not-found', `the engine no longer has ${name.slice(0, 200)}`)
  }
}

function refusalOf(error: unknown): Refusal {
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown }
  const why = String(message).slice(0, 300)
  // The engine answers 501 since API 1.42, older ones 500, for a driver that cannot be read.
  if (statusCode === 501 || /logging driver.*not support/i.test(why)) return new Refusal('logs-unavailable', why)
  return new Refusal('engine-unreachable', `the engine did not give the log: ${why}`)
}
