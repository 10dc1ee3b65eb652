/** What the engine tells of a container's life, as facts to remember, readings, and alerts that are over with it. */
import { durationText, memoryText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Away } from './alert-book.ts'
import { freshRun, isOfARun, type Known, openRules } from './known.ts'
import type { Told } from './levels.ts'
import type { End, Observation } from './observation.ts'
import { type PlayedRule, RESTART_LOOP } from './rules.ts'
import { endText, oneLine } from './sentences.ts'
import type { Reading } from './watch.ts'

/** What follows of an observation for one container. */
export interface Turn {
  readonly known: Known
  /** Rules that have nothing left to judge: what fires is resolved with the sentence, what pends is forgotten. */
  readonly over: readonly { readonly rule: string; readonly why: string }[]
  /** Played after `over`, in order. */
  readonly told: readonly Told[]
}

export interface Moment {
  readonly now: EpochMs
  /** Since when this process of the monitor watches: what was so before is a baseline, not news. */
  readonly watchingSince: EpochMs
  readonly away: Away
}

export function nothing(known: Known): Turn {
  return { known, over: [], told: [] }
}

function event(verdict: 'bad' | 'between' | 'good', text: string, more?: Partial<Reading>): Reading {
  return { verdict, value: null, threshold: null, text, limit: null, lasting: false, ...more }
}

function overAll(known: Known, rules: readonly string[], why: string): Turn['over'] {
  return rules.flatMap((rule) => (known.watches[rule] === undefined ? [] : [{ rule, why }]))
}

/** All that judges the run is over with it. */
function overRun(known: Known, why: string): Turn['over'] {
  return openRules(known.watches)
    .filter(isOfARun)
    .map((rule) => ({ rule, why }))
}

// The engine's nanoseconds do not fit a number.
const ROUNDING_MS = 1

/**
 * Whether a start is of the run that is known. A run that goes on can be dated anew: by its event first, then earlier
 * by inspect; only a later start is another run.
 */
function isSameRun(known: Known, startedAt: EpochMs): boolean {
  if (known.startedAt === null) return false
  const lives = known.condition === 'running' || known.condition === 'paused'
  const laterMs = startedAt - known.startedAt
  return lives ? laterMs <= ROUNDING_MS : Math.abs(laterMs) <= ROUNDING_MS
}

/** It runs, or runs again. */
export function onRunning(known: Known, startedAt: EpochMs): Turn {
  if (isSameRun(known, startedAt)) {
    if (known.condition === 'ended' || known.condition === 'removed') return nothing(known) // told late
    return { known: { ...known, condition: 'running', startedAt }, over: [], told: backUp(known, startedAt) }
  }
  const restarted = { ...freshRun(known), condition: 'running', startedAt } as const
  const starts = unaskedStarts(known, startedAt)
  const next = { ...restarted, unaskedStarts: starts }
  // A pause or a reconnect that a restart hid behind must not leave the old run's alerts.
  return {
    known: next,
    over: overRun(known, 'restarted'),
    told: [...backUp(next, startedAt), ...looping(next, startedAt)],
  }
}

/** A start is unasked when the run before ended by itself: no policy restarts what the engine was told to kill. */
function unaskedStarts(known: Known, startedAt: EpochMs): readonly EpochMs[] {
  const kept = known.unaskedStarts.filter((at) => at > startedAt - RESTART_LOOP.withinMs)
  const { end, condition } = known
  const unasked = condition === 'ended' && end !== null && !end.planned && end.signal === null
  return unasked ? [...kept, startedAt].slice(-50) : kept
}

function backUp(known: Known, at: EpochMs): Told[] {
  const downMs = known.end === null ? null : at - known.end.at
  const again = downMs === null ? 'running again' : `running again after ${durationText(downMs)}`
  return [
    { rule: 'container-down', reading: event('good', again), at },
    { rule: 'container-stopped', reading: event('good', again), at },
    { rule: 'container-oom', reading: event('good', again), at },
    { rule: 'container-restart-loop', reading: event('good', again), at },
  ]
}

function looping(known: Known, at: EpochMs): Told[] {
  const { length } = known.unaskedStarts
  if (length < RESTART_LOOP.starts) return []
  const text = `restarted ${length} times in ${durationText(RESTART_LOOP.withinMs)}, nobody asked for it`
  const more = { value: length, threshold: RESTART_LOOP.starts }
  return [{ rule: 'container-restart-loop', reading: event('bad', lastEnd(text, known.end), more), at }]
}

function lastEnd(text: string, end: End | null): string {
  return end === null ? text : `${text}; the last time: ${oneLine(end.why)}`
}

// One end can be told twice, by its event and by a look at the container: seconds apart on a loaded machine.
const SAME_END_MS = 5000

// The engine ends its containers one after the other, and gives each its time.
const WITH_US_MS = { before: 15_000, after: 60_000 } as const

/** Whether it went down with the monitor itself: the host was shut down, or the engine was restarted. */
function endedWithUs(end: End, watchingSince: EpochMs, { stoppedAt, bootedAt }: Away): boolean {
  if (end.at >= watchingSince || end.oomKilled) return false
  if (bootedAt !== null && end.at <= bootedAt) return true
  return stoppedAt !== null && end.at >= stoppedAt - WITH_US_MS.before && end.at <= stoppedAt + WITH_US_MS.after
}

