/** The answers of the monitor's HTTP interface, and every error code it can give. */
import type { AlertView } from './alert.ts'
import type { ContainerView, FleetEvent, Span } from './container.ts'
import type { DeliveryStatus } from './delivery.ts'
import type { DetailNumbers } from './details.ts'
import type { Evidence } from './evidence.ts'
import type { MetricName, Numbers } from './metrics.ts'
import type { EpochMs } from './time.ts'

/** Every error code with its HTTP status and what it means. The documentation lists exactly these. */
export const ERROR_CODES = {
  'bad-request': { status: 400, doc: 'a parameter is missing or wrong; the message names it' },
  'host-not-allowed': { status: 403, doc: 'the Host header is not one this monitor answers to; see ALLOWED_HOSTS' },
  'origin-not-allowed': { status: 403, doc: 'a changing request came from another site' },
  'not-found': { status: 404, doc: 'there is nothing at this address' },
  'container-not-found': { status: 404, doc: 'no container of this name is known' },
  'alert-not-found': { status: 404, doc: 'no alert of this id is known' },
  'not-ready': { status: 503, doc: 'the monitor has just started and does not know yet; ask again in a second' },
  'too-many-requests': { status: 429, doc: 'slow down; Retry-After says for how long' },
  'logs-unavailable': { status: 501, doc: "the container's logging driver keeps nothing that could be read" },
  'engine-unreachable': { status: 503, doc: 'the Docker engine does not answer' },
  internal: { status: 500, doc: 'a fault of ours; the log has the cause' },
} as const satisfies Readonly<Record<string, { status: number; doc: string }>>
export type ErrorCode = keyof typeof ERROR_CODES

export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string }
}

/** How the monitor stands with the engine. */
export type EngineView =
  | { readonly state: 'connecting'; readonly since: EpochMs; readonly where: string }
  | {
      readonly state: 'connected'
      readonly since: EpochMs
      readonly where: string
      /** The engine's `Name`, or `HOST_NAME`. */
      readonly host: string
      readonly version: string
      readonly apiVersion: string
      readonly cpus: number
      readonly memoryBytes: number
    }
  | {
      readonly state: 'unreachable'
      readonly since: EpochMs
      readonly where: string
      readonly error: string
      /** What a person can do about it. */
      readonly advice: string
    }

/** `GET /api/containers`: all of them, their newest numbers beside. */
export interface ContainersAnswer {
  readonly at: EpochMs
  readonly engine: EngineView
  readonly containers: readonly (ContainerView & { readonly numbers: Numbers })[]
  /** With `?removed=1`: what the engine no longer has and of which history is stored, the last ones first, at most 500. */
  readonly removed?: readonly StoredContainer[]
}

/** A container of which history is stored; its history is asked for by its name. */
export interface StoredContainer {
  readonly name: string
  readonly host: string
  readonly image: string
  readonly project: string | null
  readonly service: string | null
  /** The first and last time that anything is stored of. */
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
}

/** `GET /api/containers/:name`: one of them, with what is told of one only. */
export type ContainerAnswer = ContainerView & {
  readonly numbers: Numbers
  /** `null` without a look at its present run. */
  readonly details: DetailNumbers | null
}

/** `GET /api/containers/:name/history?from&to&points&metrics`: columns of equal length; `null` is a gap. */
export interface HistoryAnswer {
  readonly name: string
  readonly from: EpochMs
  readonly to: EpochMs
  /** The time that one row stands for. */
  readonly stepMs: number
  readonly at: readonly EpochMs[]
  readonly columns: { readonly [K in MetricName]?: readonly (number | null)[] }
  /** The greatest value within each row's time, where a short peak matters; empty when rows are as they were recorded. */
  readonly maxima?: { readonly [K in MetricName]?: readonly (number | null)[] }
  /** The least value within each row's time, of the metrics whose low matters; with rows of more than one sample. */
  readonly minima?: { readonly [K in MetricName]?: readonly (number | null)[] }
  /** What condition it was in, without holes from `from` (or the first knowledge of it) on. */
  readonly spans: readonly Span[]
  /** What happened to it in this time, and the alerts that were firing then; newest first, at most 500 of each. */
  readonly events?: readonly FleetEvent[]
  readonly alerts?: readonly AlertView[]
}

