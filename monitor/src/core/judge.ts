/**
 * The judge: observations in, alert events out. Deterministic; a day of observations can be played again.
 * Joining: `judge(book, observation, now)` for every observation as it comes and `{ kind: 'time' }` once a second;
 * write the events (`encode`) to the alert log in order, tell the page, and keep the book (`alert-book.ts`).
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import { isOpen, type Known, openRules, RULES_OF_A_RUN, stranger } from './known.ts'
import { probeReadings, sampleReadings, withAnswer } from './levels.ts'
import type { Observation, Subject } from './observation.ts'
import { judgeOwn, waitOwn } from './own.ts'
import { type Judged, playTime, playTurn, withKnown } from './play.ts'
import { allKnown, knownBy, withRoom } from './shelf.ts'
import * as turns from './turns.ts'

/** Judges one observation. `now` never runs far ahead of or behind the observation's own times. */
export function judge(book: Book, observation: Observation, now: EpochMs): Judged {
  switch (observation.kind) {
    case 'time':
      return timePasses(book, now)
    case 'engine':
    case 'sink':
      return judgeOwn(book, observation, now)
    case 'sample':
    case 'probe':
    case 'running':
    case 'ended':
    case 'paused':
    case 'health':
    case 'oom':
    case 'removed':
      return judgeContainer(book, observation, now)
  }
}

type OfContainer = Exclude<Observation, { kind: 'time' | 'engine' | 'sink' }>

function judgeContainer(book: Book, seen: OfContainer, now: EpochMs): Judged {
  const { subject } = seen
  const before = knownBy(book.containers, subject.name)
  if (seen.kind === 'removed' && before?.subject.id !== subject.id) return [book, []] // gone already, or re-created
  const [met, events] = meet(book, { before, subject, now })
  const known = knownBy(met.containers, subject.name) ?? stranger(subject, now)
  const [next, more] = playTurn(met, turnOf(known, seen, { now, watchingSince: book.watchingSince }), now)
  return [next, [...events, ...more]]
}

/** A container seen for the first time, re-created under its name, or just heard of again. */
function meet(book: Book, who: { before: Known | null; subject: Subject; now: EpochMs }): Judged {
  const { before, subject, now } = who
  if (before === null) {
    const renamed = allKnown(book.containers).find((known) => known.subject.id === subject.id)
    const [rest, events] = renamed === undefined ? [book, []] : leave(book, renamed, `renamed to ${subject.name}`, now)
    const roomy = { ...rest, containers: withRoom(rest.containers, now) }
    return [withKnown(roomy, stranger(subject, now)), events]
  }
  if (before.subject.id === subject.id || before.subject.id === '') {
    return [withKnown(book, { ...before, subject, heardAt: now, confirmed: true }), []]
  }
  const over = RULES_OF_A_RUN.filter((rule) => before.watches[rule] !== undefined)
  const fresh = { ...stranger(subject, now), watches: before.watches, flaps: before.flaps, end: before.end }
  return playTurn(book, { known: fresh, over: over.map((rule) => ({ rule, why: 're-created' })), told: [] }, now)
}

function leave(book: Book, known: Known, why: string, now: EpochMs): Judged {
  const over = openRules(known.watches).map((rule) => ({ rule, why }))
  return playTurn(book, { known: { ...known, condition: 'removed' }, over, told: [] }, now)
}

function turnOf(known: Known, seen: OfContainer, moment: turns.Moment): turns.Turn {
  const still = known.condition !== 'running' && known.condition !== 'unknown'
  switch (seen.kind) {
    case 'sample': {
      if (still) return turns.nothing(known) // taken before the end, told after it
      const { memoryUsedBytes: usedBytes, memoryLimitBytes: limitBytes } = seen.numbers
      const memory = usedBytes === null ? known.memory : { usedBytes, limitBytes }
      return { known: { ...known, memory }, over: [], told: sampleReadings(seen.subject, seen.numbers, seen.at) }
    }
    case 'probe': {
      if (still) return turns.nothing(known)
      const next = withAnswer(known, seen.result)
      return { known: next, over: [], told: probeReadings(next, seen.result) }
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

// After a restart a container that the engine has, is heard of within this time of the engine's first answer.
const UNHEARD_MS = 15_000

function timePasses(book: Book, now: EpochMs): Judged {
  let [next, events] = waitOwn(book, now)
  const listed = book.reachableSince !== null && now - book.reachableSince >= UNHEARD_MS
  for (const known of allKnown(book.containers)) {
    const gone = listed && !known.confirmed
    // Not heard of since the restart: what was so before it is neither held nor cleared by time alone.
    if (!gone && (!known.confirmed || !isOpen(known))) continue
    const [after, more] = gone ? goneMeanwhile(next, known, now) : playTime(next, known, now)
    next = after
    events = [...events, ...more]
  }
  return [next, events]
}

function goneMeanwhile(book: Book, known: Known, now: EpochMs): Judged {
  return leave(book, known, 'gone when the monitor came back', now)
}
