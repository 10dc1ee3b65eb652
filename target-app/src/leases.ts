/** Which loads run, and until when: plain values, the time as an argument. */
import type { LoadSpec, LoadView } from '@plimsoll/contracts/load'

export interface Lease {
  readonly id: string
  readonly spec: LoadSpec
  readonly startedAt: number
  readonly endsAt: number
}

export type Leases = readonly Lease[]

/** More loads at once than anybody needs; a bound so that a script gone wild cannot fill the memory. */
export const MAX_LEASES = 40

export type Granted = { readonly ok: true; readonly leases: Leases } | { readonly ok: false; readonly reason: string }

/** The leases that have not run out. */
export function alive(leases: Leases, now: number): Leases {
  return leases.filter((lease) => lease.endsAt > now)
}

/** Starts a load, or renews and changes the one of the same id: its start stays, so a leak goes on where it was. */
export function grant(leases: Leases, wanted: { id: string; spec: LoadSpec; seconds: number }, now: number): Granted {
  const rest = alive(leases, now)
  const known = rest.find((lease) => lease.id === wanted.id)
  if (known === undefined && rest.length >= MAX_LEASES)
    return { ok: false, reason: `${MAX_LEASES} loads are running already` }
  const startedAt = known !== undefined && known.spec.kind === wanted.spec.kind ? known.startedAt : now
  const lease = { id: wanted.id, spec: wanted.spec, startedAt, endsAt: now + wanted.seconds * 1000 }
  return { ok: true, leases: [...rest.filter((other) => other !== known), lease] }
}

/** All loads together, as the parts that make them want it. */
export interface Demand {
  readonly cpuPercent: number
  readonly cpuWorkers: number
  /** Infinity while an `oom` load runs. */
  readonly memoryBytes: number
  readonly latencyMs: number
  readonly errorPercent: number
  readonly outage: boolean
  readonly database: readonly { readonly id: string; readonly spec: LoadSpec & { readonly kind: 'db' } }[]
}

export const NO_DEMAND: Demand = {
  cpuPercent: 0,
  cpuWorkers: 0,
  memoryBytes: 0,
  latencyMs: 0,
  errorPercent: 0,
  outage: false,
  database: [],
}

/** The most threads that burn at once, whatever the loads add up to. */
export const MAX_WORKERS = 8
const MAX_LATENCY_MS = 10_000

function add(sum: Demand, lease: Lease, now: number): Demand {
  const { spec } = lease
  switch (spec.kind) {
    case 'cpu': {
      const cpuWorkers = Math.max(sum.cpuWorkers, spec.workers ?? 1)
      return { ...sum, cpuPercent: sum.cpuPercent + spec.percent, cpuWorkers }
    }
    case 'memory':
      return { ...sum, memoryBytes: sum.memoryBytes + spec.bytes }
    case 'leak':
      return {
        ...sum,
        memoryBytes: sum.memoryBytes + (spec.bytesPerSecond * Math.max(0, now - lease.startedAt)) / 1000,
      }
    case 'oom':
      return { ...sum, memoryBytes: Number.POSITIVE_INFINITY }
    case 'latency':
      return { ...sum, latencyMs: Math.min(MAX_LATENCY_MS, sum.latencyMs + spec.ms) }
    case 'errors':
      return { ...sum, errorPercent: Math.min(100, sum.errorPercent + spec.percent) }
    case 'outage':
      return { ...sum, outage: true }
    case 'db':
      return { ...sum, database: [...sum.database, { id: lease.id, spec }] }
  }
}

/** What the live leases ask for together. A thread gives at most one core, so workers follow from the percentage. */
export function demandOf(leases: Leases, now: number): Demand {
  const sum = alive(leases, now).reduce((total, lease) => add(total, lease, now), NO_DEMAND)
  const cpuPercent = Math.min(sum.cpuPercent, MAX_WORKERS * 100)
  const needed = Math.ceil(cpuPercent / 100)
  return { ...sum, cpuPercent, cpuWorkers: cpuPercent === 0 ? 0 : Math.max(needed, sum.cpuWorkers) }
}

/** What `GET /load` shows of the leases. */
export function viewOf(leases: Leases, now: number): LoadView[] {
  return alive(leases, now).map(({ id, spec, endsAt }) => ({ id, spec, endsInMs: Math.round(endsAt - now) }))
}
