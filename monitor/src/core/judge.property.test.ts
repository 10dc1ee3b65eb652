import type { AlertEvent } from '@plimsoll/contracts/alert'
import { HEALTH_STATES } from '@plimsoll/contracts/container'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertsOf, type Book, fromSaved, MAX_ALERTS, toSaved, withEvent } from './alert-book.ts'
import { judge } from './judge.ts'
import type { Observation, Subject } from './observation.ts'
import { isSavedBook } from './saved-book.ts'
import { startBook, subject, T0 } from './series-notation.ts'
import { allKnown, knownBy, MAX_CONTAINERS } from './shelf.ts'
import { acknowledge, type Said, silence, unsilence } from './silences.ts'

/** What happens: time goes on, then an observation, or a restart of the monitor. */
type Step = {
  readonly afterMs: number
  readonly what: Observation | 'restart' | 'silence' | 'unsilence' | 'acknowledge'
}

const about: fc.Arbitrary<Subject> = fc
  .record({
    name: fc.constantFrom('web', 'db', 'constructor'),
    id: fc.constantFrom('1', '2'),
    expectedUp: fc.boolean(),
  })
  .map((some) => ({ ...subject, ...some }))
const at = fc.constant(0) // set when played
const level = fc.option(fc.constantFrom(5, 75, 95), { freq: 5 })
const numbers = fc
  .record({ cpuPercent: level, memoryPercent: level, throttledPercent: level, memoryUsedBytes: level })
  .map((some) => ({ ...NO_NUMBERS, ...some }))
const result = fc
  .record({ ok: fc.boolean(), responseMs: fc.option(fc.constantFrom(3, 950, 4000)) })
  .map((some) => ({ at: 0, url: 'http://x/', detail: 'x', ...some }))
const end = fc.record({
  at,
  planned: fc.boolean(),
  exitCode: fc.option(fc.constantFrom(0, 1, 137)),
  signal: fc.option(fc.constantFrom(9, 15)),
  oomKilled: fc.boolean(),
  why: fc.constantFrom('exited', 'killed\nby "x"'),
})
const error = fc.option(fc.constant('disk full'))
const observation: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('sample'), subject: about, at, numbers }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('probe'), subject: about, result }) },
  fc.record({ kind: fc.constantFrom('running', 'paused', 'oom', 'removed'), subject: about, at }),
  fc.record({ kind: fc.constant('ended'), subject: about, end }),
  fc.record({
    kind: fc.constant('health'),
    subject: about,
    at,
    health: fc.constantFrom(...HEALTH_STATES),
    output: error,
  }),
  fc.record({ kind: fc.constant('engine'), at, reachable: fc.boolean(), error }),
  fc.record({ kind: fc.constant('sink'), at, name: fc.constantFrom('csv', 'constructor'), error }),
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('time'), at }) },
) as fc.Arbitrary<Observation>
const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.oneof(fc.constant(2000), fc.integer({ min: -2000, max: 90_000 })),
  what: fc.oneof(
    { weight: 30, arbitrary: observation },
    fc.constantFrom('restart' as const, 'silence' as const, 'unsilence' as const, 'acknowledge' as const),
  ),
})

function atTime(what: Observation, now: number): Observation {
  if (what.kind === 'probe') return { ...what, result: { ...what.result, at: now } }
  if (what.kind === 'ended') return { ...what, end: { ...what.end, at: now } }
  return { ...what, at: now }
}

function restarted(book: Book, now: number): Book {
  const saved: unknown = JSON.parse(JSON.stringify(toSaved(book, now)))
  if (!isSavedBook(saved)) throw new Error('what was saved cannot be loaded')
  return fromSaved(saved, { seed: 'cafe', now: now })
}

/** What a person says: of the newest alert, or of all that is called `web`. */
function said(book: Book, what: 'silence' | 'unsilence' | 'acknowledge', now: number): Said<unknown> | null {
  if (what === 'silence') return silence(book, { container: 'web', rule: null, forMs: 120_000, reason: 'x' }, now)
  if (what === 'unsilence') return unsilence(book, book.silences[0]?.id ?? '', now)
  return acknowledge(book, book.alerts[0]?.id ?? '', 'x', now)
}

function take(book: Book, what: Step['what'], now: number): readonly [Book, readonly AlertEvent[]] {
  if (what === 'restart') return [restarted(book, now), []]
  if (typeof what !== 'string') return judge(book, atTime(what, now), now)
  const spoken = said(book, what, now)
  return spoken === null ? [book, []] : [spoken.book, spoken.events]
}

