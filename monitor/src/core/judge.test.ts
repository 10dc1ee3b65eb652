import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { alertsOf, fromSaved, toSaved } from './alert-book.ts'
import type { Observation } from './observation.ts'
import { isSavedBook } from './saved-book.ts'
import { ended, playAll, playMetric, probed, running, said, subject, T0, tick, valuesOf } from './series-notation.ts'

const every2s = (series: string) => said(playMetric(series, 'cpuPercent', 2000), 'high-cpu')
const every10s = (series: string) => said(playMetric(series, 'cpuPercent'), 'high-cpu')

describe('high-cpu: above the threshold (80) for 15 s, clears below 72 for 15 s', () => {
  it.each([
    ['95x8', '', 'a short burst is no alert'],
    ['95x9', 'firing@16s', 'fires with the first sample after 15 s'],
    ['80x20', '', 'the threshold itself is not above it'],
    ['95x4 70 95x9', 'firing@26s', 'one sample below starts the hold anew'],
    ['95x4 75 95x9', 'firing@26s', 'also one that is only between threshold and clear level'],
    ['95x9 75x30', 'firing@16s', 'between clear level and threshold it goes on firing'],
    ['95x9 10x9', 'firing@16s resolved@34s', 'clears after 15 s below the clear level'],
    ['95x9 10x5 75 10x9', 'firing@16s resolved@46s', 'a sample above the clear level starts that anew'],
    ['95x9 10x9 95x9', 'firing@16s resolved@34s firing@52s', 'and fires again as another alert'],
  ])('%s → %s (%s)', (series, expected) => expect(every2s(series)).toBe(expected))

  it.each([
    ['95x2', '', 'two samples are too few, whatever the time between'],
    ['95x3', 'firing@20s', 'at 10 s a sample'],
    ['95 _ 95x2', 'firing@30s', 'a gap does not restart the hold'],
    ['95x2 _x7 95x2', '', 'a gap of more than a minute does'],
    ['95x3 _x29', 'firing@20s', 'without data it goes on firing for a while'],
    ['95x3 _x31', 'firing@20s resolved@320s', 'and after 5 min without data it ends: nobody knows any more'],
    ['_x10', '', 'unknown is not high'],
  ])('%s → %s (%s)', (series, expected) => expect(every10s(series)).toBe(expected))

  it('says the number, the hold and the threshold', () => {
    const events = playMetric('93.42x9 12x9', 'cpuPercent', 2000)
    expect(events.map((event) => event.summary)).toEqual([
      'CPU 93.4 % of one core for 16 s, threshold 80 %',
      'CPU 12.0 % of one core, below 72 % for 16 s; lasted 18 s',
    ])
    expect(events[0]).toMatchObject({
      severity: 'warning',
      value: 93.42,
      threshold: 80,
      container: 'web',
      host: 'web1',
    })
    expect(events[1]?.id).toBe(events[0]?.id)
  })
})

describe('other levels', () => {
  it('high-memory names the bytes', () => {
    const numbers = {
      ...NO_NUMBERS,
      memoryPercent: 85.2,
      memoryUsedBytes: 436 * 1024 ** 2,
      memoryLimitBytes: 512 * 1024 ** 2,
    }
    const steps = Array.from({ length: 9 }, (_, i) => {
      return [i * 2000, { kind: 'sample', subject, at: T0 + i * 2000, numbers }] as const
    })
    expect(playAll(steps).events.map((event) => `${event.rule}: ${event.summary}`)).toEqual([
      'high-memory: memory 85.2 % (436 MiB of 512 MiB) for 16 s, threshold 80 %',
    ])
  })

  it.each([
    ['30x6', '', 'not yet a minute'],
    ['30x7 5x7', 'firing@60s resolved@130s', 'above 25 % for a minute, below 10 % for a minute'],
    ['30x7 12x20', 'firing@60s', '12 % is not calm'],
  ])('cpu-throttled %s → %s (%s)', (series, expected) => {
    expect(said(playMetric(series, 'throttledPercent'), 'cpu-throttled')).toBe(expected)
  })

  it('a label raises the severity of all alerts of the container', () => {
    const numbers = { ...NO_NUMBERS, cpuPercent: 99 }
    const steps = Array.from({ length: 9 }, (_, i) => {
      const by = { ...subject, severity: 'critical' as const }
      return [i * 2000, { kind: 'sample', subject: by, at: T0 + i * 2000, numbers }] as const
    })
    expect(playAll(steps).events[0]?.severity).toBe('critical')
  })
})

