/** The loop of the target app: keeps the leases, and makes threads, memory and queries follow what they ask for. */
import type { LoadAnswer, LoadSpec } from '@plimsoll/contracts/load'
import { type Ballast, capBytes } from './ballast.ts'
import type { Burners } from './burners.ts'
import type { DatabaseLoad } from './database-load.ts'
import { alive, type Demand, demandOf, type Granted, grant, type Leases, NO_DEMAND, viewOf } from './leases.ts'
import { cpuPercentBetween, type Meter, type Reading } from './meter.ts'

/** How late a lease may end. */
const TICK_MS = 100
/** CPU is shown over this time, from readings this far apart. */
const WINDOW_MS = 1000
const READING_EVERY_MS = 250

export interface LoadParts {
  readonly meter: Meter
  readonly burners: Burners
  readonly ballast: Ballast
  readonly databaseLoad: DatabaseLoad
  /** Names this life of the process. */
  readonly bootId: string
  /** Milliseconds on a steady clock. */
  readonly now: () => number
}

export interface Loads {
  readonly grant: (wanted: { id: string; spec: LoadSpec; seconds: number }) => Granted
  /** Ends one load, or all; answers how many there were. */
  readonly end: (id?: string) => number
  readonly demand: () => Demand
  readonly answer: () => LoadAnswer
  /** To be called every `TICK_MS` by whoever owns the timer. */
  readonly tick: () => void
  readonly start: () => void
  readonly close: () => Promise<void>
}

function describe(parts: LoadParts, window: readonly Reading[], startedAt: number): Omit<LoadAnswer, 'loads'> {
  const { meter, ballast, databaseLoad, bootId, now } = parts
  const reading = meter.read()
  const { source, cpuCores, memoryBytes, memoryLimited } = meter.limits
  const before = window.findLast((old) => old.atMs <= reading.atMs - WINDOW_MS) ?? window[0]
  const percent = before === undefined ? null : cpuPercentBetween(before, reading)
  return {
    bootId,
    uptimeMs: Math.round(now() - startedAt),
    source,
    limits: { cpuCores, memoryBytes, memoryLimited, memoryCapBytes: capBytes(meter.limits) },
    cpu: {
      usedMs: reading.cpuMs,
      readAtMs: reading.atMs,
      percent,
      limitPercent: percent === null ? null : percent / cpuCores,
    },
    memory: {
      usedBytes: reading.memoryBytes,
      limitPercent: (reading.memoryBytes / memoryBytes) * 100,
      ...ballast.held(),
    },
    database: databaseLoad.count(),
  }
}

export function createLoads(parts: LoadParts): Loads {
  const { meter, burners, ballast, databaseLoad, now } = parts
  const startedAt = now()
  let leases: Leases = []
  let demand: Demand = NO_DEMAND
  let window: readonly Reading[] = []
  let timer: NodeJS.Timeout | null = null

  function follow(): void {
    leases = alive(leases, now())
    demand = demandOf(leases, now())
    burners.set(demand.cpuPercent, demand.cpuWorkers)
    ballast.set(demand.memoryBytes)
    databaseLoad.set(demand.database)
  }

  function tick(): void {
    const last = window.at(-1)
    if (last === undefined || now() - last.atMs >= READING_EVERY_MS) {
      const kept = window.filter((old) => old.atMs > now() - 2 * WINDOW_MS)
      window = [...kept, meter.read()]
    }
    if (leases.length > 0) follow()
  }

  return {
    grant: (wanted) => {
      const granted = grant(leases, wanted, now())
      if (granted.ok) leases = granted.leases
      if (granted.ok) follow()
      return granted
    },
    end: (id) => {
      const rest = leases.filter((lease) => id !== undefined && lease.id !== id)
      const ended = leases.length - rest.length
      leases = rest
      follow()
      return ended
    },
    demand: () => demand,
    answer: () => ({ ...describe(parts, window, startedAt), loads: viewOf(leases, now()) }),
    tick,
    start: () => {
      timer ??= setInterval(tick, TICK_MS)
    },
    close: async () => {
      if (timer !== null) clearInterval(timer)
      databaseLoad.close()
      ballast.close()
      await burners.close()
    },
  }
}