function playSteps(steps: readonly Step[]): { book: Book; events: AlertEvent[]; now: number } {
  let book = startBook()
  let now = T0
  const events: AlertEvent[] = []
  for (const { afterMs, what } of steps) {
    now += afterMs
    const [next, more] = take(book, what, now)
    book = next
    events.push(...more)
  }
  return { book, events, now }
}

const stories = fc.array(step, { maxLength: 80, size: 'max' })
const key = (event: AlertEvent) => `${event.rule} ${event.container}`

describe('whatever is observed, in whatever order, with restarts in between', { timeout: 30_000 }, () => {
  it('an alert fires once under its id, is resolved at most once, and never before', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        const open = new Map<string, AlertEvent>()
        const seen = new Set<string>()
        for (const event of playSteps(steps).events) {
          if (event.state === 'firing') {
            expect(seen.has(event.id)).toBe(false)
            seen.add(event.id)
            open.set(event.id, event)
          } else {
            expect(open.get(event.id)).toMatchObject({ rule: event.rule, container: event.container })
            if (event.state === 'resolved') open.delete(event.id)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('no rule fires twice for one container at a time but for sinks, which are told apart', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        const open = new Set<string>()
        for (const event of playSteps(steps).events) {
          if (event.rule === 'monitor-degraded' || event.state === 'acknowledged' || event.state === 'silenced')
            continue
          expect(open.has(key(event))).toBe(event.state === 'resolved')
          if (event.state === 'firing') open.add(key(event))
          else open.delete(key(event))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('the page’s list is what the log tells', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        const { book, events } = playSteps(steps)
        expect(alertsOf(book)).toEqual(events.reduce<Book['alerts']>(withEvent, []))
      }),
    )
  })

  it('a restart at any moment changes nothing that was decided, and the book is plain data', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        const { book } = playSteps(steps)
        expect(JSON.parse(JSON.stringify(book))).toEqual(book)
      }),
    )
  })

  it('the same story gives the same alerts', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        expect(playSteps(steps)).toEqual(playSteps(steps))
      }),
      { numRuns: 50 },
    )
  })

  it('when all is removed and time has passed, nothing is left but the list', () => {
    fc.assert(
      fc.property(stories, (steps) => {
        let { book, now } = playSteps(steps)
        const say = (what: Observation) => {
          const [next] = judge(book, atTime(what, now), now)
          book = next
        }
        for (const known of allKnown(book.containers)) say({ kind: 'removed', subject: known.subject, at: 0 })
        say({ kind: 'engine', at: 0, reachable: true, error: null })
        for (const name of ['csv', 'constructor']) say({ kind: 'sink', at: 0, name, error: null })
        for (let i = 0; i < 80; i++) {
          now += 1000
          say({ kind: 'time', at: 0 })
        }
        expect([allKnown(book.containers), book.own]).toEqual([[], {}])
        expect(alertsOf(book).filter((alert) => alert.resolvedAt === null)).toEqual([])
      }),
    )
  })
})

describe('bounds', () => {
  it('the page keeps so many alerts, and none that fires is among the forgotten', () => {
    let alerts: Book['alerts'] = []
    const event = (i: number): AlertEvent => ({
      ...{ time: i, severity: 'warning', container: 'web', rule: 'high-cpu', summary: '', value: 1, threshold: 1 },
      ...{ host: 'web1', id: `id${i}`, state: 'firing' },
    })
    alerts = withEvent(alerts, event(0))
    for (let i = 1; i < 3000; i++) {
      alerts = withEvent(alerts, event(i))
      alerts = withEvent(alerts, { ...event(i), state: 'resolved' })
    }
    expect(alerts).toHaveLength(MAX_ALERTS)
    expect(alerts.at(-1)?.id).toBe('id0')
    expect(alerts[0]?.id).toBe('id2999')
  })

  it('containers that are only ever seen once are forgotten', () => {
    let book = startBook()
    for (let i = 0; i < 2050; i++) {
      const one = { ...subject, name: `c${i}`, id: String(i) }
      const [next] = judge(book, { kind: 'running', subject: one, at: T0 }, T0 + i)
      book = next
    }
    expect(allKnown(book.containers).length).toBeLessThanOrEqual(MAX_CONTAINERS)
    expect(knownBy(book.containers, 'c2049') !== null).toBe(true)
  })
})
