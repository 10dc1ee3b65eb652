/** Stand-ins for the world in this folder's tests: a clock, a meter, a database, and parts that only note what they are told. */
import { createLog } from '@plimsoll/runtime/log'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import type { Ping } from './database.ts'
import { createLoads, type Loads } from './loads.ts'
import type { Limits, Reading } from './meter.ts'
import { createMetrics } from './metrics.ts'
import type { Query } from './queries.ts'

const MIB = 1024 * 1024

export const smallContainer: Limits = {
  source: 'cgroup-v2',
  cpuCores: 1,
  memoryBytes: 512 * MIB,
  memoryLimited: true,
}

/** A world that a test moves by hand. */
export interface World {
  now: number
  cpuMs: number
  memoryBytes: number
  random: number
  ping: Ping
  databaseAway: boolean
  limits: Limits
  readonly queries: Query[]
  readonly burned: [percent: number, workers: number][]
  readonly held: number[]
  readonly crashes: number[]
}

export function newWorld(): World {
  return {
    now: 1000,
    cpuMs: 500,
    memoryBytes: 40 * MIB,
    random: 0.5,
    ping: { ok: true, latencyMs: 1.5 },
    databaseAway: false,
    limits: smallContainer,
    queries: [],
    burned: [],
    held: [],
    crashes: [],
  }
}

export function loadsIn(world: World): Loads {
  const read = (): Reading => ({ atMs: world.now, cpuMs: world.cpuMs, memoryBytes: world.memoryBytes })
  return createLoads({
    meter: { limits: world.limits, read },
    burners: { set: (...asked) => world.burned.push(asked), close: async () => {} },
    ballast: {
      set: (bytes) => world.held.push(bytes),
      held: () => ({ heldBytes: world.held.at(-1) ?? 0, capped: false }),
      close: () => {},
    },
    databaseLoad: {
      set: () => {},
      count: () => ({ queries: world.queries.length, errors: 0, lastError: null, running: 0 }),
      close: () => {},
    },
    bootId: 'boot-1',
    now: () => world.now,
  })
}

/** The whole app in that world, and its loads. */
export function appIn(world: World): { readonly app: FastifyInstance; readonly loads: Loads } {
  const loads = loadsIn(world)
  const app = buildApp({
    log: createLog('target-app', 'silent'),
    database: {
      ping: async () => world.ping,
      run: async (query) => {
        if (world.databaseAway) throw new Error('away')
        world.queries.push(query)
      },
      close: async () => {},
    },
    loads,
    limits: world.limits,
    metrics: createMetrics({ withProcess: false }),
    now: () => world.now,
    random: () => world.random,
    newId: () => 'new-id',
    crash: (exitCode) => world.crashes.push(exitCode),
  })
  return { app, loads }
}
