import { describe, expect, it } from 'vitest'
import { alertsOf, type Book, fromSaved, toSaved } from './alert-book.ts'
import { matches } from './pattern.ts'
import { isSavedBook } from './saved-book.ts'
import { ended, playAll, running, said, startBook, T0, tick } from './series-notation.ts'
import { acknowledge, current, MAX_SILENCES, silence, unsilence, type Wish } from './silences.ts'

const wish: Wish = { container: 'web', rule: null, forMs: 60_000, reason: 'moving\nhouse' }

function silenced(book: Book, atMs: number, some: Partial<Wish> = {}): Book {
  const made = silence(book, { ...wish, ...some }, T0 + atMs)
  if (made === null) throw new Error('too many')
  return made.book
}

const up = running(0, -60_000)

describe('a silence', () => {
  it('holds back what fires while it lasts, with its id', () => {
    const { book, events } = playAll([up, ended(10_000), running(20_000), tick(30_000)], silenced(startBook(), 0))
    expect(said(events)).toBe('container-down firing@10s container-down resolved@25s')
    expect(events.map(({ suppressed, by }) => [suppressed, by])).toEqual(
      events.map(() => ['silence', book.silences[0]?.id]),
    )
  })

  it('is for the containers and rules it names', () => {
    for (const other of [{ container: 'db*' }, { rule: 'high-*' }]) {
      const { events } = playAll([up, ended(10_000)], silenced(startBook(), 0, other))
      expect(events[0]?.suppressed).toBeUndefined()
    }
    const { events } = playAll([up, ended(10_000)], silenced(startBook(), 0, { container: 'w*', rule: '*-down' }))
    expect(events[0]?.suppressed).toBe('silence')
  })

  it('what still fires when it ends is told as an alert of its own', () => {
    const { events, book } = playAll([up, ended(10_000), tick(70_000)], silenced(startBook(), 0))
    expect(said(events.filter((event) => event.suppressed === undefined))).toBe('container-down firing@60s')
    expect(new Set(events.map((event) => event.id)).size).toBe(2)
    expect(book.silences).toEqual([])
  })

  it('so does one that is ended by hand', () => {
    const before = playAll([up, ended(10_000)], silenced(startBook(), 0)).book
    const freed = unsilence(before, before.silences[0]?.id ?? '', T0 + 20_000)
    if (freed === null) throw new Error('not found')
    expect(said(playAll([tick(21_000)], freed.book).events.slice(-1))).toMatch(/^container-down firing@/)
    expect(unsilence(before, 'another', T0 + 20_000)).toBeNull()
  })

  it('tells what fires already that it is silenced', () => {
    const before = playAll([up, ended(10_000)])
    const made = silence(before.book, wish, T0 + 20_000)
    expect(made?.events).toMatchObject([
      { state: 'silenced', id: before.events[0]?.id, summary: 'silenced: moving house' },
    ])
    expect(alertsOf(made?.book ?? startBook())[0]?.handled).toMatchObject({ state: 'silenced', at: T0 + 20_000 })
  })

  it('for every alert holds back those of the monitor and the engine too, until it ends', () => {
    const lost = [1000, { kind: 'engine', at: T0 + 1000, reachable: false, error: null }] as const
    const { events } = playAll([lost, tick(70_000)], silenced(startBook(), 0, { container: null }))
    expect(events.map(({ state, suppressed }) => [state, suppressed])).toEqual([
      ['firing', 'silence'],
      ['resolved', 'silence'],
      ['firing', undefined],
    ])
    const only = playAll([lost, tick(20_000)], silenced(startBook(), 0, { container: '*' }))
    expect(only.events[0]?.suppressed).toBeUndefined()
  })

  it('survives a restart, and there are not too many', () => {
    const saved: unknown = JSON.parse(JSON.stringify(toSaved(silenced(startBook(), 0), T0)))
    if (!isSavedBook(saved)) throw new Error('not a saved book')
    expect(current(fromSaved(saved, { seed: 'ab', now: T0 }), T0)).toHaveLength(1)
    let book = startBook()
    for (let i = 0; i < MAX_SILENCES; i++) book = silenced(book, i)
    expect(silence(book, wish, T0)).toBeNull()
    expect(silence(book, wish, T0 + 3_600_000)).not.toBeNull()
  })
})

describe('an acknowledgement', () => {
  it('is written once, under the alert’s id, and shown', () => {
    const { book, events } = playAll([up, ended(10_000)])
    const id = events[0]?.id ?? ''
    const once = acknowledge(book, id, 'on it', T0 + 20_000)
    expect(once?.events).toMatchObject([
      { state: 'acknowledged', id, summary: 'acknowledged: on it', time: T0 + 20_000 },
    ])
    expect(once?.answer.handled?.state).toBe('acknowledged')
    expect(acknowledge(once?.book ?? book, id, 'me too', T0 + 21_000)?.events).toEqual([])
  })

  it('is for an alert that fires', () => {
    const { book, events } = playAll([up, ended(10_000), running(20_000), tick(30_000)])
    expect(acknowledge(book, events[0]?.id ?? '', '', T0 + 40_000)).toBeNull()
    expect(acknowledge(book, 'another', '', T0 + 40_000)).toBeNull()
  })
})

describe('a pattern', () => {
  it.each([
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['*', '', true],
    ['web-*', 'web-1', true],
    ['*-1', 'web-1', true],
    ['w*b-*', 'web-1', true],
    ['a*a', 'a', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
  ])('%s, %s: %s', (pattern, name, expected) => expect(matches(pattern, name)).toBe(expected))
})
