/** Enters what became of a watch into the book: a new alert with its id, its end, or nothing. */
import type { AlertEvent, Severity } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, withEvent } from './alert-book.ts'
import { clearedSummary, firingSummary, overSummary } from './sentences.ts'
import { nextUlid } from './ulid.ts'
import type { Held, Outcome, Reading, Watch } from './watch.ts'

/** Where an outcome belongs: which rule of which container (`null`: of none), and how it stood before. */
export interface Place {
  readonly rule: string
  readonly container: string | null
  /** Of the container; `null` without one. */
  readonly project: string | null
  readonly severity: Severity
  readonly watch: Watch | null
  /** What would hold the alert back if it fired now. */
  readonly held: Held | null
  readonly now: EpochMs
}

export interface Settled {
  readonly book: Book
  /** `null` is calm. */
  readonly watch: Watch | null
  readonly event: AlertEvent | null
}

/** The book, the watch and the event after an outcome. */
export function settle(book: Book, place: Place, outcome: Outcome): Settled {
  switch (outcome.kind) {
    case 'calm':
      return { book, watch: null, event: null }
    case 'kept':
      return { book, watch: outcome.watch, event: null }
    case 'fires':
      return fire(book, place, outcome)
    case 'clears':
      return resolve(book, place, (lastedMs) => clearedSummary(outcome.reading, outcome.heldMs, lastedMs))
    case 'calms': {
      const why = `${outcome.quiet} for ${durationText(outcome.heldMs)}`
      return resolve(book, place, (lastedMs) => overSummary(why, lastedMs))
    }
    case 'falls-silent': {
      const why = `no data for ${durationText(outcome.silentMs)}, the last: ${outcome.reading.text}`
      return resolve(book, place, (lastedMs) => overSummary(why, lastedMs))
    }
  }
}

/** Ends a watch from outside: what fires is resolved with a sentence, what pends is forgotten. */
export function close(book: Book, place: Place, why: string): Settled {
  return resolve(book, place, (lastedMs) => overSummary(why, lastedMs))
}

function fire(book: Book, place: Place, outcome: Outcome & { kind: 'fires' }): Settled {
  const { severity, now, held } = place
  const { reading, heldMs, at } = outcome
  const [id, ids] = nextUlid(book.ids, now)
  const summary = firingSummary(reading, heldMs)
  const event = {
    ...eventOf(book, place, { id, severity, held }),
    state: 'firing',
    summary,
    ...numbersOf(reading),
  } as const
  const watch: Watch = { state: 'firing', id, severity, firedAt: now, lastAt: at, good: null, reading, held }
  return { book: { ...book, ids, alerts: withEvent(book.alerts, event) }, watch, event }
}

function resolve(book: Book, place: Place, summary: (lastedMs: number) => string): Settled {
  const { watch, now } = place
  if (watch?.state !== 'firing') return { book, watch: null, event: null }
  const said = summary(Math.max(0, now - watch.firedAt))
  const about = eventOf(book, place, watch)
  const event = { ...about, state: 'resolved', summary: said, ...numbersOf(watch.reading) } as const
  return { book: { ...book, alerts: withEvent(book.alerts, event) }, watch: null, event }
}

function eventOf(
  book: Book,
  { rule, container, project, now }: Place,
  alert: Pick<Watch & { state: 'firing' }, 'id' | 'severity' | 'held'>,
) {
  const held = alert.held === null ? {} : { suppressed: alert.held.reason, by: alert.held.by }
  const about = { container, ...(project === null ? {} : { project }), rule, host: book.host }
  return { time: now, severity: alert.severity, ...about, id: alert.id, ...held }
}

function numbersOf(reading: Reading): { readonly value: number | null; readonly threshold: number | null } {
  return { value: reading.value, threshold: reading.threshold }
}
