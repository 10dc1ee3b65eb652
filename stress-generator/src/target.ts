/** The target as the generator talks to it: ask for loads, renew them, look, end them. Every request has a deadline. */
import type { LoadAnswer, QueryMix } from '@plimsoll/contracts/load'
import { CPU_LOAD } from './observe.ts'
import type { Fault, Phase } from './profiles.ts'
import type { Commands } from './steer.ts'

/** A load outlives its generator by this at most. It is renewed twice a second. */
export const LEASE_SECONDS = 2

const STEER_DEADLINE_MS = 1500
const HEALTH_DEADLINE_MS = 10_000

export type Probe =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly ms: number; readonly reason: string }

export interface Target {
  /** What runs and how the target is; throws when it does not answer. */
  readonly look: () => Promise<LoadAnswer>
  /** Asks for, or renews, what `commands` and the phase's faults say; throws with the target's own words. */
  readonly renew: (phase: Phase, commands: Commands) => Promise<void>
  /** Ends every load of ours; quiet when there is none or the target is away (its leases run out). */
  readonly endAll: () => Promise<void>
  readonly crash: () => Promise<void>
  /** One `GET /health`. Does not throw. */
  readonly probe: () => Promise<Probe>
}

interface Wanted {
  readonly id: string
  readonly path: string
  readonly body: Readonly<Record<string, number | string | QueryMix>>
}

const MIB = 1024 * 1024
const round = (n: number) => Math.round(n * 100) / 100

/** The loads of a phase as requests; pure, so that a test can read them. */
export function wantedOf(prefix: string, { database, faults }: Phase, commands: Commands): Wanted[] {
  const { cpuPercent, cpuWorkers, memoryBytes, queriesPerSecond } = commands
  const wanted: Wanted[] = []
  if (cpuPercent !== null)
    wanted.push({
      id: `${prefix}${CPU_LOAD}`,
      path: '/load/cpu',
      body: { percent: round(cpuPercent), workers: cpuWorkers },
    })
  if (memoryBytes !== null)
    wanted.push({ id: `${prefix}memory`, path: '/load/memory', body: { megabytes: round(memoryBytes / MIB) } })
  if (queriesPerSecond !== null && database !== null) {
    const body = { ...database, queriesPerSecond: round(queriesPerSecond) }
    wanted.push({ id: `${prefix}db`, path: '/load/db', body })
  }
  for (const fault of faults as readonly Fault[])
    wanted.push({ id: `${prefix}${fault.fault}`, path: '/load/fault', body: { ...fault } })
  return wanted
}

/** Fetch hides what went wrong in its cause; this digs it out. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}

async function send(url: string, init: RequestInit, deadlineMs: number): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(deadlineMs) })
  const body: unknown = await answer.json()
  if (answer.ok) return body
  const message = (body as { error?: { message?: string } }).error?.message
  throw new Error(`${new URL(url).pathname} answered ${answer.status}${message === undefined ? '' : `: ${message}`}`)
}

/** A target at `url`; `prefix` begins the id of each of our loads, and of nobody else's. */
export function targetAt(url: string, prefix: string): Target {
  let held = new Set<string>()
  const end = async (ids: Iterable<string>) => {
    const requests = [...ids].map((id) => send(`${url}/load/${id}`, { method: 'DELETE' }, STEER_DEADLINE_MS))
    await Promise.allSettled(requests)
  }
  const post = (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    return send(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }, STEER_DEADLINE_MS)
  }
  return {
    look: async () => (await send(`${url}/load`, {}, STEER_DEADLINE_MS)) as LoadAnswer,
    renew: async (phase, commands) => {
      const wanted = wantedOf(prefix, phase, commands)
      const ids = new Set(wanted.map(({ id }) => id))
      const over = [...held].filter((id) => !ids.has(id))
      held = ids
      await end(over)
      await Promise.all(wanted.map(({ id, path, body }) => post(path, { ...body, id, seconds: LEASE_SECONDS })))
    },
    endAll: () => {
      const ids = held
      held = new Set()
      return end(ids)
    },
    crash: async () => void (await post('/load/fault', { fault: 'crash', exitCode: 1 })),
    probe: async () => {
      const start = performance.now()
      try {
        await send(`${url}/health`, {}, HEALTH_DEADLINE_MS)
        return { ok: true, ms: performance.now() - start }
      } catch (error) {
        return { ok: false, ms: performance.now() - start, reason: reasonOf(error) }
      }
    },
  }
}
