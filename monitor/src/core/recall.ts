/**
 * Brings the book and the alert log together at start. A kill can fall between the two: a line written that the book
 * does not know of, or an alert in the book whose line was still waiting (a full disk). The log is what was said; the
 * book follows it, and what was not said yet is said now, under its id.
 * Joining: `const [book, lines] = recall(book, await readAlertTail(dir))`; append `lines` before anything else.
 */
import type { AlertEvent, AlertView } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, lineOf, withEvent } from './alert-book.ts'
import { type Known, stranger, withWatch } from './known.ts'
import { knownBy, shelve } from './shelf.ts'
import type { Watch } from './watch.ts'

/** The end of the alert log. */
export interface Logged {
  readonly events: readonly AlertEvent[]
  /** No line after this is missing from `events`; 0 when they are the whole log, `null` when there is no log. */
  readonly completeSince: EpochMs | null
}

/** The book as the log has it, and the lines that are missing in the log, oldest first. */
export function recall(book: Book, logged: Logged): [Book, readonly AlertEvent[]] {
  const told = logged.events.reduce(heard, book)
  return [told, missing(told, logged)]
}

/** The book after an event that it should have known of; as it is when it did. */
function heard(book: Book, event: AlertEvent): Book {
  const known = book.alerts.find((alert) => alert.id === event.id)
  const ids = { ...book.ids, lastAt: Math.max(book.ids.lastAt, event.time) }
  if (event.state === 'firing' && known === undefined) {
    const watch = firingWatch(event)
    return {
      ...withPlace(book, event, event.rule, (before) => before ?? watch),
      ids,
      alerts: withEvent(book.alerts, event),
    }
  }
  if (event.state === 'resolved' && known !== undefined && known.resolvedAt === null) {
    const calm = (before: Watch | null) => (before?.state === 'firing' && before.id === event.id ? null : before)
    return { ...withPlace(book, event, event.rule, calm), ids, alerts: withEvent(book.alerts, event) }
  }
  const isHandled = event.state === 'acknowledged' || event.state === 'silenced'
  if (isHandled && known !== undefined && known.handled === undefined) {
    return { ...book, ids, alerts: withEvent(book.alerts, event) }
  }
  return book
}

function firingWatch(event: AlertEvent): Watch {
  const { id, severity, time, value, threshold, summary } = event
  const reading = { verdict: 'bad', value, threshold, text: summary, limit: null, lasting: false } as const
  const held = event.suppressed === undefined ? null : { reason: event.suppressed, by: event.by ?? '', freeSince: null }
  return { state: 'firing', id, severity, firedAt: time, lastAt: time, good: null, reading, held }
}

/** Which watch of the monitor's own an alert belongs to: sinks and disks are told apart by what their sentences name. */
function ownKey({ rule, summary }: AlertEvent): string {
  const sink = rule === 'monitor-degraded' ? summary.split(' is in trouble')[0] : null
  const disk = rule === 'host-disk' ? /^disk "([^"]*)"/.exec(summary)?.[1] : null
  const about = sink ?? disk
  return about == null ? rule : `${rule}:${about}`
}

type Change = (before: Watch | null) => Watch | null

function withPlace(book: Book, event: AlertEvent, rule: string, change: (before: Watch | null) => Watch | null): Book {
  if (event.container === null) {
    const key = ownKey(event)
    const { [key]: before, ...rest } = book.own
    const watch = change(before?.watch ?? null)
    return { ...book, own: watch === null ? rest : { ...rest, [key]: { rule, watch } } }
  }
  const known = knownBy(book.containers, event.container) ?? unheard(event.container, event.time)
  if (rule === 'flapping') return withFlap(book, known, event, change)
  const watches = withWatch(known.watches, rule, change(known.watches[rule] ?? null))
  return { ...book, containers: shelve(book.containers, { ...known, watches }) }
}

/** Which rule flaps, its sentence says first. */
function withFlap(book: Book, known: Known, event: AlertEvent, change: Change): Book {
  const about = event.summary.split(' ', 1)[0] ?? ''
  const flap = known.flaps[about] ?? { changes: [], watch: null }
  const flaps = { ...known.flaps, [about]: { ...flap, watch: change(flap.watch) } }
  return { ...book, containers: shelve(book.containers, { ...known, flaps }) }
}

/** A container of which only the log knows: its id and its labels come with the first that is heard of it. */
function unheard(name: string, at: EpochMs): Known {
  const thresholds = { cpuPercent: 0, memoryPercent: 0, responseMs: 0 }
  const subject = { name, id: '', thresholds, severity: null, expectedUp: false }
  return { ...stranger(subject, at), confirmed: false }
}

// Lines lost to a kill are of the time before it; older ones were lost with their file, by somebody's hand.
const LOOK_BACK_MS = 24 * 60 * 60_000

function missing(book: Book, { events, completeSince }: Logged): AlertEvent[] {
  const said = new Set(events.map((event) => `${event.id} ${event.state}`))
  const newest = book.alerts.reduce((at, alert) => Math.max(at, alert.resolvedAt ?? alert.firedAt), 0)
  // Without any log nobody can tell what was said: only what still fires is said (again).
  const since = completeSince === null ? null : Math.max(completeSince, newest - LOOK_BACK_MS)
  const lacks = (alert: AlertView, state: 'firing' | 'resolved', at: EpochMs) =>
    !said.has(`${alert.id} ${state}`) && (since === null ? alert.resolvedAt === null : at > since)
  return book.alerts
    .flatMap((alert) => {
      const { resolvedAt } = alert
      const lines = lacks(alert, 'firing', alert.firedAt) ? [lineOf(alert, 'firing', alert.firedAt, alert.summary)] : []
      if (resolvedAt === null || !lacks(alert, 'resolved', resolvedAt)) return lines
      return [...lines, lineOf(alert, 'resolved', resolvedAt, alert.resolvedSummary ?? alert.summary)]
    })
    .toSorted((a, b) => a.time - b.time)
}
