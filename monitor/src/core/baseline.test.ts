import { readFileSync } from 'node:fs'
import { METRICS, type Numbers } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { baselineOf, type Taken } from './baseline.ts'
import { type Counters, countersOfApi } from './counters.ts'
import { numbersOf } from './usage.ts'

const fixture = (path: string) => readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8')
const first = countersOfApi(JSON.parse(fixture('cgroup-v1/web/stats-1.json'))) as Counters

/** A container that runs evenly: a tenth of a core, 1000 bytes a second each way, seen `ms` after the first look. */
function evenly(ms: number, more: Partial<Counters> = {}): Counters {
  const grown = (value: number | null) => (value ?? 0) + ms
  return {
    ...first,
    at: first.at + ms,
    steadyMs: ms,
    cpuNs: first.cpuNs + ms * 1e5,
    hostCpuNs: (first.hostCpuNs ?? 0) + ms * 2e6,
    receivedBytes: grown(first.receivedBytes),
    sentBytes: grown(first.sentBytes),
    readBytes: grown(first.readBytes),
    writtenBytes: grown(first.writtenBytes),
    ...more,
  }
}

const byFiles = (ms: number, more: Partial<Counters> = {}): Taken => ({
  startedAt: 1,
  source: 'files',
  takenMs: ms,
  counters: evenly(ms, more),
})
const byEngine = (ms: number, more: Partial<Counters> = {}): Taken => ({
  ...byFiles(ms, { steadyMs: null, ...more }),
  source: 'engine',
})

function between(before: Taken | undefined, now: Taken, intervalMs = 1000): Numbers {
  return numbersOf(baselineOf(before, now, intervalMs), now.counters, null)
}

const steady = { cpuPercent: 10, networkReceivedBytesPerSecond: 1000, blockWrittenBytesPerSecond: 1000 }
const rates = ['cpuPercent', 'throttledPercent', ...Object.keys(METRICS).filter((name) => name.endsWith('PerSecond'))]
const nothing = Object.fromEntries(rates.map((name) => [name, null]))

describe('an ordinary second', () => {
  it.each([byFiles, byEngine])('has the rates that went by in it', (take) => {
    const numbers = between(take(0), take(1000))
    for (const [name, value] of Object.entries(steady)) expect(numbers[name as keyof Numbers]).toBeCloseTo(value, 6)
  })
})

describe('a clock that is set, ours or the engine’s', () => {
  const HOUR = 3_600_000
  it.each([HOUR, -HOUR, 700, -700])(
    'by %d ms: files are dated by the steady one, and nothing is seen of it',
    (step) => {
      const numbers = between(byFiles(0), byFiles(1000, { at: first.at + 1000 + step }))
      for (const [name, value] of Object.entries(steady)) expect(numbers[name as keyof Numbers]).toBeCloseTo(value, 6)
    },
  )

  it.each([HOUR, -HOUR])('by %d ms: from the engine there is a gap, no spike and nothing negative', (step) => {
    expect(between(byEngine(0), byEngine(2000, { at: first.at + 2000 + step }), 2000)).toMatchObject(nothing)
  })

  it('an answer that comes half a second late is no clock being set', () => {
    const late = { ...byEngine(2000), takenMs: 2500 }
    expect(between(byEngine(0), late, 2000).cpuPercent).toBeCloseTo(10, 6)
  })
})

describe('a process that was suspended (SIGSTOP) for 30 s', () => {
  it.each([byFiles, byEngine])('says nothing of the time it did not see, and goes on after it', (take) => {
    expect(between(take(0), take(30_000))).toMatchObject(nothing)
    expect(between(take(30_000), take(31_000)).cpuPercent).toBeCloseTo(10, 6)
  })

  it('levels are known at once: memory does not wait for a second look', () => {
    expect(between(byFiles(0), byFiles(30_000)).memoryUsedBytes).toBe(first.memoryUsedBytes)
  })

  it('an interval of a minute is no gap', () => {
    expect(between(byEngine(0), byEngine(60_000), 60_000).cpuPercent).toBeCloseTo(10, 6)
  })
})

describe('a container restarted under the same id between two looks', () => {
  const restarted = { cpuNs: 5e6, receivedBytes: 10, sentBytes: 0, readBytes: 0, writtenBytes: 0 }

  it('begins anew: no rates across two runs', () => {
    const again = { ...byFiles(1000, restarted), startedAt: 2 }
    expect(between(byFiles(0), again)).toMatchObject(nothing)
  })

  it('has no negative rate even before its start is known', () => {
    const { cpuPercent, networkReceivedBytesPerSecond } = between(byFiles(0), byFiles(1000, restarted))
    expect([cpuPercent, networkReceivedBytesPerSecond]).toEqual([null, null])
  })

  it('is not held against the run before, though it has counted further by now', () => {
    const busier = { ...byFiles(1000, { cpuNs: first.cpuNs + 9e9, receivedBytes: 9e9 }), startedAt: 2 }
    expect(between(byFiles(0), busier)).toMatchObject(nothing)
  })
})

describe('the engine was restarted', () => {
  it('and is back within seconds, the container running on: the time between is averaged', () => {
    expect(between(byEngine(0), byEngine(6000), 2000).cpuPercent).toBeCloseTo(10, 6)
  })
  it('after a longer time: a gap', () => {
    expect(between(byEngine(0), byEngine(11_000), 2000)).toMatchObject(nothing)
  })
})

it('a change of source begins anew: the two are dated by different clocks', () => {
  expect(between(byEngine(0), byFiles(1000))).toMatchObject(nothing)
})