function withUs(end: End): End {
  return { ...end, planned: true, why: `${end.why}, as the engine or the host went down` }
}

/** A run ended. */
export function onEnded(known: Known, seen: End, { now, watchingSince, away }: Moment): Turn {
  const end = endedWithUs(seen, watchingSince, away) ? withUs(seen) : seen
  const told = known.end
  const again = known.condition === 'ended' && told !== null && Math.abs(end.at - told.at) < SAME_END_MS
  if (again || known.condition === 'removed') return nothing(known)
  const next: Known = { ...freshRun(known), condition: 'ended', end }
  if (known.condition === 'unknown' && end.at < watchingSince) return nothing(next)
  return { known: next, over: overByEnd(known, end), told: endReadings(known, end, now) }
}

// A stop that somebody asks for ends what was wrong with the coming and going before it.
const NEED_A_CRASH: readonly PlayedRule[] = ['container-down', 'container-oom', 'container-restart-loop']

function overByEnd(known: Known, end: End): Turn['over'] {
  const over = overRun(known, `ended: ${oneLine(end.why)}`)
  if (!end.planned) return [...over, ...overAll(known, ['container-stopped'], 'ended again')]
  return [...over, ...overAll(known, NEED_A_CRASH, oneLine(end.why))]
}

function endReadings(known: Known, end: End, now: EpochMs): Told[] {
  const { at } = end
  if (end.planned) {
    if (!known.subject.expectedUp) return []
    const stopped = event('bad', `${oneLine(end.why)} and not back`, { lasting: true })
    return [{ rule: 'container-stopped', reading: stopped, at }]
  }
  const why = endText(end, now)
  const told: Told[] = []
  if (end.oomKilled) told.push(oom(known, { at, text: why, atOnce: true }))
  for (const rule of ['container-oom', 'container-restart-loop'] as const) {
    told.push({ rule, reading: event('between', why), at })
  }
  // A job that ends by itself with 0 did what it was for, unless it was to stay up.
  const done = end.exitCode === 0 && end.signal === null && !end.oomKilled && !known.subject.expectedUp
  if (!done) told.push({ rule: 'container-down', reading: event('bad', why, { value: end.exitCode }), at })
  return told
}

function oom(known: Known, seen: { at: EpochMs; text: string; atOnce?: true }): Told {
  const { at, text, ...sure } = seen
  const { usedBytes = null, limitBytes = null } = known.memory ?? {}
  const last = usedBytes === null ? '' : `; memory last seen ${memoryText(usedBytes)} of ${memoryText(limitBytes)}`
  const reading = event('bad', `${text}${last}`, { value: usedBytes, threshold: limitBytes, ...sure })
  return { rule: 'container-oom', reading, at }
}

/** The engine told of a kill for memory; several of one kill are one alert, also when the container ends of it. */
export function onOom(known: Known, at: EpochMs): Turn {
  const text = 'out of memory: a process in it was killed, the container lives on'
  return { known, over: [], told: [oom(known, { at, text })] }
}

export function onPaused(known: Known): Turn {
  if (known.condition === 'ended' || known.condition === 'removed') return nothing(known)
  return {
    known: { ...known, condition: 'paused' },
    over: overRun(known, 'paused').filter(({ rule }) => rule !== 'container-unhealthy'),
    told: [],
  }
}

/** The engine's own health check changed its mind. */
export function onHealth(known: Known, seen: Observation & { kind: 'health' }, { watchingSince }: Moment): Turn {
  if (known.condition === 'ended' || known.condition === 'removed') return nothing(known)
  const next: Known = { ...known, health: seen.health }
  const { at } = seen
  const tell = (reading: Reading): Turn => ({
    known: next,
    over: [],
    told: [{ rule: 'container-unhealthy', reading, at }],
  })
  switch (seen.health) {
    case 'none':
    case 'starting':
      return { known: next, over: overAll(known, ['container-unhealthy'], 'restarted'), told: [] }
    case 'healthy':
      return tell(event('good', 'healthy again'))
    case 'unhealthy': {
      const oldRun = known.startedAt === null || known.startedAt < watchingSince
      if (known.health === 'unhealthy' || (known.health === null && oldRun)) return nothing(next)
      const output = seen.output === null ? '' : oneLine(seen.output)
      return tell(
        event('bad', output === '' ? 'health check says unhealthy' : `health check says unhealthy: ${output}`),
      )
    }
  }
}

/** The engine no longer has it: nothing is left that could clear by itself but what needs no container. */
export function onRemoved(known: Known, at: EpochMs, why: string): Turn {
  const gone = openRules(known.watches).filter((rule) => rule !== 'container-down' && rule !== 'container-oom')
  // `--rm` removes a crashed container within milliseconds: these stay for their clear time all the same.
  const told = (['container-down', 'container-oom'] as const).map((rule) => ({ rule, reading: event('good', why), at }))
  return { known: { ...freshRun(known), condition: 'removed' }, over: overAll(known, gone, why), told }
}