/** One line a container wrote. */
export interface LogLine {
  /** When the engine took it in; `null` when it does not say. */
  readonly at: EpochMs | null
  /** A container with a terminal has one stream, `stdout`. */
  readonly stream: 'stdout' | 'stderr'
  /**
   * As it was written, without its line end: control characters and colours (ANSI) are in it, to be shown and never
   * obeyed. What is not UTF-8 is U+FFFD.
   */
  readonly text: string
}

/** `GET /api/containers/:name/logs?tail`: oldest first. */
export interface LogsAnswer {
  readonly name: string
  readonly lines: readonly LogLine[]
  /** There were more within `tail`, or longer ones, than an answer holds: the oldest are left out, long ones cut. */
  readonly truncated: boolean
}

/** `GET /api/alerts?state&limit&before`: newest first; `before` (a time) turns the page. */
export interface AlertsAnswer {
  readonly alerts: readonly AlertView[]
}

/** `GET /api/alerts/:id`: one alert, whether it fires or not. */
export type AlertAnswer = AlertView & {
  /**
   * What was known when it fired; `null` when there is none: it is older than `LOG_RETENTION`, could not be written, or is
   * one more of those that a cause holds back (`suppressed`), of which one in ten minutes has evidence.
   */
  readonly evidence: Evidence | null
}

/** `GET /api/events?limit&before`: newest first; `before` (a time) turns the page. */
export interface EventsAnswer {
  readonly events: readonly FleetEvent[]
}

/** `GET /health`: 200 while the monitor does its work, 503 when its sampler stalls. */
export interface HealthAnswer {
  readonly status: 'ok' | 'degraded' | 'stalled'
  readonly problems: readonly string[]
}

/** `GET /api/status`: how the monitor itself is. */
export interface StatusAnswer {
  readonly build: string
  readonly startedAt: EpochMs
  readonly engine: EngineView
  readonly sampler: {
    readonly intervalMs: number
    readonly lastAt: EpochMs | null
    /** How long the last round took, and how many rounds came too late since the start. */
    readonly lastRoundMs: number | null
    readonly lateRounds: number
    /** Why the interval is longer than wanted, in words; `null` when it is not. */
    readonly slowed?: string | null
    /** That it cannot keep up, in words; `null` while it does. */
    readonly behind?: string | null
  }
  readonly own: { readonly cpuPercent: number; readonly rssBytes: number }
  /** What sampling causes in the engine's daemons, and what it may cause there and here together. */
  readonly cost?: CostView
  /** How many containers are read from where, and why from there. */
  readonly sources?: readonly { readonly source: string; readonly containers: number }[]
  readonly viewers: number
  /** Each file the monitor writes, with its last error while it cannot. */
  readonly sinks: readonly { readonly name: string; readonly ok: boolean; readonly error: string | null }[]
  /** What the alert service says of itself; `null` without `ALERT_SERVICE_URL`. */
  readonly delivery: DeliveryView | null
}

export interface CostView {
  /**
   * An estimate, as a share of one core: the CPU time of dockerd and containerd while statistics are asked for, less what
   * they take while they are not. 0 when nothing is asked there; `null` when it cannot be told.
   */
  readonly engineEstimatePercent: number | null
  /** Share of one core that sampling may take here and in the engine; the interval grows before it is spent. */
  readonly budgetPercent: number
}

/** The alert service as the monitor sees it. */
export type DeliveryView =
  | { readonly reachable: true; readonly at: EpochMs; readonly status: DeliveryStatus }
  | { readonly reachable: false; readonly since: EpochMs; readonly error: string }
