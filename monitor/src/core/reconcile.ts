/**
 * Brings what inspect says into a life. It fills in what an event left open, and tells what events should have told but
 * did not: they are lost when a stream breaks, when the engine restarts, and when it is too busy to wait for a listener.
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import { isAlive, isLaterRun, type Life } from './berth.ts'
import { endUnwatched, isPlanned, wasAsked } from './ending.ts'
import type { Inspected } from './engine-words.ts'
import { maskedText } from './evidence-log.ts'
import { beginRun, endRun, judgeEnding, paused, tellHealth, tellRunning, unpaused } from './lifecycle.ts'
import { forgetUnknown, turn } from './spans.ts'
import { note, type Step } from './told.ts'

/** The engine dates an end by its process, the event by when it was noticed; longer apart they are two ends. */
const END_NOTICED_WITHIN_MS = 5_000

const runs = (answer: Inspected): boolean => answer.state === 'running' || answer.state === 'paused'

/**
 * Applies an answer that was asked for when `askedAfter` events were heard. When one of its own came in since, the answer may be older
 * than the event: only what events do not tell is taken, and it is asked again.
 */
export function applyInspect(step: Step, life: Life, answer: Inspected, askedAfter: number): void {
  life.autoRemove = answer.autoRemove
  life.restarts = answer.restarts
  step.told.changed.add(life)
  noteRemoval(life, answer)
  if (life.ending !== null) fillEnding(step, life, answer)
  // Its processes may live on for a moment while it is being removed; what happens then, events tell.
  if (answer.state === 'removing' && isAlive(life)) return
  if (askedAfter < life.eventNo) {
    step.told.inspect.add(life.id)
    return
  }
  life.pid = answer.pid
  if (life.known === 'list') {
    baseline(step, life, answer)
    return
  }
  life.known = 'inspect'
  forgetUnknown(life.named.spans)
  if (runs(answer)) reconcileRunning(step, life, answer)
  else reconcileStopped(step, life, answer)
  reconcileHealth(step, life, answer)
}

/** `removing` before the end means that somebody removes it; after the end it may be the engine's own tidying (`--rm`). */
function noteRemoval(life: Life, answer: Inspected): void {
  if (answer.state !== 'removing') return
  if (isAlive(life) || !answer.autoRemove) life.removal = true
}

/** An answer belongs to the run that ended if that run's end is what it dates; a restarted container says exit code 0. */
function fillEnding(step: Step, life: Life, answer: Inspected): void {
  const { ending } = life
  if (ending === null) return
  const { finishedAt } = answer
  const ofThisEnd = finishedAt !== null && Math.abs(finishedAt - ending.at) < END_NOTICED_WITHIN_MS
  const ofThisRun = answer.startedAt === null || (finishedAt !== null && finishedAt >= answer.startedAt)
  if (ofThisEnd && ofThisRun && !runs(answer)) {
    ending.exitCode = answer.exitCode
    // The mark stays for the whole run: of a child killed an hour ago it says nothing of this end.
    if (answer.oomKilled && life.oomAt === null) ending.oomKilled = true
  }
  // Killed without being asked first: no `stop` will follow, and a removal would show by now.
  const killed = ofThisEnd && life.kill !== null && !wasAsked(life, ending.at)
  if (killed || isPlanned(life, ending.at)) judgeEnding(step, life)
}

/**
 * First sight. It is told as it is: the judge alone knows whether it was so when the monitor last looked, and so whether
 * it is news.
 */
function baseline(step: Step, life: Life, answer: Inspected): void {
  const { spans } = life.named
  life.known = 'inspect'
  life.state = answer.state
  life.startedAt = answer.startedAt
  life.finishedAt = answer.finishedAt
  life.exitCode = answer.finishedAt === null || runs(answer) ? null : answer.exitCode
  life.health = answer.health
  life.error = answer.error
  life.removal = answer.state === 'removing'
  forgetUnknown(spans)
  const ended = answer.finishedAt ?? answer.createdAt ?? step.now
  const why = answer.finishedAt === null ? 'created, not started' : 'was stopped at first sight'
  if (!runs(answer)) {
    if (answer.startedAt !== null && answer.startedAt < ended)
      turn(spans, { condition: 'up', at: answer.startedAt, why: 'running' })
    turn(spans, { condition: 'down', at: ended, why })
    if (answer.finishedAt !== null) {
      const end = endUnwatched(answer, answer.finishedAt)
      step.told.observations.push({ kind: 'ended', subject: life.subject, end })
    }
    return
  }
  const startedAt = answer.startedAt ?? step.now
  if (answer.finishedAt !== null && answer.finishedAt < startedAt)
    turn(spans, { condition: 'down', at: answer.finishedAt, why: 'between two runs' })
  turn(spans, { condition: 'up', at: startedAt, why: 'running' })
  tellRunning(step, life)
  if (answer.state === 'paused') {
    turn(spans, { condition: 'paused', at: step.now, why: 'paused' })
    step.told.observations.push({ kind: 'paused', subject: life.subject, at: step.now })
  }
  const { health, healthOutput: output } = answer
  if (health === 'healthy' || health === 'unhealthy')
    step.told.observations.push({ kind: 'health', subject: life.subject, at: step.now, health, output })
}