/** Probes every 2 s: a number is a latency, `_` a timeout. */
const probes = (series: string) => playAll(valuesOf(series).map((ms, i) => probed(i * 2000, ms))).events

describe('slow-response: p95 of 30 s above 1000 ms, at least 5 probes', () => {
  it.each([
    ['1500x4', '', 'four probes are too few'],
    ['1500x5', 'firing@8s', 'five are enough'],
    ['20x14 5000 20x14', '', 'one slow answer alone is no alert'],
    ['20x13 5000x2', 'firing@28s', 'two of fifteen are'],
    ['1500x5 20x30', 'firing@8s resolved@52s', 'clears 15 s after the slow ones left the window'],
    ['1500x5 950x40', 'firing@8s', 'below the threshold is not yet below 90 % of it'],
  ])('%s → %s (%s)', (series, expected) => expect(said(probes(series), 'slow-response')).toBe(expected))

  it('says the percentile and the threshold', () => {
    expect(probes('1500x5')[0]?.summary).toBe('p95 of responses 1.50 s over 30 s, threshold 1.00 s')
  })
})

describe('health-check-failed: 3 probes in a row, clears after 2 good ones', () => {
  it.each([
    ['_x2 20 _x2', '', 'two in a row are not three'],
    ['_x3', 'firing@4s', 'three are'],
    ['_x3 20 _ 20 20', 'firing@4s resolved@12s', 'two good ones in a row end it'],
  ])('%s → %s (%s)', (series, expected) => expect(said(probes(series), 'health-check-failed')).toBe(expected))

  it('counts an answer that is not 2xx as failed', () => {
    const { events } = playAll([0, 2000, 4000].map((at) => probed(at, 12, false)))
    expect(events[0]).toMatchObject({ rule: 'health-check-failed', severity: 'critical' })
    expect(events[0]?.summary).toBe('3 health checks in a row failed, the last with: 503')
  })

  it('gives a container that has just started 30 s until its first good answer', () => {
    const fails = (from: number) => Array.from({ length: 10 }, (_, i) => probed(from + i * 2000, null))
    expect(said(playAll([running(0), ...fails(1000)]).events)).toBe('')
    expect(said(playAll([running(0), ...fails(25_000)]).events)).toBe('health-check-failed firing@35s')
    expect(said(playAll([running(0), probed(500, 9), ...fails(1000)]).events)).toBe('health-check-failed firing@5s')
  })
})

describe('container-down', () => {
  const killed = { exitCode: 137, signal: 9, why: 'killed by SIGKILL, exit code 137 (SIGKILL)' }

  it('fires at once for an unplanned end and clears when it has run again for 5 s', () => {
    const { events } = playAll([running(0, -60_000), ended(10_000, killed), running(22_000), tick(30_000)])
    expect(said(events)).toBe('container-down firing@10s container-down resolved@27s')
    expect(events.map((event) => event.summary)).toEqual([
      'killed by SIGKILL, exit code 137 (SIGKILL)',
      'running again after 12 s; lasted 17 s',
    ])
    expect(events[0]).toMatchObject({ severity: 'critical', value: 137 })
  })

  it('a stop that somebody asked for is none', () => {
    expect(said(playAll([running(0), ended(10_000, { planned: true }), running(20_000), tick(60_000)]).events)).toBe('')
  })

  it('crashing again within the 5 s is the same alert', () => {
    const { events } = playAll([running(0), ended(1000), running(2000), ended(3000), running(4000), tick(20_000)])
    expect(said(events)).toBe('container-down firing@1s container-down resolved@9s')
  })

  it('a job that ends by itself with 0 is done, unless it was to stay up', () => {
    const job = { ...subject, expectedUp: false }
    const end = { at: T0 + 1000, planned: false, exitCode: 0, signal: null, oomKilled: false, why: 'exited by itself' }
    expect(playAll([running(0), [1000, { kind: 'ended', subject: job, end }]]).events).toEqual([])
    expect(said(playAll([running(0), ended(1000, { exitCode: 0 })]).events)).toBe('container-down firing@1s')
  })

  it('first sight of one that ended before we watched is a baseline', () => {
    expect(playAll([ended(0, { at: T0 - 5000 }), tick(600_000)]).events).toEqual([])
  })

  it('an end found out late says when it was, and is told once', () => {
    const late = ended(60_000, { at: T0 + 30_000 })
    const { events } = playAll([running(0), late, late])
    expect(events.map((event) => event.summary)).toEqual(['exited by itself, exit code 1, 30 s ago'])
  })

  it('a removal ends it, after the same 5 s', () => {
    const gone: Observation = { kind: 'removed', subject, at: T0 + 10_000 }
    const { book, events } = playAll([running(0), ended(1000), [10_000, gone], tick(20_000)])
    expect(said(events)).toBe('container-down firing@1s container-down resolved@15s')
    expect(events[1]?.summary).toBe('removed; lasted 14 s')
    expect(book.containers).toEqual({})
  })

  it('while it is down, its health and latency are nobody’s news', () => {
    const down = Array.from({ length: 30 }, (_, i) => probed(11_000 + i * 2000, null))
    expect(said(playAll([running(0, -60_000), ended(10_000), ...down]).events)).toBe('container-down firing@10s')
  })

  it('what fired before it ended is resolved with the end', () => {
    const busy = Array.from({ length: 10 }, (_, i) => {
      const at = 1000 + i * 2000
      return [at, { kind: 'sample', subject, at: T0 + at, numbers: { ...NO_NUMBERS, cpuPercent: 99 } }] as const
    })
    const { events } = playAll([running(0, -60_000), ...busy, ended(20_000)])
    expect(said(events)).toBe('high-cpu firing@17s high-cpu resolved@20s container-down firing@20s')
    expect(events[1]?.summary).toBe('ended: exited by itself, exit code 1; lasted 3 s')
  })
})

