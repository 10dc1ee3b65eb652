/** The rules about the engine, the host and the monitor itself. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { close, type Place, type Settled, settle } from './entry.ts'
import { isOver } from './holding.ts'
import { hostReadings } from './host-readings.ts'
import type { Observation } from './observation.ts'
import { isOfQuietHours, quietHold } from './quiet-hours.ts'
import type { Rule, Terms } from './rules.ts'
import { oneLine, RULE_GONE, TOLD_ANEW } from './sentences.ts'
import { current, silencing } from './silences.ts'
import { type Reading, take, type Watch, wait } from './watch.ts'

type Judged = readonly [Book, readonly AlertEvent[]]

// Sinks have names of our own and a host has few disks; the bound is against a fault of ours.
const MAX_OWN = 100

type About = { readonly rule: string; readonly watch: Watch | null; readonly now: EpochMs }

function placeOf(book: Book, { rule, watch, now }: About, played: Rule | undefined): Place {
  const severity = played?.severity ?? 'warning'
  const held = silencing(book, { rule, container: null }, now) ?? quietHold(played, { container: null, severity }, now)
  return { rule, container: null, project: null, severity, watch, held, now }
}

function entered(key: string, rule: string, settled: Settled): Judged {
  const { book, watch, event } = settled
  const { [key]: _, ...rest } = book.own
  const own = watch === null ? rest : { ...rest, [key]: { rule, watch } }
  return [{ ...book, own }, event === null ? [] : [event]]
}

interface Told {
  /** Names the watch: the rule, and what it is about. */
  readonly key: string
  readonly rule: string
  readonly reading: Reading
  readonly at: EpochMs
}

/** Judges what is told of the engine or of a sink. */
export function judgeOwn(book: Book, seen: Observation & { kind: 'engine' | 'sink' }, terms: Terms): Judged {
  const name = seen.kind === 'engine' ? 'engine-unreachable' : 'monitor-degraded'
  const key = seen.kind === 'engine' ? name : `${name}:${seen.name}`
  const known = seen.kind === 'engine' ? withEngine(book, seen.reachable, terms.now) : book
  const reading = seen.kind === 'engine' ? engineReading(seen) : sinkReading(seen)
  return play(known, { key, rule: name, reading, at: seen.at }, terms)
}

/** Judges a look at the host. */
export function judgeHost(book: Book, { levels, at }: Observation & { kind: 'host' }, terms: Terms): Judged {
  let next = book
  const events: AlertEvent[] = []
  for (const told of hostReadings(terms.rules, levels)) {
    const [after, more] = play(next, { ...told, at }, terms)
    next = after
    events.push(...more)
  }
  return [next, events]
}

function play(book: Book, { key, rule: name, reading, at }: Told, { rules, now }: Terms): Judged {
  const before = Object.hasOwn(book.own, key) ? (book.own[key]?.watch ?? null) : null
  if (before === null && (reading.verdict !== 'bad' || Object.keys(book.own).length >= MAX_OWN)) return [book, []]
  const rule = rules[name]
  if (rule === undefined) return [book, []]
  const place = placeOf(book, { rule: name, watch: before, now }, rule)
  return entered(key, name, settle(book, place, take(before, rule, reading, at)))
}

function withEngine(book: Book, reachable: boolean, now: EpochMs): Book {
  return { ...book, reachableSince: reachable ? (book.reachableSince ?? now) : null }
}

function engineReading(seen: Observation & { kind: 'engine' }): Reading {
  const why = seen.error === null ? '' : `: ${oneLine(seen.error)}`
  const text = seen.reachable ? 'the Docker engine answers again' : `the Docker engine does not answer${why}`
  return reading(seen.reachable, text)
}

function sinkReading(seen: Observation & { kind: 'sink' }): Reading {
  const text = seen.error === null ? `${seen.name} works again` : `${seen.name} is in trouble: ${oneLine(seen.error)}`
  return reading(seen.error === null, text)
}

function reading(well: boolean, text: string): Reading {
  return { verdict: well ? 'good' : 'bad', value: null, threshold: null, text, limit: null, lasting: false }
}

/** Time passed for the engine's, the host's and the monitor's own rules. */
export function waitOwn(book: Book, { rules, now }: Terms): Judged {
  let next = dropEnded(book, now)
  let events: readonly AlertEvent[] = []
  for (const [key, { rule, watch }] of Object.entries(book.own)) {
    const [after, more] = waitFor(next, key, { rule, watch, now }, rules[rule])
    next = after
    events = [...events, ...more]
  }
  return [next, events]
}

function waitFor(book: Book, key: string, about: About & { watch: Watch }, rule: Rule | undefined): Judged {
  const { rule: name, watch, now } = about
  const place = placeOf(book, about, rule)
  if (rule === undefined) return entered(key, name, close(book, place, RULE_GONE))
  if (watch.state === 'firing' && isFreed(book, watch, place)) {
    // What a silence held back and still fires when it ends, begins again as an alert that is heard.
    const [ended, last] = entered(key, name, close(book, place, TOLD_ANEW))
    const { reading, lastAt: at, firedAt } = watch
    const again = settle(ended, { ...place, watch: null }, { kind: 'fires', reading, heldMs: now - firedAt, at })
    const [told, first] = entered(key, name, again)
    return [told, [...last, ...first]]
  }
  const settled = settle(book, place, wait(watch, rule, now))
  return settled.watch === watch ? [book, []] : entered(key, name, settled)
}

function isFreed(book: Book, { held, reading }: Watch & { state: 'firing' }, place: Place): boolean {
  if (held === null || reading.verdict !== 'bad') return false
  // What holds back now is not these quiet hours any more, or nothing does.
  return isOfQuietHours(held) ? place.held === null || !isOfQuietHours(place.held) : isOver(book, held, place.now)
}

/** Silences that have ended are forgotten. */
function dropEnded(book: Book, now: EpochMs): Book {
  const silences = current(book, now)
  return silences.length === book.silences.length ? book : { ...book, silences }
}
