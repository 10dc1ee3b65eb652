import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tick } from './fixture.ts'
import { lastAt, newRing, placeOf, push, pushAll, type Rings } from './series.ts'

function times(ring: ReturnType<typeof newRing>): number[] {
  return Array.from({ length: ring.length }, (_, i) => ring.at[placeOf(ring, i)] ?? -1)
}

describe('a ring', () => {
  it('keeps the newest rows in order, whatever came before (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2, max: 120 }), (count, seconds) => {
        const ring = newRing(1000, seconds * 1000)
        for (let i = 1; i <= count; i++) push(ring, tick(i, [7], { pids: i }), 0)
        const kept = Math.min(count, ring.capacity)
        expect(times(ring)).toEqual(Array.from({ length: kept }, (_, i) => count - kept + 1 + i))
        expect(ring.columns.pids[placeOf(ring, ring.length - 1)]).toBe(count)
      }),
    )
  })

  it('holds 15 minutes at its interval, and no more', () => {
    expect(newRing(2000).capacity).toBe(451)
  })

  it('passes over a tick that it has already, so that a snapshot does not draw a point twice', () => {
    const ring = newRing(1000)
    push(ring, tick(1000, [1]), 0)
    push(ring, tick(1000, [1]), 0)
    push(ring, tick(500, [1]), 0)
    expect(times(ring)).toEqual([1000])
    expect(lastAt(newRing(1000))).toBeNull()
  })

  it('keeps unknown as unknown', () => {
    const ring = newRing(1000)
    push(ring, tick(1000, [1], { cpuPercent: 0 }), 0)
    expect(ring.columns.cpuPercent[0]).toBe(0)
    expect(ring.columns.memoryPercent[0]).toBeNaN()
  })
})

describe('the rings of a fleet', () => {
  it('follow the name: a container that is created anew under its name goes on in its ring', () => {
    const rings: Rings = new Map()
    pushAll(
      rings,
      tick(1000, [1, 2]),
      new Map([
        [1, 'web'],
        [2, 'db'],
      ]),
      1000,
    )
    pushAll(rings, tick(2000, [9, 5]), new Map([[9, 'web']]), 1000)
    expect([...rings].map(([name, ring]) => [name, times(ring)])).toEqual([
      ['web', [1000, 2000]],
      ['db', [1000]],
    ])
  })
})
