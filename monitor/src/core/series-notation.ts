/**
 * For tests: plays a series of values to the judge and writes what it said. `'95x4 75x3'` is four samples of 95, then
 * three of 75, one every 10 s; `_` is no sample. The answer is `'firing@30s resolved@60s'`.
 */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, newBook } from './alert-book.ts'
import { judge } from './judge.ts'
import type { End, Observation, Subject } from './observation.ts'
import { RULES, type Rules } from './rules.ts'

/** When every series begins: a round time, so that a failure reads well. */
export const T0: EpochMs = 1_795_261_000_000

export const subject: Subject = {
  name: 'web',
  id: 'a'.repeat(64),
  thresholds: { cpuPercent: 80, memoryPercent: 80, responseMs: 1000 },
  severity: null,
  expectedUp: true,
}

/** A series as its values: `null` for `_`. */
export function valuesOf(series: string): (number | null)[] {
  return series.split(/\s+/).flatMap((word) => {
    const [value = '', times = '1'] = word.split('x')
    return Array.from({ length: Number(times) }, () => (value === '_' ? null : Number(value)))
  })
}

export function startBook(): Book {
  return newBook({ host: 'web1', seed: '0123456789ab', now: T0 })
}

/** Plays observations in order, each at its own time, a tick a second in between; answers with all events. */
export function playAll(
  steps: readonly (readonly [atMs: number, observation: Observation])[],
  start: Book = startBook(),
  rules: Rules = RULES,
): { book: Book; events: AlertEvent[] } {
  let book = start
  const events: AlertEvent[] = []
  let clock = T0
  const say = (observation: Observation, now: EpochMs) => {
    const [next, more] = judge(book, observation, now, rules)
    book = next
    events.push(...more)
  }
  for (const [atMs, observation] of steps) {
    const now = T0 + atMs
    for (; clock + 1000 <= now; clock += 1000) say({ kind: 'time', at: clock + 1000 }, clock + 1000)
    say(observation, now)
  }
  return { book, events }
}

/** `high-cpu firing@30s`, in order; the rule's name only where `rule` does not ask for one. */
export function said(events: readonly AlertEvent[], rule?: string): string {
  return events
    .filter((event) => rule === undefined || event.rule === rule)
    .map((event) => `${rule === undefined ? `${event.rule} ` : ''}${event.state}@${(event.time - T0) / 1000}s`)
    .join(' ')
}

/** What the judge says of a series of one metric, one sample every `stepMs`. */
export function playMetric(series: string, metric: keyof Numbers, stepMs = 10_000): AlertEvent[] {
  const steps = valuesOf(series).map((value, i) => {
    const numbers = { ...NO_NUMBERS, [metric]: value }
    return [i * stepMs, { kind: 'sample', subject, at: T0 + i * stepMs, numbers }] as const
  })
  return playAll(steps).events
}

export function running(atMs: number, startedMs = atMs): readonly [number, Observation] {
  return [atMs, { kind: 'running', subject, at: T0 + startedMs }]
}

export function tick(atMs: number): readonly [number, Observation] {
  return [atMs, { kind: 'time', at: T0 + atMs }]
}

export function ended(atMs: number, end: Partial<End> = {}): readonly [number, Observation] {
  const crash = { planned: false, exitCode: 1, signal: null, oomKilled: false, why: 'exited by itself, exit code 1' }
  return [atMs, { kind: 'ended', subject, end: { at: T0 + atMs, ...crash, ...end } }]
}

export function probed(
  atMs: number,
  responseMs: number | null,
  ok = responseMs !== null,
): readonly [number, Observation] {
  const detail = ok ? '200' : responseMs === null ? 'timeout after 5 s' : '503'
  return [atMs, { kind: 'probe', subject, result: { at: T0 + atMs, url: 'http://web/health', ok, responseMs, detail } }]
}
