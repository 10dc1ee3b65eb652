/** The rules about the engine, the host and the monitor itself. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { close, type Place, type Settled, settle } from './entry.ts'
import { hostReadings } from './host-readings.ts'
import type { Observation } from './observation.ts'
import type { Rule, Terms } from './rules.ts'
import { oneLine, RULE_GONE } from './sentences.ts'
import { type Reading, take, type Watch, wait } from './watch.ts'

type Judged = readonly [Book, readonly AlertEvent[]]

// Sinks have names of our own and a host has few disks; the bound is against a fault of ours.
const MAX_OWN = 100

type About = { readonly rule: string; readonly watch: Watch | null; readonly now: EpochMs }

function placeOf({ rule, watch, now }: About, severity: Rule['severity']): Place {
  return { rule, container: null, severity, watch, held: null, now }
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
  const place = placeOf({ rule: name, watch: before, now }, rule.severity)
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

/** Time passed for the engine's and the monitor's own rules. */
export function waitOwn(book: Book, { rules, now }: Terms): Judged {
  let next = book
  let events: readonly AlertEvent[] = []
  for (const [key, { rule: name, watch }] of Object.entries(book.own)) {
    const rule = rules[name]
    const place = placeOf({ rule: name, watch, now }, rule?.severity ?? 'warning')
    const settled = rule === undefined ? close(next, place, RULE_GONE) : settle(next, place, wait(watch, rule, now))
    if (settled.watch === watch) continue
    const [after, more] = entered(key, name, settled)
    next = after
    events = [...events, ...more]
  }
  return [next, events]
}
