/**
 * What people say to alerts: a silence holds back what would fire while it lasts, an acknowledgement says that somebody
 * looks after one that fires. Both are written to the alert log and survive a restart.
 */
import type { AlertEvent, AlertView } from '@plimsoll/contracts/alert'
import type { Silence } from '@plimsoll/contracts/silence'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, lineOf, withEvent } from './alert-book.ts'
import { matches } from './pattern.ts'
import { oneLine } from './sentences.ts'
import { nextUlid } from './ulid.ts'
import type { Held } from './watch.ts'

/** Silences in force at one time. */
export const MAX_SILENCES = 200

export interface Wish {
  readonly container: string | null
  readonly rule: string | null
  readonly forMs: number
  readonly reason: string
}

export interface Said<T> {
  readonly book: Book
  /** To write to the log, in order. */
  readonly events: readonly AlertEvent[]
  readonly answer: T
}

/** What an alert is about, as silences see it. */
interface About {
  readonly rule: string
  readonly container: string | null
}

function isFor(silence: Silence, { rule, container }: About): boolean {
  if (silence.rule !== null && !matches(silence.rule, rule)) return false
  return silence.container === null || (container !== null && matches(silence.container, container))
}

/** The silence that holds an alert back now; `null` when it may be heard. */
export function silencing(book: Book, about: About, now: EpochMs): Held | null {
  const silence = book.silences.find((one) => one.until > now && isFor(one, about))
  return silence === undefined ? null : { reason: 'silence', by: silence.id, freeSince: null }
}

/** A new silence; what it is for and fires already is told to be silenced. `null` when there are too many. */
export function silence(book: Book, wish: Wish, now: EpochMs): Said<Silence> | null {
  const inForce = current(book, now)
  if (inForce.length >= MAX_SILENCES) return null
  const [id, ids] = nextUlid(book.ids, now)
  const { container, rule, forMs } = wish
  const made: Silence = { id, container, rule, from: now, until: now + forMs, reason: oneLine(wish.reason) }
  const before = { ...book, ids, silences: [made, ...inForce] }
  const open = book.alerts.filter(
    (alert) => alert.resolvedAt === null && alert.suppressed === undefined && isFor(made, alert),
  )
  const events = open.map((alert) => ({ ...lineOf(alert, 'silenced', now, `silenced: ${made.reason}`), by: id }))
  return { book: { ...before, alerts: events.reduce(withEvent, book.alerts) }, events, answer: made }
}

/** Ends a silence before its time; `null` when there is none of this id. What it held back and still fires is then told. */
export function unsilence(book: Book, id: string, now: EpochMs): Said<Silence> | null {
  const found = current(book, now).find((one) => one.id === id)
  if (found === undefined) return null
  return { book: { ...book, silences: book.silences.filter((one) => one !== found) }, events: [], answer: found }
}

/** Those in force, the newest first. */
export function current(book: Book, now: EpochMs): readonly Silence[] {
  return book.silences.filter((one) => one.until > now)
}

/** Somebody looks after an alert; `null` when none of this id fires. Said twice it is written once. */
export function acknowledge(book: Book, id: string, reason: string, now: EpochMs): Said<AlertView> | null {
  const alert = book.alerts.find((one) => one.id === id && one.resolvedAt === null)
  if (alert === undefined) return null
  if (alert.handled?.state === 'acknowledged') return { book, events: [], answer: alert }
  const why = oneLine(reason)
  const event = lineOf(alert, 'acknowledged', now, why === '' ? 'acknowledged' : `acknowledged: ${why}`)
  const alerts = withEvent(book.alerts, event)
  return { book: { ...book, alerts }, events: [event], answer: alerts.find((one) => one.id === id) ?? alert }
}
