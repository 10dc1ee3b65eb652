/** A container as the page, the HTTP answers and the live events show it. */
import type { EpochMs } from './time.ts'

/** The engine's own words for a container's state, and `removed` for one it no longer has. */
export const CONTAINER_STATES = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
  'removed',
] as const
export type ContainerState = (typeof CONTAINER_STATES)[number]

/** The verdict of the image's own health check; `none` without one. */
export const HEALTH_STATES = ['none', 'starting', 'healthy', 'unhealthy'] as const
export type Health = (typeof HEALTH_STATES)[number]

/**
 * A stretch of time in one condition, for the up/down strip. `unknown` is time in which nobody could tell: the engine
 * was away, or the monitor did not run.
 */
export interface Span {
  readonly from: EpochMs
  /** `null` while it lasts. */
  readonly to: EpochMs | null
  readonly condition: 'up' | 'down' | 'paused' | 'unknown'
  /** Why, in words: `killed (SIGKILL), exit code 137 (SIGKILL)`, `stopped on purpose`, `engine unreachable`. */
  readonly why: string
}

/** The last answer of a container's health target. */
export interface ProbeView {
  readonly url: string
  readonly at: EpochMs
  readonly ok: boolean
  /** How long the answer took; of a failed probe too, when there was an answer. `null` without one. */
  readonly responseMs: number | null
  /** `200`, `503`, `timeout after 5 s`, `connection refused`. */
  readonly detail: string
}

/** What is known of a container but its numbers, which travel in ticks. */
export interface ContainerView {
  /** Names the container in ticks; stays with the name for as long as the monitor runs. */
  readonly no: number
  /** The engine's id, 64 hex digits; changes when the container is re-created under its name. */
  readonly id: string
  readonly name: string
  readonly host: string
  readonly image: string
  readonly state: ContainerState
  readonly health: Health
  readonly startedAt: EpochMs | null
  readonly finishedAt: EpochMs | null
  /** Of the last run, once it ended. */
  readonly exitCode: number | null
  readonly restarts: number
  /** The Compose project and service, from Compose's labels. */
  readonly project: string | null
  readonly service: string | null
  /** Cores it may use; `null` without a limit. */
  readonly cpuLimitCores: number | null
  /** `null` without a limit. */
  readonly memoryLimitBytes: number | null
  /** Where its rules fire: the Plimsoll marks of its level bars. CPU is on `cpuPercent`. */
  readonly thresholds: { readonly cpuPercent: number; readonly memoryPercent: number; readonly responseMs: number }
  readonly probe: ProbeView | null
  /** Where its numbers come from: `cgroup v1 files`, or `API:` and why. Absent while it has none. */
  readonly source?: string
  /** The condition it is in now; the stretches before stand in its history. */
  readonly span: Span
}

/** Something that happened to a container, for the timeline: planned or not, alarmed or not. */
export interface FleetEvent {
  readonly at: EpochMs
  /** Counts up over the monitor's life; orders events of one millisecond. */
  readonly no: number
  readonly container: string | null
  readonly kind:
    | 'created'
    | 'started'
    | 'stopped'
    | 'died'
    | 'paused'
    | 'unpaused'
    | 'renamed'
    | 'removed'
    | 'health'
    | 'oom'
    | 'engine'
  /** A sentence: `stopped on purpose, exit code 143 (SIGTERM)`. */
  readonly text: string
}
