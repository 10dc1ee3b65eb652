/** Plays what follows of an observation, or of time alone, for one container: its rules, then what flaps and is held. */
import type { AlertEvent, Severity } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { projectOf } from './bonds.ts'
import { close, type Place, type Settled, settle } from './entry.ts'
import { canFlap, flapping, flapReading, withChange } from './flapping.ts'
import { causeOf, dependentsText, isOver } from './holding.ts'
import { type Known, openRules, withWatch } from './known.ts'
import { isOfQuietHours, quietHold } from './quiet-hours.ts'
import { FLAPPING, RELEASE_MS, type Rules, type Terms } from './rules.ts'
import { RULE_GONE, TOLD_ANEW } from './sentences.ts'
import { shelve } from './shelf.ts'
import type { Turn } from './turns.ts'
import { type Held, type Outcome, take, type Watch, wait } from './watch.ts'

/** The book after an observation, and the events to write, in order. */
export type Judged = readonly [Book, readonly AlertEvent[]]

/** Changes while a turn is played, and nowhere else. */
interface Stage {
  book: Book
  known: Known
  readonly events: AlertEvent[]
  readonly rules: Rules
  readonly now: EpochMs
}

export function withKnown(book: Book, known: Known): Book {
  return { ...book, containers: shelve(book.containers, known) }
}

/** Plays a turn: first what is over, then the readings in order. */
export function playTurn(book: Book, turn: Turn, terms: Terms): Judged {
  const stage: Stage = { book, known: turn.known, events: [], ...terms }
  for (const { rule, why } of turn.over) {
    if (enter(stage, rule, close(stage.book, placeOf(stage, rule), why))) countChange(stage, rule)
  }
  for (const { rule, reading, at } of turn.told) {
    const played = stage.rules[rule]
    if (played !== undefined) act(stage, rule, take(stage.known.watches[rule] ?? null, played, reading, at))
  }
  if (stage.known.condition === 'removed') endFlapping(stage, 'removed')
  return [withKnown(stage.book, stage.known), stage.events]
}

/** Time passed for a container. */
export function playTime(book: Book, known: Known, terms: Terms): Judged {
  const { rules, now } = terms
  const stage: Stage = { book, known, events: [], rules, now }
  for (const rule of openRules(known.watches)) {
    const watch = stage.known.watches[rule]
    const played = rules[rule]
    if (played === undefined) enter(stage, rule, close(stage.book, placeOf(stage, rule), RULE_GONE))
    else if (watch !== undefined) act(stage, rule, wait(watch, played, now))
  }
  if (rules.flapping === undefined) endFlapping(stage, RULE_GONE)
  else for (const [rule, watch] of flapping(stage.known)) playFlap(stage, rule, wait(watch, rules.flapping, now))
  for (const [rule, watch] of flapping(stage.known)) releaseFlap(stage, rule, watch)
  for (const rule of openRules(stage.known.watches)) release(stage, rule)
  return [stage.known === known ? stage.book : withKnown(stage.book, stage.known), stage.events]
}

function placeOf({ known, rules, now }: Stage, rule: string, held: Held | null = null): Place {
  const { name, severity } = known.subject
  const watch = known.watches[rule] ?? null
  const about = { rule, container: name, project: projectOf(known.subject) }
  return { ...about, severity: severity ?? rules[rule]?.severity ?? 'warning', watch, held, now }
}

/** What would hold an alert of the rule back now; `told` is the rule it is told by, `flapping` or the rule itself. */
function heldNow({ book, known, rules, now }: Stage, rule: string, told = rule): Held | null {
  const severity = known.subject.severity ?? rules[told]?.severity ?? 'warning'
  return causeOf(book, known, rule, now) ?? quietHold(rules[told], { container: known.subject.name, severity }, now)
}

function isFree({ book, known, rules, now }: Stage, rule: string, severity: Severity, held: Held): boolean {
  if (!isOfQuietHours(held)) return isOver(book, held, now)
  return quietHold(rules[rule], { container: known.subject.name, severity }, now) === null
}

/** Answers whether there was something to say. */
function enter(stage: Stage, rule: string, made: Settled): boolean {
  stage.book = made.book
  const watches = withWatch(stage.known.watches, rule, made.watch)
  if (watches !== stage.known.watches) stage.known = { ...stage.known, watches }
  if (made.event !== null) stage.events.push(made.event)
  return made.event !== null
}

