import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import type { Observation } from './observation.ts'
import { ended, playAll, probed, running, said, subject, T0, tick } from './series-notation.ts'
import { allKnown } from './shelf.ts'

describe('container-down', () => {
  const killed = { exitCode: 137, signal: 9, why: 'killed by SIGKILL, exit code 137' }

  it('fires at once for an unplanned end and clears when it has run again for 5 s', () => {
    const { events } = playAll([running(0, -60_000), ended(10_000, killed), running(22_000), tick(30_000)])
    expect(said(events)).toBe('container-down firing@10s container-down resolved@27s')
    expect(events.map((event) => event.summary)).toEqual([
      'killed by SIGKILL, exit code 137',
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

  it('a run that is dated anew is no restart', () => {
    const busy = Array.from({ length: 9 }, (_, i) => {
      const at = 1000 + i * 2000
      return [at, { kind: 'sample', subject, at: T0 + at, numbers: { ...NO_NUMBERS, cpuPercent: 99 } }] as const
    })
    const { events } = playAll([running(0), ...busy, running(20_000, -800), running(30_000, -800)])
    expect(said(events)).toBe('high-cpu firing@17s')
  })

  it('a removal ends it, after the same 5 s', () => {
    const gone: Observation = { kind: 'removed', subject, at: T0 + 10_000 }
    const { book, events } = playAll([running(0), ended(1000), [10_000, gone], tick(20_000)])
    expect(said(events)).toBe('container-down firing@1s container-down resolved@15s')
    expect(events[1]?.summary).toBe('removed; lasted 14 s')
    expect(allKnown(book.containers)).toEqual([])
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

  const MiB = 1024 ** 2
  const numbers = { ...NO_NUMBERS, memoryUsedBytes: 255 * MiB, memoryLimitBytes: 256 * MiB }
  const sample = [1000, { kind: 'sample', subject, at: T0 + 1000, numbers }] as const
  const oom = (atMs: number) => [atMs, { kind: 'oom', subject, at: T0 + atMs }] as const
  const oomKilled = { oomKilled: true, exitCode: 137, why: 'killed: out of memory under a limit of 256 MiB' }

  it('a process killed for memory is told with the memory last seen, and is over 60 s after the last', () => {
    const { events } = playAll([running(0), sample, oom(5000), oom(5020), oom(5040), tick(90_000)])
    expect(said(events)).toBe('container-oom firing@6s container-oom resolved@66s')
    expect(events.map((event) => event.summary)).toEqual([
      'out of memory: a process in it was killed, the container lives on; memory last seen 255 MiB of 256 MiB',
      'no process killed for memory for 1 min; lasted 1 min',
    ])
  })

  it('a container that ends of it is told at once, in the place of its being down, until it runs in peace', () => {
    const { events } = playAll([running(0), sample, oom(5000), ended(5150, oomKilled), running(200_000), tick(300_000)])
    expect(said(events.filter((event) => event.suppressed === undefined))).toBe(
      'container-oom firing@5.15s container-oom resolved@260s',
    )
    expect(events[0]?.summary).toBe(`${oomKilled.why}; memory last seen 255 MiB of 256 MiB`)
    const held = events.filter((event) => event.suppressed === 'container-oom')
    expect(said(held)).toBe('container-down firing@5.15s container-down resolved@205s')
    expect(held[0]?.by).toBe(events[0]?.id)
  })

  it('one that crashes for another reason later is down for itself', () => {
    const { events } = playAll([running(0), oom(5000), ended(20_000)])
    expect(said(events)).toBe('container-oom firing@6s container-down firing@20s')
    expect(events[1]?.suppressed).toBeUndefined()
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
