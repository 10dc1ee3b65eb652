import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { alertsOf, type Book, fromSaved, toSaved } from './alert-book.ts'
import { judge } from './judge.ts'
import type { Observation } from './observation.ts'
import { isSavedBook } from './saved-book.ts'
import { ended, playAll, running, said, subject, T0, tick } from './series-notation.ts'
import { allKnown } from './shelf.ts'

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
  const restart = (book: Book, atMs: number, how: { last?: boolean; bootedMs?: number } = {}) => {
    const { last = false, bootedMs = -1_000_000 } = how
    const saved: unknown = JSON.parse(JSON.stringify(toSaved(book, T0 + 20_000, last)))
    if (!isSavedBook(saved)) throw new Error('not a saved book')
    return fromSaved(saved, { seed: 'ffffffffffff', now: T0 + atMs, bootedAt: T0 + bootedMs })
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

  it('tells of what ended meanwhile, and when', () => {
    const before = playAll([running(0)])
    const { events } = playAll([up(60_000), ended(60_000, { at: T0 + 30_000 })], restart(before.book, 60_000))
    expect(events.map((event) => event.summary)).toEqual(['exited by itself, exit code 1, 30 s ago'])
  })

  it.each([
    ['as the monitor was told to stop', { last: true }],
    ['before the host started', { bootedMs: 50_000 }],
  ])('an end %s is that of the engine or the host: no crash, but to be back in 5 min', (_, how) => {
    const before = playAll([running(0)])
    const end = ended(60_000, { at: T0 + 22_000 })
    const { events } = playAll([up(60_000), end, tick(400_000)], restart(before.book, 60_000, how))
    expect(said(events)).toBe('container-stopped firing@322s')
    expect(events[0]?.summary).toMatch(/as the engine or the host went down and not back/)
  })

  it('an end long after the monitor was told to stop is a crash', () => {
    const before = playAll([running(0)])
    const end = ended(200_000, { at: T0 + 150_000 })
    const { events } = playAll([up(200_000), end], restart(before.book, 200_000, { last: true }))
    expect(said(events)).toBe('container-down firing@200s')
  })

  it('ends the alerts of containers that are gone, once the engine has listed what there is', () => {
    const before = playAll([running(0), ended(10_000)])
    const { events, book } = playAll([up(60_000), tick(95_000)], restart(before.book, 60_000))
    expect(said(events)).toBe('container-down resolved@90s')
    expect(events[0]?.summary).toBe('gone when the monitor came back; lasted 1 min 20 s')
    expect(allKnown(book.containers)).toEqual([])
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

describe('the judge is asked for each sample of each container', () => {
  const sample = (memoryUsedBytes: number, cpuPercent = 5): Observation => {
    const numbers = { ...NO_NUMBERS, cpuPercent, memoryPercent: 50, memoryUsedBytes, memoryLimitBytes: 100 }
    return { kind: 'sample', subject, at: T0, numbers }
  }
  const [before] = judge(playAll([]).book, sample(50), T0)

  it('one that says nothing new leaves the book as it is', () => {
    expect(judge(before, sample(50), T0 + 1000)[0]).toBe(before)
  })
  it('what it uses is kept for the day it is killed for it', () => {
    const [after] = judge(before, sample(51), T0 + 1000)
    expect(allKnown(after.containers)).toMatchObject([{ memory: { usedBytes: 51, limitBytes: 100 } }])
  })
  it('when it was heard of is known to the minute', () => {
    const [after] = judge(before, sample(50), T0 + 60_000)
    expect(allKnown(after.containers)).toMatchObject([{ heardAt: T0 + 60_000 }])
  })
  it('one above a threshold is remembered, and so is the next below it', () => {
    const [pends] = judge(before, sample(50, 90), T0 + 1000)
    const [calm] = judge(pends, sample(50), T0 + 2000)
    expect([pends, calm].map((book) => allKnown(book.containers).map(({ watches }) => Object.keys(watches)))).toEqual([
      [['high-cpu']],
      [[]],
    ])
  })
})