function act(stage: Stage, rule: string, outcome: Outcome): void {
  if (outcome.kind !== 'fires') {
    if (enter(stage, rule, settle(stage.book, placeOf(stage, rule), outcome))) countChange(stage, rule)
    return
  }
  // Counted first, so that the alert that makes it flapping is already held back by that.
  countChange(stage, rule)
  const held = heldNow(stage, rule)
  const told = rule === 'container-down' ? withDependents(stage, outcome) : outcome
  enter(stage, rule, settle(stage.book, placeOf(stage, rule, held), told))
}

function withDependents({ book, known }: Stage, outcome: Outcome & { kind: 'fires' }): Outcome {
  const dependents = dependentsText(book, known)
  if (dependents === null) return outcome
  return { ...outcome, reading: { ...outcome.reading, text: `${outcome.reading.text}; ${dependents}` } }
}

/**
 * What is held back goes on silently while its cause fires. When that is over for a while and this still fires, it is
 * an alert of its own: the held one ends, also unheard, and a new one begins.
 */
function release(stage: Stage, rule: string): void {
  const watch = stage.known.watches[rule]
  if (watch?.state !== 'firing' || watch.held === null) return
  const { held, reading, firedAt, lastAt } = watch
  const freeSince = isFree(stage, rule, watch.severity, held) ? (held.freeSince ?? stage.now) : null
  const atOnce = held.reason === 'flapping' || held.reason === 'silence' || isOfQuietHours(held)
  const waitMs = atOnce ? 0 : RELEASE_MS
  if (freeSince === null || stage.now - freeSince < waitMs || reading.verdict !== 'bad') {
    if (freeSince === held.freeSince) return
    const noted = { ...watch, held: { ...held, freeSince } }
    stage.known = { ...stage.known, watches: withWatch(stage.known.watches, rule, noted) }
    return
  }
  enter(stage, rule, close(stage.book, placeOf(stage, rule), TOLD_ANEW))
  const place = placeOf(stage, rule, heldNow(stage, rule))
  const heldMs = stage.now - firedAt
  enter(stage, rule, settle(stage.book, place, { kind: 'fires', reading, heldMs, at: lastAt }))
}

/** What still flaps when a silence or quiet hours end is told then, like any other alert that they held back. */
function releaseFlap(stage: Stage, rule: string, watch: Watch): void {
  if (watch.state !== 'firing' || watch.held === null || watch.reading.verdict !== 'bad') return
  const { held, reading, firedAt, lastAt: at, severity } = watch
  const said = held.reason === 'silence' || isOfQuietHours(held)
  if (!said || !isFree(stage, 'flapping', severity, held)) return
  enterFlap(stage, rule, close(stage.book, { ...placeOf(stage, 'flapping'), watch }, TOLD_ANEW))
  const place = { ...placeOf(stage, 'flapping', heldNow(stage, rule, 'flapping')), watch: null }
  enterFlap(stage, rule, settle(stage.book, place, { kind: 'fires', reading, heldMs: stage.now - firedAt, at }))
}

function countChange(stage: Stage, rule: string): void {
  const played = stage.rules.flapping
  if (!canFlap(rule) || played === undefined) return
  const flap = withChange(stage.known.flaps[rule] ?? null, stage.now)
  stage.known = { ...stage.known, flaps: { ...stage.known.flaps, [rule]: flap } }
  if (flap.watch === null && flap.changes.length < FLAPPING.changes) return
  playFlap(stage, rule, take(flap.watch, played, flapReading(rule, flap.changes.length), stage.now))
}

function playFlap(stage: Stage, rule: string, outcome: Outcome): void {
  const flap = stage.known.flaps[rule] ?? { changes: [], watch: null }
  const held = outcome.kind === 'fires' ? heldNow(stage, rule, 'flapping') : null
  const made = settle(stage.book, { ...placeOf(stage, 'flapping', held), watch: flap.watch }, outcome)
  enterFlap(stage, rule, made)
}

function enterFlap(stage: Stage, rule: string, made: Settled): void {
  stage.book = made.book
  const flap = stage.known.flaps[rule] ?? { changes: [], watch: null }
  if (made.watch !== flap.watch) {
    stage.known = { ...stage.known, flaps: { ...stage.known.flaps, [rule]: { ...flap, watch: made.watch } } }
  }
  if (made.event !== null) stage.events.push(made.event)
}

function endFlapping(stage: Stage, why: string): void {
  for (const [rule, watch] of flapping(stage.known)) {
    enterFlap(stage, rule, close(stage.book, { ...placeOf(stage, 'flapping'), watch }, why))
  }
}
