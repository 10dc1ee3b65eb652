/**
 * The judge: observations in, alert events out. Deterministic; a day of observations can be played again.
 * Joining: `judge(book, observation, now)` for every observation as it comes and `{ kind: 'time' }` once a second;
 * write the events (`encode`) to the alert log in order, tell the page, and keep the book (`alert-book.ts`).
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { isOfARun, isOpen, type Known, openRules, stranger } from './known.ts'
import { probeReadings, sampleReadings, withAnswer } from './levels.ts'
import type { Observation, Subject } from './observation.ts'
import { judgeHost, judgeOwn, waitOwn } from './own.ts'
import { type Judged, playTime, playTurn, withKnown } from './play.ts'
import { RULES, type Rules, type Terms } from './rules.ts'
import { allKnown, knownBy, withRoom } from './shelf.ts'
import * as turns from './turns.ts'

/**
 * Judges one observation by `rules`. `now` never runs far ahead of or behind the observation's own times. The rules may
 * change between two calls: the next `time` ends what fires by a rule that is no more.
 */
export function judge(book: Book, observation: Observation, now: EpochMs, rules: Rules = RULES): Judged {
  const terms = { rules, now }
  switch (observation.kind) {
    case 'time':
      return timePasses(book, terms)
    case 'engine':
    case 'sink':
      return judgeOwn(book, observation, terms)
    case 'host':
      return judgeHost(book, observation, terms)
    case 'sample':
    case 'probe':
    case 'running':
    case 'ended':
    case 'paused':
    case 'health':
    case 'oom':
    case 'removed':
      return judgeContainer(book, observation, terms)
  }
}

type OfContainer = Exclude<Observation, { kind: 'time' | 'engine' | 'sink' | 'host' }>

function judgeContainer(book: Book, seen: OfContainer, terms: Terms): Judged {
  const { subject } = seen
  const { now, rules } = terms
  const before = knownBy(book.containers, subject.name)
  if (seen.kind === 'removed' && before?.subject.id !== subject.id) return [book, []] // gone already, or re-created
  const [met, events] = isSame(before, subject) ? [book, NONE] : meet(book, { before, subject }, terms)
  const known = met === book && before !== null ? heard(before, subject, now) : knownBy(met.containers, subject.name)
  const moment = { now, watchingSince: book.watchingSince, away: book.away, rules }
  const turn = turnOf(known ?? stranger(subject, now), seen, moment)
  // Nearly all samples are of calm containers and end here, with the book as it was.
  if (turn.known === before && turn.told.length === 0 && turn.over.length === 0) return [book, NONE]
  const [next, more] = playTurn(met, turn, terms)
  return [next, events.length === 0 ? more : [...events, ...more]]
}

const NONE: readonly never[] = []

function isSame(before: Known | null, subject: Subject): boolean {
  return before !== null && (before.subject.id === subject.id || before.subject.id === '')
}

/** Which container was heard of last matters to the minute, and only once there are too many. */
const HEARD_ANEW_MS = 60_000

function heard(before: Known, subject: Subject, now: EpochMs): Known {
  const agoMs = now - before.heardAt
  const known = before.subject === subject && before.confirmed && agoMs >= 0 && agoMs < HEARD_ANEW_MS
  return known ? before : { ...before, subject, heardAt: now, confirmed: true }
}

/** A container seen for the first time, or re-created under its name. */
function meet(book: Book, who: { before: Known | null; subject: Subject }, terms: Terms): Judged {
  const { before, subject } = who
  const { now } = terms
  if (before === null) {
    const renamed = allKnown(book.containers).find((known) => known.subject.id === subject.id)
    const [rest, events] =
      renamed === undefined ? [book, []] : leave(book, renamed, `renamed to ${subject.name}`, terms)
    const roomy = { ...rest, containers: withRoom(rest.containers, now) }
    return [withKnown(roomy, stranger(subject, now)), events]
  }
  const over = openRules(before.watches).filter(isOfARun)
  const fresh = { ...stranger(subject, now), watches: before.watches, flaps: before.flaps, end: before.end }
  return playTurn(book, { known: fresh, over: over.map((rule) => ({ rule, why: 're-created' })), told: [] }, terms)
}

function leave(book: Book, known: Known, why: string, terms: Terms): Judged {
  const over = openRules(known.watches).map((rule) => ({ rule, why }))
  return playTurn(book, { known: { ...known, condition: 'removed' }, over, told: [] }, terms)
}

function turnOf(known: Known, seen: OfContainer, moment: turns.Moment & Terms): turns.Turn {
  const still = known.condition !== 'running' && known.condition !== 'unknown'
  switch (seen.kind) {
    case 'sample': {
      if (still) return turns.nothing(known) // taken before the end, told after it
      const { memoryUsedBytes: usedBytes, memoryLimitBytes: limitBytes } = seen.numbers
      const { memory } = known
      const asBefore = usedBytes === null || (memory?.usedBytes === usedBytes && memory.limitBytes === limitBytes)
      const next = asBefore ? known : { ...known, memory: { usedBytes, limitBytes } }
      return { known: next, over: NONE, told: sampleReadings(moment.rules, seen, known.watches) }
    }
    case 'probe': {
      if (still) return turns.nothing(known)
      const next = withAnswer(moment.rules, known, seen.result)
      return { known: next, over: [], told: probeReadings(moment.rules, next, seen.result) }
    }
    case 'running':
      return turns.onRunning(known, seen.at)
    case 'ended':
      return turns.onEnded(known, seen.end, moment)
    case 'paused':
      return turns.onPaused(known)
    case 'health':
      return turns.onHealth(known, seen, moment)
    case 'oom':
      return turns.onOom(known, seen.at)
    case 'removed':
      return turns.onRemoved(known, seen.at, 'removed')
  }
}

// After a restart a container that the engine has, is heard of within this time of the engine's first answer: a look at
// each takes a while where there are hundreds.
const UNHEARD_MS = 30_000

function timePasses(book: Book, terms: Terms): Judged {
  const { now } = terms
  let [next, events] = waitOwn(book, terms)
  const listed = book.reachableSince !== null && now - book.reachableSince >= UNHEARD_MS
  for (const known of allKnown(book.containers)) {
    const gone = listed && !known.confirmed
    // Not heard of since the restart: what was so before it is neither held nor cleared by time alone.
    if (!gone && (!known.confirmed || !isOpen(known))) continue
    const [after, more] = gone ? goneMeanwhile(next, known, terms) : playTime(next, known, terms)
    next = after
    events = [...events, ...more]
  }
  return [next, events]
}

function goneMeanwhile(book: Book, known: Known, terms: Terms): Judged {
  return leave(book, known, 'gone when the monitor came back', terms)
}
