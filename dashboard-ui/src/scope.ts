/**
 * One container over one stretch of time: its history fetched on opening and after every reconnect, its live rows after
 * that, and the window all its charts share.
 */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { EpochMs } from '@plimsoll/contracts/time'
import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { joined, joinedEvents, type MomentOf, momentsOf } from './core/moments.ts'
import type { Source } from './core/points.ts'
import { boundsOf, liveReachMs, type Range } from './core/route.ts'
import { lifeOf } from './core/spans.ts'
import { fetchHistory } from './io/api.ts'
import { alerts, containers, ended, events, intervalMs, latest, monitorNow, ringOf } from './store.ts'

/** Rows a chart can show; more are not asked for. */
const POINTS = 900
/** A long stretch is fetched anew this often at most; its newest end comes from the live rows anyway. */
const REFETCH_MS = 60_000

export interface Window {
  readonly from: EpochMs
  readonly to: EpochMs
}

export interface Scope {
  readonly name: string
  readonly range: Range
  readonly history: ReadonlySignal<HistoryAnswer | null>
  /** Why there is no history, in words; `null` when there is, or it is on its way. */
  readonly error: ReadonlySignal<string | null>
  readonly window: ReadonlySignal<Window>
  readonly life: ReadonlySignal<ReturnType<typeof lifeOf>>
  /** Whether it is or was asked for its health in this time: then it has a response time, also while it is away. */
  readonly answers: ReadonlySignal<boolean>
  /** Its alerts, live and remembered, newest first. */
  readonly alerts: ReadonlySignal<readonly AlertView[]>
  /** What happened to it, live and remembered, newest first. */
  readonly events: ReadonlySignal<readonly FleetEvent[]>
  /** What its charts mark. */
  readonly moments: ReadonlySignal<readonly MomentOf[]>
  source(): Source
  /** Fetches the history; answers with the way to stop. Called again for every snapshot. */
  load(): () => void
}

/** The shared window moves in steps of a pixel, so that a day's chart is not redrawn for every tick. */
function windowOf(name: string, range: Range, history: ReadonlySignal<HistoryAnswer | null>): ReadonlySignal<Window> {
  let before: Window = { from: 0, to: 0 }
  return computed(() => {
    const now = latest.value?.at ?? monitorNow()
    const { from, to } =
      live(range, now, history.value === null ? null : firstAt(history.value, name)) ?? boundsOf(range, now)
    const grain = range.kind === 'fixed' ? 1 : Math.max(intervalMs.value, (to - from) / POINTS)
    const end = Math.ceil(to / grain) * grain
    if (end !== before.to || to - from !== before.to - before.from) before = { from: end - (to - from), to: end }
    return before
  })
}

/** The first row with a number, of history or live; `null` when there is none. */
function firstAt(history: HistoryAnswer, name: string): EpochMs | null {
  const ring = ringOf(name)
  return history.at[0] ?? (ring === null || ring.length === 0 ? null : (ring.at[ring.start] ?? null))
}

function live(range: Range, now: EpochMs, first: EpochMs | null): Window | null {
  if (range.kind === 'fixed' || first === null) return null
  return { from: now - liveReachMs(now - first, range.reach), to: now }
}

function loader(
  name: string,
  range: Range,
  into: { answer: (got: HistoryAnswer) => void; why: (text: string) => void },
) {
  const fetchOnce = async (signalled: AbortSignal): Promise<void> => {
    const { from, to } = boundsOf(range, monitorNow())
    const got = await fetchHistory(name, { from, to, points: POINTS }, signalled)
    if (signalled.aborted) return
    if (got.ok) into.answer(got.answer)
    else into.why(got.why)
  }
  return () => {
    const abort = new AbortController()
    void fetchOnce(abort.signal)
    const again = range.kind === 'live' && range.reach !== '15m'
    const timer = again ? setInterval(() => document.hidden || void fetchOnce(abort.signal), REFETCH_MS) : null
    return () => {
      abort.abort()
      if (timer !== null) clearInterval(timer)
    }
  }
}

/** The scope of container `name` over `range`. Nothing is fetched before `load`. */
export function newScope(name: string, range: Range): Scope {
  const history = signal<HistoryAnswer | null>(null)
  const error = signal<string | null>(null)
  const load = loader(name, range, {
    answer: (got) => {
      history.value = got
      error.value = null
    },
    why: (text) => {
      error.value = text
    },
  })
  const own = computed(() => {
    const live = alerts.value.filter((alert) => alert.container === name)
    return joined(live, history.value?.alerts ?? [])
  })
  const happened = computed(() => {
    const live = events.value.filter((event) => event.container === name)
    return joinedEvents(live, history.value?.events ?? [])
  })
  return {
    name,
    range,
    history,
    error,
    answers: computed(() => {
      const probed = containers.value.get(name)?.probe != null
      return probed || (history.value?.columns.responseMs?.some((ms) => ms !== null) ?? false)
    }),
    alerts: own,
    events: happened,
    moments: computed(() => momentsOf(name, own.value, happened.value)),
    window: windowOf(name, range, history),
    life: computed(() =>
      lifeOf(history.value?.spans ?? [], ended.value.get(name) ?? [], containers.value.get(name) ?? null),
    ),
    source: () => ({ history: history.value, ring: ringOf(name), intervalMs: intervalMs.value }),
    load,
  }
}
