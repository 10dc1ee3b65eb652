import type { AlertEvent } from '@plimsoll/contracts/alert'
import { describe, expect, it } from 'vitest'
import { alertsOf, type Book, fromSaved, toSaved } from './alert-book.ts'
import { type Logged, recall } from './recall.ts'
import { ended, playAll, running, said, startBook, subject, T0, tick } from './series-notation.ts'

const story = playAll([running(0, -60_000), ended(10_000), running(20_000), tick(30_000), ended(40_000)])
const [fired, resolved, again] = story.events
if (fired === undefined || resolved === undefined || again === undefined) throw new Error('the story is another')

const restarted = (book: Book) => fromSaved(toSaved(book, T0 + 40_000), { seed: 'beef', now: T0 + 60_000 })
const log = (...events: AlertEvent[]): Logged => ({ events, completeSince: 0 })
const up = [60_000, { kind: 'engine', at: T0 + 60_000, reachable: true, error: null }] as const

describe('after a kill between the line and the book', () => {
  it('nothing is said twice when both agree', () => {
    const [book, lines] = recall(restarted(story.book), log(...story.events))
    expect(lines).toEqual([])
    expect(book).toEqual(restarted(story.book))
  })

  it('an alert that only the log knows goes on under its id', () => {
    const before = playAll([running(0, -60_000)]).book
    const [book, lines] = recall(restarted(before), log(fired))
    expect(lines).toEqual([])
    expect(alertsOf(book)).toHaveLength(1)
    const still = playAll([up, ended(60_000, { at: T0 + 10_000 }), tick(65_000)], book)
    expect(still.events).toEqual([])
    const back = playAll([up, running(60_000, 50_000), tick(65_000)], book)
    expect(back.events).toMatchObject([{ state: 'resolved', id: fired.id }])
  })

  it('also when the book is lost', () => {
    const [book] = recall(startBook(), log(...story.events))
    expect(alertsOf(book).map((alert) => [alert.id, alert.resolvedAt])).toEqual([
      [again.id, null],
      [fired.id, resolved.time],
    ])
    const back = playAll([up, running(60_000, 50_000), tick(65_000)], book)
    expect(said(back.events)).toBe('container-down resolved@61s')
    const gone = playAll([up, tick(95_000)], book)
    expect(said(gone.events)).toBe('container-down resolved@90s')
  })

  it('what was resolved in the log alone is over', () => {
    const before = playAll([running(0, -60_000), ended(10_000)]).book
    const [book] = recall(restarted(before), log(fired, resolved))
    expect(alertsOf(book)[0]?.resolvedAt).toBe(resolved.time)
    expect(playAll([up, running(60_000, 20_000), tick(90_000)], book).events).toEqual([])
  })

  it('lines that never reached the log are said now, oldest first, as they were', () => {
    const [, lines] = recall(restarted(story.book), log(fired))
    expect(lines.map(({ id, state, time, summary }) => ({ id, state, time, summary }))).toEqual(
      [resolved, again].map(({ id, state, time, summary }) => ({ id, state, time, summary })),
    )
  })

  it('what may stand in a part of the log that was not read is not said again', () => {
    const [, lines] = recall(restarted(story.book), { events: [again], completeSince: again.time })
    expect(lines).toEqual([])
  })

  it('without a log only what still fires is said', () => {
    const [, lines] = recall(restarted(story.book), { events: [], completeSince: null })
    expect(lines.map((line) => [line.id, line.state])).toEqual([[again.id, 'firing']])
  })

  it('alerts of the monitor itself too', () => {
    const sink = (atMs: number, error: string | null) =>
      [atMs, { kind: 'sink', at: T0 + atMs, name: 'alert memory', error }] as const
    const { events } = playAll([sink(0, 'disk full'), sink(6000, 'disk full')])
    const [book] = recall(startBook(), log(...events))
    const well = playAll([sink(60_000, null), tick(70_000)], book)
    expect(well.events).toMatchObject([{ rule: 'monitor-degraded', state: 'resolved', id: events[0]?.id }])
  })

  it('a later id never sorts before one in the log', () => {
    const [book] = recall(startBook(), log({ ...fired, time: T0 + 500_000 }))
    const { events } = playAll([running(0), ended(1000), [1000, { kind: 'oom', subject, at: T0 }]], book)
    for (const event of events) expect(event.id.slice(0, 10) >= fired.id.slice(0, 10)).toBe(true)
  })
})
