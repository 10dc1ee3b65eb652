import { describe, expect, it } from 'vitest'
import { fullInMs, percentile } from './forecast.ts'

const minutes = (n: number, at: (minute: number) => number | null) =>
  Array.from({ length: n * 6 }, (_, i) => ({ x: i * 10_000, y: at(i / 6) }))

describe('memory that fills up', () => {
  it('is full when the line says so', () => {
    const left = fullInMs(minutes(10, (m) => 50 + m)) ?? 0
    expect(left / 60_000).toBeCloseTo(40, 0)
  })

  it.each([
    ['it breathes', minutes(10, (m) => 50 + 10 * Math.sin(m))],
    ['it falls', minutes(10, (m) => 80 - m)],
    ['it is flat', minutes(10, () => 50)],
    ['too little is known', minutes(3, (m) => 50 + m)],
    ['it would take days', minutes(10, (m) => 50 + m / 1000)],
    ['nothing is known', minutes(10, () => null)],
  ])('is not foretold when %s', (_, line) => {
    expect(fullInMs(line)).toBeNull()
  })
})

describe('percentiles', () => {
  it('are of what is known', () => {
    const line = [4, null, 1, 3, 2].map((y, x) => ({ x, y }))
    expect([percentile(line, 0.5), percentile(line, 0.95), percentile([], 0.5)]).toEqual([2, 4, null])
  })
})
