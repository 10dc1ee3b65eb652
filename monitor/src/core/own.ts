/** The rules about the engine and about the monitor itself. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { bySeverity, type Place, type Settled, settle } from './entry.ts'
import type { Observation } from './observation.ts'
import { type PlayedRule, RULES } from './rules.ts'
import { oneLine } from './sentences.ts'
import { type Reading, take, type Watch, wait } from './watch.ts'

type Judged = readonly [Book, readonly AlertEvent[]]

// Sinks have names of our own, so there are few; the bound is against a fault of ours.
const MAX_OWN = 100

function placeOf(rule: PlayedRule, watch: Watch | null, now: EpochMs): Place {
  return { rule, container: null, severity: bySeverity(rule, null), watch, held: null, now }
}

function entered(key: string, rule: PlayedRule, settled: Settled): Judged {
  const { book, watch, event } = settled
  const { [key]: _, ...rest } = book.own
  const own = watch === null ? rest : { ...rest, [key]: { rule, watch } }
  return [{ ...book, own }, event === null ? [] : [event]]
}

/** Judges what is told of the engine or of a sink. */
export function judgeOwn(book: Book, seen: Observation & { kind: 'engine' | 'sink' }, now: EpochMs): Judged {
  const rule = seen.kind === 'engine' ? 'engine-unreachable' : 'monitor-degraded'
  const key = seen.kind === 'engine' ? rule : `${rule}:${seen.name}`
  const known = seen.kind === 'engine' ? withEngine(book, seen.reachable, now) : book
  const before = Object.hasOwn(known.own, key) ? (known.own[key]?.watch ?? null) : null
  const reading = seen.kind === 'engine' ? engineReading(seen) : sinkReading(seen)
  if (before === null && (reading.verdict !== 'bad' || Object.keys(known.own).length >= MAX_OWN)) return [known, []]
  return entered(key, rule, settle(known, placeOf(rule, before, now), take(before, RULES[rule], reading, seen.at)))
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
export function waitOwn(book: Book, now: EpochMs): Judged {
  let next = book
  let events: readonly AlertEvent[] = []
  for (const [key, { rule, watch }] of Object.entries(book.own)) {
    const settled = settle(next, placeOf(rule, watch, now), wait(watch, RULES[rule], now))
    if (settled.watch === watch) continue
    const [after, more] = entered(key, rule, settled)
    next = after
    events = [...events, ...more]
  }
  return [next, events]
}
