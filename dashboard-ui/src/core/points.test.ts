import type { HistoryAnswer } from '@plimsoll/contracts/http'
import { describe, expect, it } from 'vitest'
import { tick } from './fixture.ts'
import { highest, type Point, peaksOf, points, type Source, valueAt } from './points.ts'
import { newRing, push } from './series.ts'

function ringOf(rows: readonly (readonly [number, number | null])[]) {
  const ring = newRing(1000)
  for (const [at, cpuPercent] of rows) push(ring, tick(at, [1], { cpuPercent }), 0)
  return ring
}

function historyOf(stepMs: number, rows: readonly (readonly [number, number | null])[]): HistoryAnswer {
  const at = rows.map(([time]) => time)
  return {
    name: 'web',
    from: 0,
    to: 1e6,
    stepMs,
    at,
    columns: { cpuPercent: rows.map(([, value]) => value) },
    spans: [],
  }
}

function drawn(source: Partial<Source>, range = { from: 0, to: 1e6 }): (readonly [number, number | null])[] {
  const into: Point[] = []
  points({ history: null, ring: null, intervalMs: 1000, ...source }, 'cpuPercent', range, into)
  return into.map(({ x, y }) => [x, y])
}

describe('a line', () => {
  it('goes through every row', () => {
    expect(
      drawn({
        ring: ringOf([
          [1000, 5],
          [2000, 6],
        ]),
      }),
    ).toEqual([
      [1000, 5],
      [2000, 6],
    ])
  })

  it('breaks where the next row is more than 1.5 intervals away', () => {
    expect(
      drawn({
        ring: ringOf([
          [1000, 5],
          [2500, 6],
          [4001, 7],
        ]),
      }),
    ).toEqual([
      [1000, 5],
      [2500, 6],
      [3500, null],
      [4001, 7],
    ])
  })

  it('breaks at an unknown value and draws 0 as 0', () => {
    expect(
      drawn({
        ring: ringOf([
          [1000, 5],
          [2000, null],
          [3000, 0],
        ]),
      }),
    ).toEqual([
      [1000, 5],
      [2000, null],
      [3000, 0],
    ])
  })

  it('shows only what lies in the window', () => {
    expect(
      drawn(
        {
          ring: ringOf([
            [1000, 5],
            [2000, 6],
            [3000, 7],
          ]),
        },
        { from: 2000, to: 2500 },
      ),
    ).toEqual([[2000, 6]])
  })
})

describe('the seam between history and live', () => {
  it('draws no row twice and leaves none out', () => {
    const history = historyOf(1000, [
      [1000, 1],
      [2000, 2],
      [3000, 3],
    ])
    const ring = ringOf([
      [2000, 2],
      [3000, 3],
      [4000, 4],
    ])
    expect(drawn({ history, ring }).map(([at]) => at)).toEqual([1000, 2000, 3000, 4000])
  })

  it('fills with history what the ring missed while the page was away', () => {
    const ring = ringOf([
      [1000, 1],
      [9000, 9],
      [10_000, 10],
    ])
    const history = historyOf(
      1000,
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => [i * 1000, i] as const),
    )
    expect(drawn({ history, ring }).map(([, y]) => y)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is no gap when the history is coarser than live', () => {
    const history = historyOf(10_000, [
      [10_000, 1],
      [20_000, 2],
    ])
    const ring = ringOf([
      [29_000, 4],
      [30_000, 5],
    ])
    expect(drawn({ history, ring }).map(([, y]) => y)).toEqual([1, 2, 4, 5])
  })

  it('shows the greatest values of coarse rows as a line of their own, in the middle of their time', () => {
    const history = { ...historyOf(10_000, [[10_000, 1]]), maxima: { cpuPercent: [90] } }
    expect(drawn(peaksOf({ history, ring: ringOf([[30_000, 5]]), intervalMs: 1000 }))).toEqual([[15_000, 90]])
    expect(drawn({ history })).toEqual([[15_000, 1]])
  })

  it('is none between the coarse rows from before the monitor’s start and the full ones since', () => {
    const rows = [
      [10_000, 1],
      [20_000, 2],
      [30_000, 3],
      [31_000, 4],
      [32_000, 5],
    ] as const
    const ring = ringOf([
      [32_000, 5],
      [33_000, 6],
    ])
    const line = drawn({ history: historyOf(10_000, rows), ring })
    expect(line.map(([, y]) => y)).toEqual([1, 2, 3, 4, 5, 6])
    expect(line.map(([at]) => at)).toEqual([15_000, 25_000, 30_000, 31_000, 32_000, 33_000])
  })

  it('is a gap when the monitor did not run between them', () => {
    const history = historyOf(1000, [[1000, 1]])
    expect(drawn({ history, ring: ringOf([[9000, 9]]) })).toEqual([
      [1000, 1],
      [2000, null],
      [9000, 9],
    ])
  })
})

describe('reading a line', () => {
  const line: Point[] = [
    { x: 0, y: 1 },
    { x: 10, y: null },
    { x: 20, y: 5 },
  ]

  it('answers with the nearest point within reach, and with nothing in a gap', () => {
    expect(valueAt(line, 18, 5)).toBe(5)
    expect(valueAt(line, 9, 5)).toBeNull()
    expect(valueAt(line, 100, 5)).toBeNull()
    expect(valueAt([], 1, 5)).toBeNull()
  })

  it('finds the highest known value', () => {
    expect(highest(line)).toEqual({ x: 20, y: 5 })
    expect(highest([{ x: 1, y: null }])).toBeNull()
  })

  it('reuses its points, so that drawing each second makes no garbage', () => {
    const into: Point[] = []
    const source: Source = {
      history: null,
      ring: ringOf([
        [1000, 5],
        [2000, 6],
      ]),
      intervalMs: 1000,
    }
    points(source, 'cpuPercent', { from: 0, to: 9000 }, into)
    const first = into[0]
    points(source, 'cpuPercent', { from: 1500, to: 9000 }, into)
    expect(into).toHaveLength(1)
    expect(into[0]).toBe(first)
  })
})