describe('the other events of a container', () => {
  const health = (atMs: number, is: 'healthy' | 'unhealthy' | 'starting', output: string | null = null) =>
    [atMs, { kind: 'health', subject, at: T0 + atMs, health: is, output }] as const

  it('unhealthy fires with the check’s own output and clears with healthy', () => {
    const { events } = playAll([
      running(0),
      health(20_000, 'unhealthy', 'curl: (7)\nfailed\u001b[31m'),
      health(50_000, 'healthy'),
    ])
    expect(events.map((event) => event.summary)).toEqual([
      'health check says unhealthy: curl: (7) failed [31m',
      'healthy again; lasted 30 s',
    ])
  })

  it('first sight of an unhealthy one is a baseline, and its getting well and ill again is not', () => {
    const old = running(0, -60_000)
    expect(playAll([old, health(1, 'unhealthy'), health(9, 'unhealthy')]).events).toEqual([])
    const { events } = playAll([old, health(1, 'unhealthy'), health(5000, 'healthy'), health(9000, 'unhealthy')])
    expect(said(events)).toBe('container-unhealthy firing@9s')
  })

  it('unhealthy ends with the run', () => {
    const start = [running(0), health(20_000, 'unhealthy')] as const
    expect(said(playAll([...start, ended(30_000, { planned: true }), running(31_000)]).events)).toBe(
      'container-unhealthy firing@20s container-unhealthy resolved@30s',
    )
    expect(said(playAll([...start, running(31_000)]).events)).toMatch(/resolved@31s/)
  })

  it('stopped on purpose, expected up and not back in 5 min is a warning', () => {
    const stop = ended(10_000, { planned: true, why: 'stopped on purpose' })
    const { events } = playAll([running(0), stop, running(400_000)])
    expect(said(events)).toBe('container-stopped firing@310s container-stopped resolved@400s')
    expect(events[0]?.summary).toBe('stopped on purpose and not back for 5 min')
    expect(playAll([running(0), stop, running(200_000), tick(900_000)]).events).toEqual([])
    const gone: Observation = { kind: 'removed', subject, at: T0 + 20_000 }
    expect(playAll([running(0), stop, [20_000, gone], tick(900_000)]).events).toEqual([])
  })

  it('an OOM kill is told with the memory last seen, and is over 60 s after the last', () => {
    const numbers = { ...NO_NUMBERS, memoryUsedBytes: 255 * 1024 ** 2, memoryLimitBytes: 256 * 1024 ** 2 }
    const sample = [1000, { kind: 'sample', subject, at: T0 + 1000, numbers }] as const
    const storm = [5000, 5020, 5040].map((at) => [at, { kind: 'oom', subject, at: T0 + at }] as const)
    const { events } = playAll([running(0), sample, ...storm, tick(90_000)])
    expect(said(events)).toBe('container-oom firing@5s container-oom resolved@66s')
    expect(events[0]?.summary).toMatch(/the container lives on; memory last seen 255 MiB of 256 MiB$/)
  })

  it('three unasked starts in 5 min are a restart loop, over after 5 quiet minutes', () => {
    const loop = [0, 1, 2, 3].flatMap((i) => [running(i * 20_000), ended(i * 20_000 + 10_000)])
    const { events } = playAll([...loop, running(80_000), tick(600_000)])
    expect(said(events, 'container-restart-loop')).toBe('firing@60s resolved@380s')
  })

  it('starts after a kill somebody asked for are no loop', () => {
    const kill = { signal: 9, exitCode: 137, why: 'killed by SIGKILL' }
    const { events } = playAll([0, 1, 2, 3, 4].flatMap((i) => [running(i * 20_000), ended(i * 20_000 + 10_000, kill)]))
    expect(said(events, 'container-restart-loop')).toBe('')
  })

  it('a paused container’s alerts are over and its probes do not count', () => {
    const paused: Observation = { kind: 'paused', subject, at: T0 + 10_000 }
    const fails = Array.from({ length: 5 }, (_, i) => probed(11_000 + i * 2000, null))
    expect(playAll([running(0, -60_000), [10_000, paused], ...fails]).events).toEqual([])
  })
})

