import { describe, expect, it } from 'vitest'
import { niceCeiling, niceStep, steadyCeiling, timeTicks } from './scale.ts'
import { sparkPath } from './spark.ts'

describe('the upper end of an axis', () => {
  it.each([
    [0, 1],
    [0.3, 0.5],
    [1, 1],
    [3, 5],
    [51, 100],
    [Number.NaN, 1],
  ])('for %s is %s', (value, top) => {
    expect(niceCeiling(value)).toBeCloseTo(top)
  })

  it('has its lines at round numbers', () => {
    expect([1, 2, 5, 10, 200, 500].map(niceStep)).toEqual([0.25, 0.5, 1, 2.5, 50, 100])
  })

  it('grows at once and shrinks late, so that it does not twitch', () => {
    expect(steadyCeiling(120, 100)).toBe(200)
    expect(steadyCeiling(80, 200)).toBe(200)
    expect(steadyCeiling(40, 200)).toBe(50)
    expect(steadyCeiling(0, null, 1000)).toBe(1000)
  })
})

describe('times on an axis', () => {
  it('stand where a clock strikes, in the reader’s zone', () => {
    const range = { from: 1_000_000, to: 1_000_000 + 900_000 }
    expect(timeTicks(range, 4, 0)).toEqual([1_200_000, 1_500_000, 1_800_000])
    const day = { from: 0, to: 86_400_000 }
    expect(timeTicks(day, 2, 3_600_000)).toEqual([39_600_000, 82_800_000])
  })
})

describe('a sparkline', () => {
  const size = { width: 100, height: 20 }

  it('breaks at a gap', () => {
    const line = [
      { x: 0, y: 5 },
      { x: 50, y: null },
      { x: 100, y: 5 },
    ]
    expect(sparkPath(line, { from: 0, to: 100 }, size).match(/M/g)).toHaveLength(2)
  })

  it('has no more points than pixels', () => {
    const line = Array.from({ length: 1000 }, (_, i) => ({ x: i / 10, y: 5 }))
    expect(sparkPath(line, { from: 0, to: 100 }, size).match(/[ML]/g)?.length).toBeLessThanOrEqual(101)
  })

  it('does not blow the noise of an idle container up to mountains', () => {
    const line = [
      { x: 0, y: 0.1 },
      { x: 100, y: 0.2 },
    ]
    expect(sparkPath(line, { from: 0, to: 100 }, size)).toContain('L100.0 18.7')
  })
})
