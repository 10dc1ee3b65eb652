/** What the terminal view knows of the monitor, and how it changes: one reducer, nothing else. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView, FleetEvent } from '@plimsoll/contracts/container'
import type { HostAnswer } from '@plimsoll/contracts/host'
import type { DeliveryView, EngineView, HistoryAnswer, StatusAnswer } from '@plimsoll/contracts/http'
import { type Hello, type Snapshot, type Tick, type TickMetric, WIRE_VERSION } from '@plimsoll/contracts/live'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Dot } from './bar.ts'

export const KEPT_ALERTS = 200
export const KEPT_EVENTS = 200
/** Recent values kept of the container that is looked at: 15 minutes of history and as many ticks. */
export const KEPT_VALUES = 1800

export type Link =
  | { readonly state: 'connecting'; readonly why: string | null }
  | { readonly state: 'live' }
  /** `since` is the time of the last numbers: what is shown is as old. */
  | { readonly state: 'lost'; readonly since: EpochMs; readonly why: string | null }
  /** A monitor of another wire version: nothing it says can be understood. */
  | { readonly state: 'foreign'; readonly wire: number }

/** The newest tick, and at which place of its columns each container stands. */
export interface Latest {
  readonly at: EpochMs
  readonly place: ReadonlyMap<number, number>
  readonly columns: Tick['columns']
}

/** The recent values of the container that is looked at: history first, then tick by tick. */
export interface Trail {
  readonly name: string
  /** `null` until the history came. */
  readonly history: HistoryAnswer | null
  /** Why there is no history. */
  readonly why: string | null
  readonly cpu: readonly Dot[]
  readonly memory: readonly Dot[]
}

export interface State {
  readonly link: Link
  readonly hello: Hello | null
  readonly engine: EngineView | null
  readonly delivery: DeliveryView | null
  /** What the monitor itself costs; `null` until it said. */
  readonly own: StatusAnswer['own'] | null
  /** The machine under the engine; `null` when the monitor does not tell. */
  readonly host: HostAnswer | null
  readonly containers: ReadonlyMap<number, ContainerView>
  readonly latest: Latest | null
  readonly alerts: readonly AlertView[]
  readonly events: readonly FleetEvent[]
  readonly trail: Trail | null
}

export type Action =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'container'; readonly view: ContainerView }
  | { readonly kind: 'alert'; readonly alert: AlertView }
  | { readonly kind: 'event'; readonly event: FleetEvent }
  | { readonly kind: 'engine'; readonly engine: EngineView }
  | { readonly kind: 'delivery'; readonly delivery: DeliveryView | null }
  | { readonly kind: 'lost'; readonly at: EpochMs; readonly why: string | null }
  | { readonly kind: 'own'; readonly own: StatusAnswer['own'] | null }
  | { readonly kind: 'host'; readonly host: HostAnswer | null }
  | { readonly kind: 'look'; readonly name: string }
  | { readonly kind: 'history'; readonly history: HistoryAnswer }
  | { readonly kind: 'no-history'; readonly name: string; readonly why: string }

export const EMPTY: State = {
  link: { state: 'connecting', why: null },
  hello: null,
  engine: null,
  delivery: null,
  own: null,
  host: null,
  containers: new Map(),
  latest: null,
  alerts: [],
  events: [],
  trail: null,
}

/** The newest value of a metric of a container; `null` when it is unknown. */
export function newest(latest: Latest | null, no: number, metric: TickMetric): number | null {
  const place = latest?.place.get(no)
  return place === undefined ? null : (latest?.columns[metric][place] ?? null)
}

export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case 'hello':
      return withHello(state, action.hello)
    case 'snapshot':
      return withSnapshot(state, action.snapshot)
    case 'tick':
      return withTick(state, action.tick)
    case 'container':
      return withContainer(state, action.view)
    case 'alert':
      return { ...state, alerts: mergedAlerts(state.alerts, action.alert) }
    case 'event':
      return { ...state, events: mergedEvents(state.events, action.event) }
    case 'engine':
      return { ...state, engine: action.engine }
    case 'delivery':
      return { ...state, delivery: action.delivery }
    case 'lost':
      return { ...state, link: lostLink(state, action) }
    case 'own':
      return { ...state, own: action.own }
    case 'host':
      return { ...state, host: action.host }
    case 'look':
      return { ...state, trail: { name: action.name, history: null, why: null, cpu: [], memory: [] } }
    case 'history':
      return withHistory(state, action.history)
    case 'no-history':
      return state.trail?.name === action.name ? { ...state, trail: { ...state.trail, why: action.why } } : state
  }
}

