/** The socket.io events between the monitor and the page. */
import type { AlertView } from './alert.ts'
import type { ContainerView, FleetEvent } from './container.ts'
import type { DeliveryView, EngineView } from './http.ts'
import type { MetricName } from './metrics.ts'
import type { EpochMs } from './time.ts'

/** Raised when an older page can no longer understand the monitor: the page then asks to be reloaded. */
export const WIRE_VERSION = 1

/** The first thing a page hears. */
export interface Hello {
  readonly wire: number
  /** Changes with every build; a page from another build offers to reload. */
  readonly build: string
  readonly at: EpochMs
  readonly sampleIntervalMs: number
  /** How far back `/api/containers/:name/history` reaches. */
  readonly historyMs: number
  /** The container to show first: the first health target. */
  readonly target: string | null
}

/** The whole state; after it, the page only applies changes. */
export interface Snapshot {
  readonly at: EpochMs
  readonly engine: EngineView
  readonly delivery: DeliveryView | null
  readonly containers: readonly ContainerView[]
  /** The newest numbers, so that a page shows them before the first tick. */
  readonly tick: Tick
  /** Newest first. */
  readonly alerts: readonly AlertView[]
  readonly events: readonly FleetEvent[]
}

/** The metrics a tick carries for every container. */
export const TICK_METRICS = [
  'cpuPercent',
  'cpuLimitPercent',
  'memoryUsedBytes',
  'memoryPercent',
  'responseMs',
  'networkReceivedBytesPerSecond',
  'networkSentBytesPerSecond',
  'blockReadBytesPerSecond',
  'blockWrittenBytesPerSecond',
  'throttledPercent',
  'pids',
] as const satisfies readonly MetricName[]
export type TickMetric = (typeof TICK_METRICS)[number]

/** One sampling round, columnar: `columns[metric][i]` belongs to the container whose `no` is `of[i]`. */
export interface Tick {
  readonly at: EpochMs
  readonly of: readonly number[]
  readonly columns: { readonly [K in TickMetric]: readonly (number | null)[] }
}

export interface ServerEvents {
  hello: (hello: Hello) => void
  snapshot: (snapshot: Snapshot) => void
  tick: (tick: Tick) => void
  /** New or changed. One that the engine no longer has comes with the state `removed`. */
  container: (view: ContainerView) => void
  alert: (alert: AlertView) => void
  event: (event: FleetEvent) => void
  engine: (engine: EngineView) => void
  delivery: (delivery: DeliveryView | null) => void
}

/** The page only listens. */
export type ClientEvents = Record<never, never>
