/**
 * The rules: what fires which alert, when, and what ends it. This table is the place to look for "the rule that did
 * it"; how a row is played stands in `watch.ts`, how an observation becomes a reading in `readings.ts`.
 */
import type { RuleName, Severity } from '@plimsoll/contracts/alert'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Subject } from './observation.ts'
import type { QuietHours } from './quiet-hours.ts'

/** Where a level fires: a threshold of the container (setting or label), or a number. */
export type Limit = keyof Subject['thresholds'] | number

/** What a rule looks at. `event` rules are told of a condition that lasts until it is told otherwise. */
export type Watches =
  | { readonly kind: 'metric'; readonly metric: MetricName }
  | { readonly kind: 'latency'; readonly percentile: number; readonly windowMs: number; readonly atLeast: number }
  | { readonly kind: 'probe' }
  /** A level of the host. */
  | { readonly kind: 'host'; readonly level: 'cpu' | 'memory' | 'disk' }
  | { readonly kind: 'event' }

export interface Rule {
  readonly severity: Severity
  readonly watches: Watches
  /** Fires above it; `null` where there is no number to compare. */
  readonly above: Limit | null
  /** From the rules file: in place of the setting that `above` names, but not of the container's own label. */
  readonly insteadOfSetting: number | null
  /** The containers it is for, by name, `*` for any letters; `null` for all. */
  readonly only: readonly string[] | null
  /** Clears below this share of `above` when under 1 or equal, else below this number itself; `null` with `above`. */
  readonly clearBelow: { readonly ratio: number } | { readonly level: number } | null
  /** From the rules file: when it is written and shown, but not delivered. */
  readonly heldDuring?: readonly QuietHours[]
  /** How long, and over how many readings at least, it must be so before it fires. */
  readonly forMs: number
  readonly minSamples: number
  /** How long, and over how many readings at least, it must be well before it clears. */
  readonly clearForMs: number
  readonly clearSamples: number
  /** For rules that clear because nothing happened for `clearForMs`: what is then said. Others clear by good readings. */
  readonly quiet: string | null
}

const S = 1000
const MIN = 60 * S
const event = {
  watches: { kind: 'event' },
  above: null,
  clearBelow: null,
  minSamples: 1,
  clearSamples: 1,
  quiet: null,
  insteadOfSetting: null,
  only: null,
} as const
// The levels' shared columns: 90 % of the threshold clears, and a reading or two decide nothing.
const level = { ...event, clearBelow: { ratio: 0.9 }, minSamples: 3, clearForMs: 15 * S, clearSamples: 3 } as const
const hostLevel = {
  ...level,
  severity: 'warning',
  forMs: 60 * S,
  minSamples: 5,
  clearForMs: 60 * S,
  clearSamples: 5,
} as const
// The kernel kills, then (150 ms later, when it was the container's main process) the container ends.
const OOM_MS = 500

// biome-ignore format: a table is read by its columns
export const RULES = {
  'container-down':         { ...event, severity: 'critical', forMs: 0,       clearForMs: 5 * S },
  'container-stopped':      { ...event, severity: 'warning',  forMs: 5 * MIN, clearForMs: 0 },
  'container-oom':          { ...event, severity: 'critical', forMs: OOM_MS,  clearForMs: 60 * S,  quiet: 'no process killed for memory' },
  'container-restart-loop': { ...event, severity: 'critical', forMs: 0,       clearForMs: 5 * MIN, quiet: 'has not restarted' },
  'container-unhealthy':    { ...event, severity: 'critical', forMs: 0,       clearForMs: 0 },
  'flapping':               { ...event, severity: 'warning',  forMs: 0,       clearForMs: 5 * MIN, quiet: 'has not changed' },
  'engine-unreachable':     { ...event, severity: 'critical', forMs: 10 * S,  clearForMs: 5 * S },
  'monitor-degraded':       { ...event, severity: 'warning',  forMs: 5 * S,   clearForMs: 5 * S },
  'health-check-failed': {
    ...event, severity: 'critical', watches: { kind: 'probe' }, forMs: 0, minSamples: 3, clearForMs: 0, clearSamples: 2,
  },
  'slow-response': {
    ...level, severity: 'warning', watches: { kind: 'latency', percentile: 95, windowMs: 30 * S, atLeast: 5 },
    above: 'responseMs', forMs: 0, minSamples: 1,
  },
  'high-cpu': {
    ...level, severity: 'warning', watches: { kind: 'metric', metric: 'cpuPercent' }, above: 'cpuPercent', forMs: 15 * S,
  },
  'high-memory': {
    ...level, severity: 'warning', watches: { kind: 'metric', metric: 'memoryPercent' }, above: 'memoryPercent', forMs: 15 * S,
  },
  'cpu-throttled': {
    ...level, severity: 'warning', watches: { kind: 'metric', metric: 'throttledPercent' }, above: 25,
    clearBelow: { level: 10 }, forMs: 60 * S, minSamples: 5, clearForMs: 60 * S, clearSamples: 5,
  },
  'host-cpu':    { ...hostLevel, watches: { kind: 'host', level: 'cpu' },    above: 80 },
  'host-memory': { ...hostLevel, watches: { kind: 'host', level: 'memory' }, above: 90 },
  'host-disk':   { ...hostLevel, watches: { kind: 'host', level: 'disk' },   above: 85 },
} as const satisfies { readonly [K in RuleName]?: Rule }

/** The names of the table. */
export type PlayedRule = keyof typeof RULES

/** The rules the judge plays: the table, or what a rules file makes of it (`rule-file.ts`). */
export type Rules = Readonly<Record<string, Rule>>

/** What an observation is judged by. */
export interface Terms {
  readonly rules: Rules
  readonly now: EpochMs
}

/** Three unasked starts in this time are a restart loop. */
export const RESTART_LOOP = { starts: 3, withinMs: 5 * MIN } as const
/** So many changes (firing, resolved) of one alert in this time are flapping. */
export const FLAPPING = { changes: 5, withinMs: 5 * MIN } as const
/** What was held back and still fires when its cause has been over for this long, becomes an alert of its own. */
export const RELEASE_MS = 30 * S
/** A target that has just started may fail its probes this long, until the first good one: starting is no outage. */
export const STARTUP_GRACE_MS = 30 * S
/** A hold survives a gap in the samples of this length; a longer one starts it anew. */
export const GAP_MS = 60 * S
/** An alert on samples ends when none came for this long: nobody knows any more whether it is still so. */
export const SILENT_MS = 5 * MIN