function withHello(state: State, hello: Hello): State {
  if (hello.wire !== WIRE_VERSION) return { ...state, hello, link: { state: 'foreign', wire: hello.wire } }
  return { ...state, hello }
}

// The first loss counts: attempts that fail later do not make the numbers younger.
function lostLink(state: State, action: { readonly at: EpochMs; readonly why: string | null }): Link {
  switch (state.link.state) {
    case 'live':
      return { state: 'lost', since: state.latest?.at ?? action.at, why: action.why }
    case 'connecting':
    case 'lost':
      return { ...state.link, why: action.why ?? state.link.why }
    case 'foreign':
      return state.link
  }
}

function withSnapshot(state: State, snapshot: Snapshot): State {
  if (state.hello !== null && state.hello.wire !== WIRE_VERSION) return state
  return {
    ...state,
    link: { state: 'live' },
    engine: snapshot.engine,
    delivery: snapshot.delivery,
    containers: new Map(snapshot.containers.map((view) => [view.no, view])),
    latest: latestOf(snapshot.tick),
    alerts: snapshot.alerts.slice(0, KEPT_ALERTS),
    events: snapshot.events.slice(0, KEPT_EVENTS),
  }
}

// One that is gone is dropped unless something about it fires: jobs with random names would fill the memory.
function withContainer(state: State, view: ContainerView): State {
  const containers = new Map(state.containers)
  const fires = state.alerts.some(({ container, resolvedAt }) => container === view.name && resolvedAt === null)
  if (view.state === 'removed' && !fires) containers.delete(view.no)
  else containers.set(view.no, view)
  return { ...state, containers }
}

function latestOf(tick: Tick): Latest {
  return { at: tick.at, place: new Map(tick.of.map((no, i) => [no, i])), columns: tick.columns }
}

function withTick(state: State, tick: Tick): State {
  const latest = latestOf(tick)
  const { trail } = state
  const view = trail === null ? undefined : [...state.containers.values()].find(({ name }) => name === trail.name)
  if (trail === null || view === undefined) return { ...state, latest }
  const dot = (metric: TickMetric): Dot => ({ at: latest.at, value: newest(latest, view.no, metric) })
  const cpu = [...trail.cpu, dot('cpuPercent')].slice(-KEPT_VALUES)
  const memory = [...trail.memory, dot('memoryUsedBytes')].slice(-KEPT_VALUES)
  return { ...state, latest, trail: { ...trail, cpu, memory } }
}

function withHistory(state: State, history: HistoryAnswer): State {
  const { trail } = state
  if (trail?.name !== history.name) return state
  const dots = (metric: TickMetric): readonly Dot[] =>
    history.at.map((at, i) => ({ at, value: history.columns[metric]?.[i] ?? null }))
  const cpu = [...dots('cpuPercent'), ...trail.cpu].slice(-KEPT_VALUES)
  const memory = [...dots('memoryUsedBytes'), ...trail.memory].slice(-KEPT_VALUES)
  return { ...state, trail: { ...trail, history, why: null, cpu, memory } }
}

function mergedAlerts(old: readonly AlertView[], alert: AlertView): readonly AlertView[] {
  const others = old.filter(({ id }) => id !== alert.id)
  return [...others, alert].sort((a, b) => b.firedAt - a.firedAt || (a.id < b.id ? 1 : -1)).slice(0, KEPT_ALERTS)
}

function mergedEvents(old: readonly FleetEvent[], event: FleetEvent): readonly FleetEvent[] {
  const others = old.filter(({ no }) => no !== event.no)
  return [...others, event].sort((a, b) => b.at - a.at || b.no - a.no).slice(0, KEPT_EVENTS)
}
