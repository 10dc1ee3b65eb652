/** An alert as it crosses between the monitor, the alert log, the alert service and the page. */
import type { EpochMs } from './time.ts'

export const SEVERITIES = ['critical', 'warning'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The states a line of the alert log can tell of. */
export const ALERT_STATES = ['firing', 'resolved', 'acknowledged', 'silenced'] as const
export type AlertState = (typeof ALERT_STATES)[number]

/** The rules' names. A name, once used, keeps its meaning. */
export const RULE_NAMES = [
  'container-down',
  'container-stopped',
  'container-oom',
  'container-restart-loop',
  'container-unhealthy',
  'health-check-failed',
  'slow-response',
  'high-cpu',
  'high-memory',
  'cpu-throttled',
  'host-cpu',
  'host-memory',
  'host-disk',
  'flapping',
  'engine-unreachable',
  'monitor-degraded',
  'monitor-silent',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

/** One line of the alert log. Later lines of an alert carry the `id` of its `firing` line. */
export interface AlertEvent {
  readonly time: EpochMs
  readonly severity: Severity
  readonly state: AlertState
  /** `null` for an alert about the host, the engine or the monitor itself. */
  readonly container: string | null
  /** The Compose project of the container; absent where it has none. */
  readonly project?: string
  /** A `RuleName`, or the name of a user's own rule. */
  readonly rule: string
  /** One line for a person, with the numbers in it. */
  readonly summary: string
  /** The value that decided and the threshold it was held against; `null` where the rule has none. */
  readonly value: number | null
  readonly threshold: number | null
  /** The engine's name, or `HOST_NAME`. */
  readonly host: string
  /** A ULID, made when the alert fires. */
  readonly id: string
  /** Why the line is not to be delivered, and the alert or silence that holds it back. */
  readonly suppressed?: string
  readonly by?: string
}

/** An alert from its firing to its end, as the page lists it. */
export interface AlertView {
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly container: string | null
  /** As in `AlertEvent`. */
  readonly project?: string
  readonly host: string
  readonly summary: string
  readonly value: number | null
  readonly threshold: number | null
  readonly firedAt: EpochMs
  /** `null` while it fires. */
  readonly resolvedAt: EpochMs | null
  /** What the `resolved` line said. */
  readonly resolvedSummary: string | null
  /** Somebody looks after it, or silenced it while it fired: it is not repeated. */
  readonly handled?: { readonly state: 'acknowledged' | 'silenced'; readonly at: EpochMs; readonly why: string }
  /** As in `AlertEvent`: why it is not delivered, and what holds it back. */
  readonly suppressed?: string
  readonly by?: string
}
