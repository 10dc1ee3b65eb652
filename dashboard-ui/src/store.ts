/**
 * The loop of the page: what comes in is reduced at once, and the views hear of it once per animation frame; not at all
 * while the page is hidden, and once when it is seen again. What fires is told at once, for the tab's title and icon.
 */
import type { ContainerView } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { batch, computed, type Signal, signal } from '@preact/signals'
import { firingBy } from './core/fleet.ts'
import { reduce } from './core/reduce.ts'
import { pushAll, type Ring, type Rings } from './core/series.ts'
import { type Action, INITIAL, type State } from './core/state.ts'

/** How often "since" and "ago" move. */
const BEAT_MS = 1000
const GATHER_MS = 100

let state: State = INITIAL
const rings: Rings = new Map()
let names: ReadonlyMap<number, string> = new Map()
let clockAheadMs = 0
let frame = 0
let gathering = 0
let beatAt = 0
let lastHeardAt = Date.now()

const signals: { readonly [K in keyof State]: Signal<State[K]> } = {
  link: signal(INITIAL.link),
  hello: signal(INITIAL.hello),
  build: signal(INITIAL.build),
  reload: signal(INITIAL.reload),
  engine: signal(INITIAL.engine),
  machine: signal(INITIAL.machine),
  delivery: signal(INITIAL.delivery),
  containers: signal(INITIAL.containers),
  latest: signal(INITIAL.latest),
  alerts: signal(INITIAL.alerts),
  events: signal(INITIAL.events),
  ended: signal(INITIAL.ended),
  snapshots: signal(INITIAL.snapshots),
}

/** What the views read. */
export const { link, hello, reload, engine, machine, delivery, containers, latest, alerts, events, ended, snapshots } =
  signals

/** The monitor's clock, once a second while the page is seen: for "since" and "ago". */
export const now = signal<EpochMs>(Date.now())

/** Whether nothing was heard for longer than three rounds although the connection stands. */
export const silent = signal(false)

/** Whether what is shown is from before: the monitor is lost or silent, or the engine does not answer it. */
export const stale = computed(
  () => link.value.state === 'lost' || silent.value || engine.value?.state === 'unreachable',
)

export const firing = computed(() => alerts.value.filter((alert) => alert.resolvedAt === null))
/** The worst that fires, by container name. */
export const severities = computed(() => firingBy(alerts.value))
export const intervalMs = computed(() => hello.value?.sampleIntervalMs ?? 2000)

/** The monitor's time now: the browser's clock may be wrong, the numbers carry the monitor's. */
export function monitorNow(): EpochMs {
  return Date.now() + clockAheadMs
}

/** The last minutes of a container; `null` before its first tick. Mutated in place: read `latest` to be told. */
export function ringOf(name: string): Ring | null {
  return rings.get(name) ?? null
}

function publish(): void {
  frame = 0
  batch(() => {
    // With the numbers, so that a second is one redraw and not two.
    if (Date.now() - beatAt > BEAT_MS / 2) beatNow()
    for (const key of Object.keys(signals) as (keyof State)[]) {
      const part = signals[key] as Signal<unknown>
      part.value = state[key]
    }
  })
}

function keepSeries(before: State, action: Action): void {
  if (before.containers !== state.containers)
    names = new Map([...state.containers.values()].map((view: ContainerView) => [view.no, view.name]))
  if (action.kind === 'snapshot') {
    for (const name of rings.keys()) if (!state.containers.has(name)) rings.delete(name)
    pushAll(rings, action.snapshot.tick, names, state.hello?.sampleIntervalMs ?? 2000)
  }
  if (action.kind === 'tick') pushAll(rings, action.tick, names, state.hello?.sampleIntervalMs ?? 2000)
}

/** Takes in what came. `onAlerts` hears of every change of what fires, also while the page is hidden. */
export function makeDispatch(onAlerts: (state: State, action: Action) => void): (action: Action) => void {
  return (action) => {
    const before = state
    state = reduce(state, action)
    if (action.kind === 'hello') clockAheadMs = action.hello.at - Date.now()
    if (action.kind !== 'lost') lastHeardAt = Date.now()
    keepSeries(before, action)
    if (before.alerts !== state.alerts) onAlerts(state, action)
    if (action.kind === 'tick' || action.kind === 'container') gather()
    else schedule()
  }
}

function schedule(): void {
  clearTimeout(gathering)
  gathering = 0
  if (frame === 0 && !document.hidden) frame = requestAnimationFrame(publish)
}

/** A round of the sampler comes as a tick and a handful of containers: they are one redraw. */
function gather(): void {
  if (gathering === 0 && frame === 0 && !document.hidden) gathering = window.setTimeout(schedule, GATHER_MS)
}

function beatNow(): void {
  beatAt = Date.now()
  // While nothing is heard nothing is claimed: "running for" stands still with the numbers.
  if (state.link.state !== 'lost') now.value = monitorNow()
}

function beat(): void {
  if (document.hidden) return
  if (Date.now() - beatAt >= BEAT_MS) beatNow()
  silent.value = link.value.state === 'live' && Date.now() - lastHeardAt > Math.max(5000, 3 * intervalMs.value)
}

/** Starts the page's clock and its waking up after having been hidden. */
export function startClock(): void {
  setInterval(beat, BEAT_MS / 2)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      cancelAnimationFrame(frame)
      clearTimeout(gathering)
      frame = 0
      gathering = 0
      return
    }
    schedule()
    beat()
  })
}
