import type { Span } from '@plimsoll/contracts/container'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uptimeOf } from './uptime.ts'

const S = 1000
const HOUR = 3600 * S

/** A script of an hour: `up 600, down 23 killed, …`, seconds each, from 0 on. */
function script(text: string, from = 0): Span[] {
  let at = from
  const parts = text.split(', ').map((part): Span => {
    const [condition = '', seconds = '', ...why] = part.split(' ')
    const start = at
    at += Number(seconds) * S
    return { from: start, to: at, condition: condition as Span['condition'], why: why.join(' ') }
  })
  const last = parts.at(-1)
  return last === undefined ? [] : [...parts.slice(0, -1), { ...last, to: null }]
}

describe('uptime', () => {
  it('of a scripted hour is exact to the second', () => {
    const hour = script(
      'up 600, down 23 killed by SIGKILL, exit code 137 (SIGKILL), up 1200'.replace('SIGKILL, exit', 'SIGKILL exit') +
        ', down 61 stopped on purpose, up 1000, paused 30, unknown 86 engine unreachable, up 599, down 1 exited by itself',
    )
    expect(uptimeOf(hour, 0, HOUR)).toMatchObject({
      upMs: 3399 * S,
      downMs: 85 * S,
      plannedMs: 61 * S,
      pausedMs: 30 * S,
      unknownMs: 86 * S,
      absentMs: 0,
      starts: 2,
      upSince: null,
    })
    expect(uptimeOf(hour, 0, HOUR).percent).toBeCloseTo((3399 / 3514) * 100, 10)
    expect(uptimeOf(hour, 0, HOUR).outages).toEqual([
      {
        from: 600 * S,
        to: 623 * S,
        withinMs: 23 * S,
        why: 'killed by SIGKILL exit code 137 (SIGKILL)',
        planned: false,
      },
      { from: 1823 * S, to: 1884 * S, withinMs: 61 * S, why: 'stopped on purpose', planned: true },
      { from: 3599 * S, to: null, withinMs: S, why: 'exited by itself', planned: false },
    ])
  })

  it('an outage that began before or lasts on counts for what lies within', () => {
    const { downMs, outages } = uptimeOf(script('down 120 x, up 100, down 500 y'), 60 * S, 300 * S)
    expect(downMs).toBe(140 * S)
    expect(outages.map(({ withinMs }) => withinMs)).toEqual([60 * S, 80 * S])
    expect(outages.map(({ to }) => to)).toEqual([120 * S, null])
  })

  it('what nothing is known of is unknown, not up and not down', () => {
    expect(uptimeOf([], 0, HOUR)).toMatchObject({ upMs: 0, downMs: 0, unknownMs: HOUR, percent: null })
    expect(uptimeOf(script('up 10', HOUR - 10 * S), 0, HOUR)).toMatchObject({
      upMs: 10 * S,
      unknownMs: HOUR - 10 * S,
      percent: 100,
    })
  })

  it('a time before it was started, or after it was removed, is no outage', () => {
    const spans = script(
      'down 100 created, not started, up 100, down 100 removed'.replace('created, not', 'created,_not'),
    ).map((span) => ({ ...span, why: span.why.replace('_', ' ') }))
    expect(uptimeOf(spans, 0, 300 * S)).toMatchObject({ upMs: 100 * S, downMs: 0, absentMs: 200 * S, percent: 100 })
    expect(uptimeOf(spans, 0, 300 * S).outages).toEqual([])
  })

  it('the parts always add up to the whole', () => {
    const part = fc.tuple(fc.constantFrom('up', 'down', 'paused', 'unknown'), fc.integer({ min: 1, max: 500 }))
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 20 }),
        fc.nat(3000),
        fc.integer({ min: 1, max: 3000 }),
        (parts, from, length) => {
          const spans = parts.length === 0 ? [] : script(parts.map(([c, s]) => `${c} ${s}`).join(', '))
          const of = uptimeOf(spans, from * S, (from + length) * S)
          expect(of.upMs + of.downMs + of.pausedMs + of.unknownMs + of.absentMs).toBe(length * S)
        },
      ),
    )
  })
})
