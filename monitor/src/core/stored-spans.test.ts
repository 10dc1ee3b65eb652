import type { Span } from '@plimsoll/contracts/container'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterEarlier, firstChanged, NOT_RUNNING, stripOf } from './stored-spans.ts'

const span = (condition: Span['condition'], from: number, to: number | null): Span => ({
  from,
  to,
  condition,
  why: condition,
})
const told = (spans: readonly Span[]) =>
  spans.map(({ condition, from, to }) => `${condition} ${from}-${to ?? ''}`).join(', ')

describe('spans over a restart of the monitor', () => {
  it('time in which the monitor did not run is unknown', () => {
    const strip = stripOf([span('up', 0, 100), span('down', 160, null)], 0, 200)
    expect(told(strip)).toBe('up 0-100, unknown 100-160, down 160-')
    expect(strip[1]?.why).toBe(NOT_RUNNING)
  })

  it('but when the engine says that it ran all along, it was up all along', () => {
    const live = afterEarlier([span('up', -5000, null)], 100)
    expect(told(live)).toBe('up 100-')
    expect(told(stripOf([span('paused', -50, 0), span('up', 0, 100), ...live], -50, 200))).toBe('paused -50-0, up 0-')
  })

  it('what this run was told of earlier times does not overwrite what was seen then', () => {
    expect(told(afterEarlier([span('up', 0, 50), span('down', 50, 120), span('up', 120, null)], 100))).toBe(
      'down 100-120, up 120-',
    )
    expect(told(afterEarlier([span('up', 0, null)], null))).toBe('up 0-')
  })

  it('a strip that begins before the range shows its span whole, one that ended before is left out', () => {
    expect(told(stripOf([span('up', 0, 100), span('down', 100, 150), span('up', 150, null)], 120, 140))).toBe(
      'down 100-150',
    )
  })

  it('of any spans makes a strip without holes or overlaps, with no two alike beside each other', () => {
    const any = fc
      .record({
        condition: fc.constantFrom<Span['condition']>('up', 'down', 'paused', 'unknown'),
        from: fc.integer({ min: 0, max: 1000 }),
        length: fc.option(fc.integer({ min: 0, max: 300 })),
      })
      .map(({ condition, from, length }) => span(condition, from, length === null ? null : from + length))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (spans) => {
        const strip = stripOf(spans, 0, 2000)
        for (const [i, one] of strip.entries()) {
          const next = strip[i + 1]
          expect(one.to ?? Number.POSITIVE_INFINITY).toBeGreaterThan(one.from)
          if (next === undefined) continue
          expect(one.to).toBe(next.from)
          expect(one.condition).not.toBe(next.condition)
        }
      }),
    )
  })

  it('only what changed is written again', () => {
    const before = [span('up', 0, 10), span('down', 10, null)]
    expect(firstChanged(before, before)).toBe(2)
    expect(firstChanged(before, [span('up', 0, 10), span('down', 10, 20), span('up', 20, null)])).toBe(1)
    expect(firstChanged(before, [span('up', 0, null)])).toBe(0)
  })
})
