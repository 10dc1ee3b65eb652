/** The load profiles: what each asks of the target, and what must be seen for it to be what it says. A pure table. */
import type { QueryMix } from '@plimsoll/contracts/load'

/** What can be seen of a target, each second; all by the target's own counters or by asking it. */
export const MEASURES = {
  cpu: { name: 'CPU', unit: '%', doc: 'of the container’s limit' },
  memory: { name: 'memory', unit: '%', doc: 'of the container’s limit' },
  memoryGrowth: { name: 'memory growth', unit: 'MiB/s', doc: 'over the last 8 s' },
  queries: { name: 'queries', unit: '/s', doc: 'of database loads' },
  healthMs: { name: 'health answers', unit: 'ms', doc: 'the time of the newest /health answer' },
  healthFailing: { name: 'health failing', unit: '%', doc: 'of the /health answers of the last 5 s' },
  serverErrors: { name: '5xx answers', unit: '%', doc: 'of the HTTP load’s answers of the last 5 s' },
} as const satisfies Readonly<Record<string, { name: string; unit: string; doc: string }>>
export type Measure = keyof typeof MEASURES

/** A band that a measure must lie in, both ends inclusive; `aim` is steered for where it is given. */
export interface Aim {
  readonly measure: Measure
  readonly min: number
  readonly max: number
  readonly aim?: number
}

/** A fault as the target's `POST /load/fault` takes it, without its lease. */
export type Fault =
  | { readonly fault: 'latency'; readonly ms: number }
  | { readonly fault: 'errors'; readonly percent: number }
  | { readonly fault: 'outage' }
  | { readonly fault: 'leak'; readonly megabytesPerSecond: number }
  | { readonly fault: 'oom' }

/** A stretch of a profile; after the last one the first begins again. */
export interface Phase {
  readonly name: string
  /** `null` lasts to the end. */
  readonly seconds: number | null
  /** After its begin this long is not judged: load needs time to build up, and memory to be filled. */
  readonly settleSeconds: number
  readonly aims: readonly Aim[]
  readonly httpPerSecond: number
  readonly database: { readonly concurrency: number; readonly mix: QueryMix } | null
  readonly faults: readonly Fault[]
  /** Makes the target's process end by itself at the begin of the phase. */
  readonly crash: boolean
}

export interface Profile {
  readonly doc: string
  readonly phases: readonly [Phase, ...Phase[]]
  /** The target is meant to end and come back at least this often; 0 where it must not. */
  readonly restarts: number
}

const mixed: QueryMix = { reads: 60, writes: 25, locks: 10, slow: 5 }
const RAMP_SECONDS = 10

const quiet: Phase = {
  name: 'steady',
  seconds: null,
  settleSeconds: RAMP_SECONDS,
  aims: [],
  httpPerSecond: 0,
  database: null,
  faults: [],
  crash: false,
}

const steady = (doc: string, phase: Partial<Phase>): Profile => ({ doc, phases: [{ ...quiet, ...phase }], restarts: 0 })
const cpu = (min: number, max: number, aim: number): Aim => ({ measure: 'cpu', min, max, aim })

export const PROFILES = {
  low: steady('10–20 % of the container’s CPU, light HTTP traffic', { aims: [cpu(10, 20, 15)], httpPerSecond: 20 }),
  medium: steady('30–40 % of the CPU, HTTP traffic', { aims: [cpu(30, 40, 35)], httpPerSecond: 50 }),
  high: steady('60–70 % of the CPU, busy HTTP traffic', { aims: [cpu(60, 70, 65)], httpPerSecond: 80 }),
  extreme: steady('above 80 % of the CPU, above 60 % of the memory, a busy database', {
    aims: [
      cpu(80, 100, 90),
      { measure: 'memory', min: 60, max: 85, aim: 70 },
      { measure: 'queries', min: 60, max: 240, aim: 120 },
    ],
    database: { concurrency: 10, mix: mixed },
    httpPerSecond: 40,
  }),
  'cpu-intensive': steady('above 80 % of the CPU', { aims: [cpu(80, 100, 91)] }),
  'memory-intensive': steady('70–85 % of the memory limit, held and released, without an OOM kill', {
    aims: [{ measure: 'memory', min: 70, max: 85, aim: 77 }],
  }),
  'db-intensive': steady('200 queries a second: reads, writes, locks and a share of slow ones', {
    aims: [{ measure: 'queries', min: 160, max: 240, aim: 200 }],
    database: { concurrency: 20, mix: mixed },
  }),
  latency: steady('answers take 1.5 s more', {
    aims: [{ measure: 'healthMs', min: 1400, max: 3000 }],
    httpPerSecond: 5,
    faults: [{ fault: 'latency', ms: 1500 }],
  }),
  errors: steady('30 of 100 answers are a 500', {
    aims: [{ measure: 'serverErrors', min: 20, max: 40 }],
    httpPerSecond: 50,
    faults: [{ fault: 'errors', percent: 30 }],
  }),
  outage: steady('the health check fails while the process lives', {
    aims: [{ measure: 'healthFailing', min: 100, max: 100 }],
    faults: [{ fault: 'outage' }],
  }),
  leak: steady('memory grows by 4 MiB a second until the end', {
    aims: [{ measure: 'memoryGrowth', min: 3, max: 5 }],
    faults: [{ fault: 'leak', megabytesPerSecond: 4 }],
  }),
  oom: {
    doc: 'memory beyond the limit: the kernel kills the process, once',
    phases: [
      { ...quiet, name: 'kill', seconds: 10, faults: [{ fault: 'oom' }] },
      { ...quiet, name: 'after' },
    ],
    restarts: 1,
  },
  'crash-loop': {
    doc: 'the process ends with exit code 1 every 12 s',
    // The engine doubles its wait before a restart unless the container ran for 10 s: at 8 s it was away half the time.
    phases: [{ ...quiet, name: 'crash', seconds: 12, crash: true }],
    restarts: 3,
  },
  spike: {
    doc: '5 s at 90 % of the CPU every 20 s: bursts that must not alarm',
    phases: [
      { ...quiet, name: 'burst', seconds: 5, settleSeconds: 2, aims: [cpu(80, 100, 90)] },
      { ...quiet, name: 'rest', seconds: 15, settleSeconds: 2, aims: [{ measure: 'cpu', min: 0, max: 15 }] },
    ],
    restarts: 0,
  },
} as const satisfies Readonly<Record<string, Profile>>

export type Level = keyof typeof PROFILES
export const LEVELS = Object.keys(PROFILES) as readonly Level[]

export interface PhaseAt {
  readonly phase: Phase
  /** Counts up from 0 with each phase begun. */
  readonly turn: number
  readonly sinceMs: number
}

/** Which phase a profile is in after `elapsedMs`, and for how long. */
export function phaseAt(profile: Profile, elapsedMs: number): PhaseAt {
  let left = elapsedMs
  for (let turn = 0; ; turn++) {
    const phase = profile.phases[turn % profile.phases.length] ?? profile.phases[0]
    if (phase.seconds === null || left < phase.seconds * 1000) return { phase, turn, sinceMs: left }
    left -= phase.seconds * 1000
  }
}