describe('the engine and the monitor itself', () => {
  const engine = (atMs: number, reachable: boolean) =>
    [atMs, { kind: 'engine', at: T0 + atMs, reachable, error: reachable ? null : 'ECONNREFUSED' }] as const
  const sink = (atMs: number, error: string | null) =>
    [atMs, { kind: 'sink', at: T0 + atMs, name: 'csv', error }] as const

  it('engine-unreachable after 10 s, over when it has answered for 5 s', () => {
    const { events } = playAll([engine(0, true), engine(5000, false), engine(40_000, true), tick(60_000)])
    expect(said(events)).toBe('engine-unreachable firing@15s engine-unreachable resolved@45s')
    expect(events[0]).toMatchObject({ container: null, summary: 'the Docker engine does not answer: ECONNREFUSED' })
    expect(playAll([engine(0, false), engine(9000, true), tick(60_000)]).events).toEqual([])
  })

  it('monitor-degraded per sink', () => {
    const { events } = playAll([sink(0, 'disk full'), sink(4000, 'disk full'), sink(20_000, null), tick(40_000)])
    expect(said(events)).toBe('monitor-degraded firing@5s monitor-degraded resolved@25s')
    expect(events[0]?.summary).toBe('csv is in trouble: disk full')
  })
})

describe('a restart of the monitor', () => {
  const restart = (book: ReturnType<typeof playAll>['book'], atMs: number) => {
    const saved: unknown = JSON.parse(JSON.stringify(toSaved(book, T0 + atMs)))
    if (!isSavedBook(saved)) throw new Error('not a saved book')
    return fromSaved(saved, 'ffffffffffff', T0 + atMs)
  }
  const up = (atMs: number) => [atMs, { kind: 'engine', at: T0 + atMs, reachable: true, error: null }] as const

  it('does not fire twice, and tells what was resolved meanwhile', () => {
    const before = playAll([running(0), ended(10_000)])
    const still = playAll([up(60_000), ended(60_000, { at: T0 + 10_000 }), tick(70_000)], restart(before.book, 60_000))
    expect(still.events).toEqual([])
    const back = playAll([up(60_000), running(60_000, 40_000), tick(62_000)], restart(before.book, 60_000))
    expect(said(back.events)).toBe('container-down resolved@61s')
    expect(back.events[0]?.id).toBe(before.events[0]?.id)
    expect(alertsOf(back.book)[0]).toMatchObject({ firedAt: T0 + 10_000, resolvedAt: T0 + 61_000 })
  })

  it('ends the alerts of containers that are gone, once the engine has listed what there is', () => {
    const before = playAll([running(0), ended(10_000)])
    const { events, book } = playAll([up(60_000), tick(80_000)], restart(before.book, 60_000))
    expect(said(events)).toBe('container-down resolved@75s')
    expect(events[0]?.summary).toBe('gone when the monitor came back; lasted 1 min 5 s')
    expect(book.containers).toEqual({})
  })

  it('keeps all while the engine is away', () => {
    const before = playAll([running(0), ended(10_000)])
    expect(said(playAll([tick(900_000)], restart(before.book, 60_000)).events)).toBe('')
  })

  it('a hold goes on', () => {
    const sample = (atMs: number) =>
      [atMs, { kind: 'sample', subject, at: T0 + atMs, numbers: { ...NO_NUMBERS, cpuPercent: 99 } }] as const
    const before = playAll([running(0), sample(1000), sample(3000)])
    const after = playAll([running(10_000, 0), sample(10_000), sample(16_000)], restart(before.book, 10_000))
    expect(said(after.events)).toBe('high-cpu firing@16s')
  })
})
