import type { Span } from '@plimsoll/contracts/container'
import { describe, expect, it } from 'vitest'
import { finish, newReplay, playRows } from './backtest.ts'
import { endOf, marksOf } from './backtest-marks.ts'
import { rulesFrom } from './rule-file.ts'
import { RULES, type Rules } from './rules.ts'
import { subject, T0, valuesOf } from './series-notation.ts'

const MIN = 60_000

/** `high-cpu 0s–60s` for each alert, of one metric in rows of `stepMs`. */
function replayed(series: string, stepMs: number, more: { rules?: Rules; metric?: 'cpuPercent' | 'responseMs' } = {}) {
  const values = valuesOf(series)
  const replay = newReplay(subject, more.rules ?? RULES, [], T0)
  const at = values.map((_, i) => T0 + i * stepMs)
  playRows(replay, { stepMs, at, columns: { [more.metric ?? 'cpuPercent']: values } })
  return said(finish(replay, T0 + values.length * stepMs + 10 * MIN))
}

const said = (fired: ReturnType<typeof finish>) =>
  fired
    .map(({ rule, from, to }) => `${rule} ${(from - T0) / 1000}s–${to === null ? '' : `${(to - T0) / 1000}s`}`)
    .join(' ')

function lived(spans: readonly Span[], until: number, rules: Rules = RULES) {
  return finish(newReplay(subject, rules, marksOf(spans, []), T0), T0 + until)
}

function rules(said: unknown): Rules {
  const read = rulesFrom({ version: 1, rules: said })
  if (!read.ok) throw new Error(read.problems.join())
  return read.rules
}

describe('what would have fired on stored rows', () => {
  it('10 s rows: a level that holds for 15 s fires, and ends when it was well for 15 s', () => {
    expect(replayed('10x3 95x4 10x4', 10_000)).toBe('high-cpu 45s–85s')
    expect(replayed('10x3 95 10x4', 10_000)).toBe('')
  })

  it('1 min and 15 min rows: one row is long enough', () => {
    expect(replayed('10 95 10x3', MIN)).toBe('high-cpu 75s–135s')
    expect(replayed('10 95 10', 15 * MIN)).toBe('high-cpu 930s–1830s')
  })

  it('a changed threshold, hold or switch changes the answer', () => {
    const series = '10x3 95x4 10x4'
    expect(replayed(series, 10_000, { rules: rules({ 'high-cpu': { above: 96 } }) })).toBe('')
    expect(replayed(series, 10_000, { rules: rules({ 'high-cpu': { for: '1m' } }) })).toBe('')
    expect(replayed(series, 10_000, { rules: rules({ 'high-cpu': 'off' }) })).toBe('')
    expect(replayed('10x3 95x9 10x4', 10_000, { rules: rules({ 'high-cpu': { for: '1m', samples: 50 } }) })).toBe(
      'high-cpu 90s–135s',
    )
  })

  it('where nothing is stored an alert ends by silence, and no hold goes on', () => {
    expect(replayed('95x3 _x60', 10_000)).toMatch(/^high-cpu 15s–3\d\ds$/)
    expect(replayed('95 _x9 95 10', 10_000)).toBe('')
  })

  it('slow answers fire on the means of their rows', () => {
    expect(replayed('20x6 1500x6 20x12', 10_000, { metric: 'responseMs' })).toMatch(/^slow-response \d+s–\d+s$/)
  })
})

describe('what would have fired on a stored life', () => {
  const up = (from: number, to: number | null): Span => ({
    from: T0 + from,
    to: to === null ? null : T0 + to,
    condition: 'up',
    why: 'running',
  })
  const down = (from: number, to: number | null, why: string): Span => ({
    ...up(from, to),
    condition: 'down',
    why,
  })

  it('a crash, until it is back for 5 s', () => {
    const crash = down(60_000, 90_000, 'exited by itself, exit code 1')
    expect(said(lived([up(0, 60_000), crash, up(90_000, null)], 10 * MIN))).toBe('container-down 60s–95s')
  })

  it('a stop on purpose only when it is not back in 5 min', () => {
    const stop = down(60_000, 90_000, 'stopped on purpose, exit code 143 (SIGTERM)')
    expect(lived([up(0, 60_000), stop, up(90_000, null)], 10 * MIN)).toEqual([])
    const [alert] = lived([up(0, 60_000), { ...stop, to: null }], 10 * MIN)
    expect(alert).toMatchObject({ rule: 'container-stopped', to: null })
  })

  it('a loop holds back the crashes in it', () => {
    const spans = [0, 1, 2, 3].flatMap((i) => [
      up(i * 20_000, i * 20_000 + 10_000),
      down(i * 20_000 + 10_000, (i + 1) * 20_000, 'exited by itself, exit code 1'),
    ])
    const fired = lived([...spans, up(80_000, null)], 20 * MIN)
    expect(fired.map(({ rule }) => rule)).toContain('container-restart-loop')
    expect(fired.some(({ suppressed }) => suppressed === 'container-restart-loop')).toBe(true)
  })

  it('what was down before the range, or that nobody could tell of, is no news', () => {
    expect(lived([down(-90_000, null, 'exited by itself, exit code 1')], 10 * MIN)).toEqual([])
    const unknown = { ...down(60_000, 90_000, 'the monitor did not run'), condition: 'unknown' } as const
    expect(lived([up(0, 60_000), unknown, up(90_000, null)], 10 * MIN)).toEqual([])
  })

  it('a crashed one that is removed is over, unless another runs under its name by then', () => {
    const crash = down(60_000, null, 'exited by itself, exit code 1')
    const removed = { at: T0 + 120_000, no: 1, container: 'web', kind: 'removed', text: 'removed' } as const
    const gone = newReplay(subject, RULES, marksOf([up(0, 60_000), crash], [removed]), T0)
    expect(said(finish(gone, T0 + 10 * MIN))).toBe('container-down 60s–125s')
    const spans = [up(0, 60_000), { ...crash, to: T0 + 110_000 }, up(110_000, null)]
    const replaced = newReplay(subject, RULES, marksOf(spans, [removed]), T0)
    playRows(replaced, { stepMs: MIN, at: [T0 + 180_000], columns: { cpuPercent: [95] } })
    expect(said(finish(replaced, T0 + 4 * MIN))).toBe('container-down 60s–115s high-cpu 195s–')
  })

  it.each([
    ['killed by SIGKILL, exit code 137', { planned: false, exitCode: 137, signal: 9, oomKilled: false }],
    ['killed: out of memory under a limit of 256 MiB, exit code 137 (SIGKILL)', { oomKilled: true, signal: null }],
    ['removed on purpose, exit code 137 (SIGKILL)', { planned: true }],
    ['ended without the engine being asked, exit code 139 (SIGSEGV)', { planned: false, exitCode: 139 }],
  ])('reads %s', (why, end) => expect(endOf(T0, why)).toMatchObject(end))

  it('an unhealthy time and an OOM kill, by the events', () => {
    const event = (at: number, kind: 'health' | 'oom', text: string) =>
      ({ at: T0 + at, no: 1, container: 'web', kind, text }) as const
    const events = [event(60_000, 'health', 'unhealthy: HTTP 500: x'), event(120_000, 'health', 'healthy')]
    const marks = marksOf([up(0, null)], [event(200_000, 'oom', 'killed'), ...events])
    expect(said(finish(newReplay(subject, RULES, marks, T0 - 1), T0 + 10 * MIN))).toMatch(
      /^container-unhealthy 60s–120s container-oom 20\ds–2\d\ds$/,
    )
  })
})
