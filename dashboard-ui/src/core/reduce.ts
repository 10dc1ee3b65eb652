/** How the page's knowledge changes with what comes in. Pure: the same actions give the same state. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView, FleetEvent, Span } from '@plimsoll/contracts/container'
import type { EngineView } from '@plimsoll/contracts/http'
import { type Hello, type Snapshot, type Tick, WIRE_VERSION } from '@plimsoll/contracts/live'
import { type Action, KEPT, type Latest, type Reload, type State } from './state.ts'

/** The state after `action`. Parts that did not change keep their identity, so that views compare by reference. */
export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case 'lost':
      // The first loss counts: later failed attempts do not make the numbers younger.
      return state.link.state === 'live'
        ? { ...state, link: { state: 'lost', since: state.latest?.at ?? action.at } }
        : state
    case 'hello':
      return withHello(state, action.hello)
    case 'snapshot':
      return withSnapshot(state, action.snapshot)
    case 'tick':
      return { ...state, latest: latestOf(action.tick, state.latest) }
    case 'container':
      return withContainer(state, action.view)
    case 'alert':
      return { ...state, alerts: mergedAlerts(state.alerts, [action.alert]) }
    case 'alerts':
      return { ...state, alerts: mergedAlerts(state.alerts, action.alerts) }
    case 'event':
      return { ...state, events: mergedEvents(state.events, [action.event]) }
    case 'events':
      return { ...state, events: mergedEvents(state.events, action.events) }
    case 'engine':
      return withEngine(state, action.engine)
    case 'delivery':
      return { ...state, delivery: action.delivery }
  }
}

function withEngine(state: State, engine: EngineView): State {
  return { ...state, engine, machine: engine.state === 'connected' ? engine : state.machine }
}

function withHello(state: State, hello: Hello): State {
  const build = state.build ?? hello.build
  const reload: Reload = hello.wire !== WIRE_VERSION ? 'required' : hello.build !== build ? 'offered' : 'none'
  return { ...state, hello, build, reload }
}

function withSnapshot(state: State, snapshot: Snapshot): State {
  // Of another wire version nothing is understood: what is shown stays, and the banner asks for a reload.
  if (state.reload === 'required') return state
  return {
    ...withEngine(state, snapshot.engine),
    link: { state: 'live' },
    delivery: snapshot.delivery,
    containers: new Map(snapshot.containers.map((view) => [view.name, view])),
    latest: latestOf(snapshot.tick, null),
    alerts: mergedAlerts([], snapshot.alerts),
    events: mergedEvents([], snapshot.events),
    ended: new Map(),
    snapshots: state.snapshots + 1,
  }
}

function latestOf(tick: Tick, before: Latest | null): Latest {
  // The columns keep their order while the fleet stays the same: then the way to them is kept too.
  const same =
    before !== null && before.place.size === tick.of.length && tick.of.every((no, i) => before.place.get(no) === i)
  return { at: tick.at, place: same ? before.place : new Map(tick.of.map((no, i) => [no, i])), columns: tick.columns }
}

function withContainer(state: State, view: ContainerView): State {
  const before = state.containers.get(view.name)
  const containers = new Map(state.containers).set(view.name, view)
  if (before === undefined || before.span.from === view.span.from) return { ...state, containers }
  const span: Span = { ...before.span, to: view.span.from }
  const list = [...(state.ended.get(view.name) ?? []), span].slice(-KEPT)
  return { ...state, containers, ended: new Map(state.ended).set(view.name, list) }
}

function mergedAlerts(old: readonly AlertView[], more: readonly AlertView[]): readonly AlertView[] {
  const byId = new Map(old.map((alert) => [alert.id, alert]))
  for (const alert of more) byId.set(alert.id, alert)
  return [...byId.values()].sort((a, b) => b.firedAt - a.firedAt || (a.id < b.id ? 1 : -1)).slice(0, KEPT)
}

function mergedEvents(old: readonly FleetEvent[], more: readonly FleetEvent[]): readonly FleetEvent[] {
  // Numbers begin anew with the monitor: only together with the time do they name an event.
  const byNo = new Map([...old, ...more].map((event) => [`${event.at} ${event.no}`, event]))
  return [...byNo.values()].sort((a, b) => b.at - a.at || b.no - a.no).slice(0, KEPT)
}