function reconcileRunning(step: Step, life: Life, answer: Inspected): void {
  const startedAt = answer.startedAt ?? step.now
  if (life.ending !== null) judgeEnding(step, life)
  if (isAlive(life) && life.startedAt !== null && isLaterRun(life.startedAt, startedAt))
    missedEnd(step, life, answer, startedAt)
  if (isAlive(life)) {
    // What was told of a run keeps its start time; until then the engine's own record is the better one.
    if (life.startedAt === null) life.starting = { at: startedAt, dueAt: step.now }
    if (life.starting !== null) life.startedAt = startedAt
  } else beginAgain(step, life, answer, startedAt)
  if (life.starting !== null) tellRunning(step, life)
  if (answer.state === 'paused') paused(step, life, step.now)
  else unpaused(step, life, step.now)
  const shown = life.named.spans.at(-1)?.condition
  if (shown === undefined || shown === 'down')
    turn(life.named.spans, { condition: 'up', at: startedAt, why: 'running' })
}

/** It was restarted and nobody told: the end is dated by inspect if that is of the run before, else by the new start. */
function missedEnd(step: Step, life: Life, answer: Inspected, startedAt: EpochMs): void {
  const { finishedAt } = answer
  const known = finishedAt !== null && finishedAt > (life.startedAt ?? 0) && finishedAt <= startedAt
  endRun(step, life, known ? finishedAt : startedAt, null)
  judgeEnding(step, life)
}

function beginAgain(step: Step, life: Life, answer: Inspected, startedAt: EpochMs): void {
  life.finishedAt = answer.finishedAt ?? life.finishedAt
  beginRun(step, life, startedAt)
  life.health = answer.health
  tellRunning(step, life)
}

function reconcileStopped(step: Step, life: Life, answer: Inspected): void {
  const { finishedAt, startedAt } = answer
  const wholeRunMissed =
    !isAlive(life) && startedAt !== null && finishedAt !== null && startedAt > (life.finishedAt ?? 0)
  if (wholeRunMissed && life.ending === null && (life.startedAt === null || startedAt > life.startedAt)) {
    beginRun(step, life, startedAt)
    tellRunning(step, life)
  }
  if (isAlive(life)) {
    endRun(step, life, finishedAt ?? step.now, null)
    fillEnding(step, life, answer)
  } else if (life.error !== answer.error && answer.error !== '') failedToStart(step, life, answer)
  life.error = answer.error
  life.state = answer.state
  life.finishedAt = finishedAt
  if (life.ending === null && finishedAt !== null) life.exitCode = answer.exitCode
  const why = finishedAt === null ? 'created, not started' : 'ended'
  turn(life.named.spans, { condition: 'down', at: finishedAt ?? answer.createdAt ?? step.now, why })
}

/** A start that fails has no event of its own. */
function failedToStart(step: Step, life: Life, answer: Inspected): void {
  const why = `failed to start: ${maskedText(answer.error, 300)}`
  const end = { at: step.now, planned: false, exitCode: answer.exitCode, signal: null, oomKilled: false, why }
  life.exitCode = answer.exitCode
  note(step, life, { kind: 'died', at: step.now, text: why })
  step.told.observations.push({ kind: 'ended', subject: life.subject, end })
}

function reconcileHealth(step: Step, life: Life, answer: Inspected): void {
  const waiting = life.healthChange
  const missed = answer.health !== life.health
  life.health = answer.health
  if (waiting !== null) tellHealth(step, life, waiting.at, answer.healthOutput)
  else if (missed && isAlive(life) && (answer.health === 'healthy' || answer.health === 'unhealthy'))
    tellHealth(step, life, step.now, answer.healthOutput)
}
