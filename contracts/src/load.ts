/**
 * What the target app and those who load it agree on: the loads it can carry, and what it says of itself meanwhile
 * (`GET /load`). Every load is a lease: it ends by itself unless its owner renews it, so a generator that dies takes
 * its load with it.
 */

/** Shares of a database load that are of one kind; only their proportions count. */
export interface QueryMix {
  readonly reads: number
  readonly writes: number
  /** Short transactions that queue for the same row. */
  readonly locks: number
  /** Queries that sit in the database for about 300 ms. */
  readonly slow: number
}

/** One load. Loads of one kind add up. */
export type LoadSpec =
  /** `percent` of one core, shared by `workers` threads; `null` lets the target choose. */
  | { readonly kind: 'cpu'; readonly percent: number; readonly workers: number | null }
  | { readonly kind: 'memory'; readonly bytes: number }
  | { readonly kind: 'db'; readonly concurrency: number; readonly queriesPerSecond: number; readonly mix: QueryMix }
  /** Every answer but `/load` and `/metrics` comes so much later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** So many of 100 answers are a 500; `/health` stays true. */
  | { readonly kind: 'errors'; readonly percent: number }
  /** `/health` fails while the process lives. */
  | { readonly kind: 'outage' }
  /** Memory grows steadily, up to the cap. */
  | { readonly kind: 'leak'; readonly bytesPerSecond: number }
  /** Memory grows without the cap, until the kernel kills the process. */
  | { readonly kind: 'oom' }

export type LoadKind = LoadSpec['kind']

export interface LoadView {
  readonly id: string
  readonly spec: LoadSpec
  readonly endsInMs: number
}

/** The bounds of every parameter; outside of them the target answers 400. All inclusive. */
export const LOAD_BOUNDS = {
  seconds: { min: 0.5, max: 600 },
  cpuPercent: { min: 0, max: 800 },
  workers: { min: 1, max: 8 },
  megabytes: { min: 0, max: 65_536 },
  percentOfLimit: { min: 0, max: 85 },
  concurrency: { min: 1, max: 50 },
  queriesPerSecond: { min: 1, max: 2000 },
  latencyMs: { min: 1, max: 10_000 },
  errorPercent: { min: 1, max: 100 },
  leakMegabytesPerSecond: { min: 0.1, max: 100 },
  exitCode: { min: 1, max: 125 },
} as const satisfies Readonly<Record<string, { readonly min: number; readonly max: number }>>

/** `GET /load`: what runs, and how the target is, by its own counters. `null` is unknown. */
export interface LoadAnswer {
  /** Another value is another life of the process. */
  readonly bootId: string
  readonly uptimeMs: number
  /** Where the numbers come from; `process` when no limit is set. */
  readonly source: 'cgroup-v1' | 'cgroup-v2' | 'process'
  readonly limits: {
    readonly cpuCores: number
    /** The container's limit, else the memory of the host. */
    readonly memoryBytes: number
    readonly memoryLimited: boolean
    /** What loads may fill; beyond it they are held back. */
    readonly memoryCapBytes: number
  }
  readonly cpu: {
    /** CPU time since the container (or process) started, and when it was read, on one steady clock. */
    readonly usedMs: number
    readonly readAtMs: number
    /** Over the last second. */
    readonly percent: number | null
    readonly limitPercent: number | null
  }
  readonly memory: {
    readonly usedBytes: number
    readonly limitPercent: number
    /** Held by loads right now. */
    readonly heldBytes: number
    /** True while the cap keeps a load from what it asks for. */
    readonly capped: boolean
  }
  readonly database: {
    /** Since the process started. */
    readonly queries: number
    readonly errors: number
    readonly lastError: string | null
    readonly running: number
  }
  readonly loads: readonly LoadView[]
}
