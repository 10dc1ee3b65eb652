/** What the page knows, and what can come in. Plain data; `reduce` joins them. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView, FleetEvent, Span } from '@plimsoll/contracts/container'
import type { DeliveryView, EngineView } from '@plimsoll/contracts/http'
import type { Hello, Snapshot, Tick, TickMetric } from '@plimsoll/contracts/live'
import type { EpochMs } from '@plimsoll/contracts/time'

/** How the page stands with the monitor. `lost` carries the time of the last thing known. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly since: EpochMs }

/** Whether the page should be loaded anew: another build is there, or this one cannot read the monitor any more. */
export type Reload = 'none' | 'offered' | 'required'

/** The newest numbers, with the way from a container's number to its column. */
export interface Latest {
  readonly at: EpochMs
  readonly place: ReadonlyMap<number, number>
  readonly columns: Tick['columns']
}

/** What the engine told of its host. */
export type Machine = Extract<EngineView, { readonly state: 'connected' }>

export interface State {
  readonly link: Link
  readonly hello: Hello | null
  /** What the first hello said: the build this page was loaded with. */
  readonly build: string | null
  readonly reload: Reload
  readonly engine: EngineView | null
  /** The machine as the engine last told of it: it stays known while the engine is away. */
  readonly machine: Machine | null
  readonly delivery: DeliveryView | null
  /** By name. */
  readonly containers: ReadonlyMap<string, ContainerView>
  readonly latest: Latest | null
  /** Newest first, at most `KEPT`. */
  readonly alerts: readonly AlertView[]
  /** Newest first, at most `KEPT`. */
  readonly events: readonly FleetEvent[]
  /** Stretches that ended while the page watched, oldest first, by container name. */
  readonly ended: ReadonlyMap<string, readonly Span[]>
  /** Counts snapshots: whoever shows history fetches it again when this changes. */
  readonly snapshots: number
}

/** How many alerts, events and ended stretches a page holds. */
export const KEPT = 500

export type Action =
  | { readonly kind: 'lost'; readonly at: EpochMs }
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'container'; readonly view: ContainerView }
  | { readonly kind: 'alert'; readonly alert: AlertView }
  | { readonly kind: 'alerts'; readonly alerts: readonly AlertView[] }
  | { readonly kind: 'event'; readonly event: FleetEvent }
  | { readonly kind: 'events'; readonly events: readonly FleetEvent[] }
  | { readonly kind: 'engine'; readonly engine: EngineView }
  | { readonly kind: 'delivery'; readonly delivery: DeliveryView | null }

export const INITIAL: State = {
  link: { state: 'connecting' },
  hello: null,
  build: null,
  reload: 'none',
  engine: null,
  machine: null,
  delivery: null,
  containers: new Map(),
  latest: null,
  alerts: [],
  events: [],
  ended: new Map(),
  snapshots: 0,
}

/** The newest value of a metric for container `no`; `null` when nobody knows it. */
export function newest(latest: Latest | null, no: number, metric: TickMetric): number | null {
  const place = latest?.place.get(no)
  return place === undefined ? null : (latest?.columns[metric]?.[place] ?? null)
}
