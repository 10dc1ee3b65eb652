/**
 * The judge's memory: what it knows of each container, which rules are not calm, and the alerts of the page. Plain
 * data that JSON can keep; `io/alert-memory.ts` does. Joining: `newBook`, `alertsOf`, `toSaved`, `fromSaved`.
 */
import type { AlertEvent, AlertView } from '@plimsoll/contracts/alert'
import type { Silence } from '@plimsoll/contracts/silence'
import type { EpochMs } from '@plimsoll/contracts/time'
import { isOfARun, type Known } from './known.ts'
import { allKnown, emptyShelf, type Shelf, shelve } from './shelf.ts'
import { type Ids, newIds } from './ulid.ts'
import type { Watch } from './watch.ts'

/** How the time came to an end in which the process before this one watched. */
export interface Away {
  /** When it was told to stop; `null` when it was killed, or there was none. */
  readonly stoppedAt: EpochMs | null
  /** When the host started; `null` when it cannot be told. */
  readonly bootedAt: EpochMs | null
}

export interface Book {
  /** The engine's name, or `HOST_NAME`: goes into every alert. */
  readonly host: string
  readonly ids: Ids
  /** When this process began to watch. */
  readonly watchingSince: EpochMs
  /** What is known of the time before. */
  readonly away: Away
  /** Since when the engine answers; `null` while it does not, or nobody has told yet. */
  readonly reachableSince: EpochMs | null
  readonly containers: Shelf
  /** Rules about the engine and the monitor itself, by rule and what they are about: `monitor-degraded:csv`. */
  readonly own: Readonly<Record<string, { readonly rule: string; readonly watch: Watch }>>
  readonly silences: readonly Silence[]
  /** Newest first: all that fire, and of the ended ones as many as `MAX_ALERTS` leaves room for. */
  readonly alerts: readonly AlertView[]
}

export const MAX_ALERTS = 1000

/** An empty book. `seed` is random hexadecimal, 12 digits (see `ulid.ts`). */
export function newBook(start: { readonly host: string; readonly seed: string; readonly now: EpochMs }): Book {
  return {
    host: start.host,
    ids: newIds(start.seed),
    watchingSince: start.now,
    away: { stoppedAt: null, bootedAt: null },
    reachableSince: null,
    containers: emptyShelf(),
    own: {},
    silences: [],
    alerts: [],
  }
}

/** The same book under the name that the engine answered with; alerts of before keep theirs. */
export function withHost(book: Book, host: string): Book {
  return book.host === host ? book : { ...book, host }
}

/** The alerts for the page, newest first. */
export function alertsOf(book: Book): readonly AlertView[] {
  return book.alerts
}

/** The list with what an event of the alert log changes in it. */
export function withEvent(alerts: readonly AlertView[], event: AlertEvent): readonly AlertView[] {
  if (event.state === 'firing') return bounded([viewOf(event), ...alerts])
  return alerts.map((alert) => (alert.id === event.id ? { ...alert, ...changeBy(event) } : alert))
}

function changeBy({ state, time, summary }: AlertEvent): Partial<AlertView> {
  switch (state) {
    case 'firing':
      return {}
    case 'resolved':
      return { resolvedAt: time, resolvedSummary: summary }
    case 'acknowledged':
    case 'silenced':
      return { handled: { state, at: time, why: summary } }
  }
}

/** A line of the log about an alert of the list. */
export function lineOf(alert: AlertView, state: AlertEvent['state'], time: EpochMs, summary: string): AlertEvent {
  const { id, rule, severity, container, host, value, threshold } = alert
  return { time, severity, state, container, rule, summary, value, threshold, host, id, ...whereKnown(alert) }
}

function viewOf(event: AlertEvent): AlertView {
  const { id, rule, severity, container, host, summary, value, threshold, time } = event
  const about = { id, rule, severity, container, host, summary, value, threshold }
  return { ...about, firedAt: time, resolvedAt: null, resolvedSummary: null, ...whereKnown(event) }
}

/** What only some alerts have. */
function whereKnown({ project, suppressed, by }: Pick<AlertEvent, 'project' | 'suppressed' | 'by'>) {
  return {
    ...(project === undefined ? {} : { project }),
    ...(suppressed === undefined ? {} : { suppressed }),
    ...(by === undefined ? {} : { by }),
  }
}

function bounded(alerts: readonly AlertView[]): readonly AlertView[] {
  if (alerts.length <= MAX_ALERTS) return alerts
  const oldest = alerts.findLastIndex((alert) => alert.resolvedAt !== null)
  return oldest === -1 ? alerts : alerts.toSpliced(oldest, 1)
}

/** What a restart needs. */
export interface SavedBook {
  readonly version: 1
  readonly savedAt: EpochMs
  /** Saved as the process was told to stop: nothing happened to the book after it. */
  readonly last: boolean
  readonly book: Book
}

export function toSaved(book: Book, now: EpochMs, last = false): SavedBook {
  return { version: 1, savedAt: now, last, book }
}

/**
 * The book as a new process takes it up: what fires goes on firing under its id and what pends goes on pending. No
 * container counts as there until it is heard of again, and the time in which nobody watched does not count as
 * silence of the samples. `saved` is one that `toSaved` made
 * (`saved-book.ts` tells).
 */
export function fromSaved(
  saved: SavedBook,
  start: { readonly seed: string; readonly now: EpochMs; readonly bootedAt?: EpochMs },
): Book {
  const { book, last, savedAt } = saved
  const { seed, now, bootedAt = null } = start
  const away = { stoppedAt: last ? savedAt : null, bootedAt }
  const containers = allKnown(book.containers).reduce(
    (shelf, known) => shelve(shelf, takenUp(known, now)),
    emptyShelf(),
  )
  const own = Object.fromEntries(
    Object.entries(book.own).map(([key, { rule, watch }]) => [key, { rule, watch: unheard(watch, now) }]),
  )
  return { ...book, ids: { ...book.ids, seed }, watchingSince: now, away, reachableSince: null, containers, own }
}

function takenUp(known: Known, now: EpochMs): Known {
  const watches = Object.fromEntries(
    Object.entries(known.watches).map(([rule, watch]) => [rule, awake(rule, watch, now)]),
  )
  return { ...known, watches, confirmed: false }
}

// Whether the engine or a sink was well before the restart says nothing of now; both are told of at the start.
function unheard(watch: Watch, now: EpochMs): Watch {
  return watch.state === 'firing' ? { ...watch, lastAt: now, good: null } : watch
}

function awake(rule: string, watch: Watch, now: EpochMs): Watch {
  return watch.state === 'firing' && isOfARun(rule) ? { ...watch, lastAt: now } : watch
}
