import type { Span } from '@plimsoll/contracts/container'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forgetUnknown, MAX_SPANS, spansBetween, turn } from './spans.ts'

const strip = (...turns: [Span['condition'], number][]): Span[] => {
  const spans: Span[] = []
  for (const [condition, at] of turns) turn(spans, { condition, at, why: condition })
  return spans
}
const short = (spans: readonly Span[]) => spans.map(({ condition, from, to }) => `${condition} ${from}–${to ?? ''}`)

describe('the up/down strip', () => {
  it('is without holes, and its last stretch is open', () => {
    expect(short(strip(['up', 0], ['down', 10], ['up', 12]))).toEqual(['up 0–10', 'down 10–12', 'up 12–'])
  })
  it('a turn to what it is already changes nothing', () => {
    expect(short(strip(['up', 0], ['up', 5]))).toEqual(['up 0–'])
  })
  it('a turn dated before the last one happens with it', () => {
    expect(short(strip(['up', 0], ['paused', 10], ['down', 8]))).toEqual(['up 0–10', 'down 10–'])
  })
  it('time in which nobody could tell is taken back once it is known that nothing happened', () => {
    const spans = strip(['up', 0], ['unknown', 10])
    forgetUnknown(spans)
    expect(short(spans)).toEqual(['up 0–'])
  })
  it('unknown from the first on stays unknown', () => {
    const spans = strip(['unknown', 10])
    forgetUnknown(spans)
    expect(short(spans)).toEqual(['unknown 10–'])
  })
  it('answers with the stretches that touch a time', () => {
    const spans = strip(['up', 0], ['down', 10], ['up', 20])
    expect(short(spansBetween(spans, 12, 15))).toEqual(['down 10–20'])
    expect(spansBetween(spans, 5, 25)).toHaveLength(3)
  })
  it('whatever turns come: no holes, no overlaps, neighbours differ, bounded', () => {
    const turns = fc.array(
      fc.record({
        condition: fc.constantFrom('up', 'down', 'paused', 'unknown'),
        at: fc.integer({ min: 0, max: 100 }),
        why: fc.constant(''),
      }),
      { maxLength: 50 },
    )
    fc.assert(
      fc.property(turns, (all) => {
        const spans: Span[] = []
        for (const one of all) turn(spans, one as Parameters<typeof turn>[1])
        for (const [i, span] of spans.entries()) {
          const next = spans[i + 1]
          expect(span.to).toBe(next?.from ?? null)
          if (next !== undefined)
            expect([next.condition !== span.condition, span.from < next.from]).toEqual([true, true])
        }
        expect(spans.length).toBeLessThanOrEqual(MAX_SPANS)
      }),
    )
  })
})
