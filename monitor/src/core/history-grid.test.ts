import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerOf, gridFor, levelFor, rowAt } from './history-grid.ts'
import { joined } from './history-join.ts'
import { LEVELS } from './rollup.ts'
import { addNumbers } from './slots.ts'

const H = 3_600_000
const D = 24 * H
const NOW = Date.UTC(2026, 10, 21, 12)
const ALL = [NOW - D, NOW - 14 * D, NOW - 400 * D]

describe('which resolution answers', () => {
  it.each([
    ['an hour', H, 360, '10s'],
    ['six hours', 6 * H, 360, '1m'],
    ['a day', D, 600, '1m'],
    ['a week', 7 * D, 600, '15m'],
    ['a week in many points', 7 * D, 5000, '1m'],
    ['a year', 365 * D, 600, '15m'],
  ])('%s', (_, length, points, level) => {
    expect(LEVELS[levelFor({ from: NOW - length, to: NOW, points }, ALL)]?.name).toBe(level)
  })

  it('an hour of last week comes from the minutes, one of last month from the quarters: nothing finer is kept', () => {
    const hourAgo = (ms: number) => levelFor({ from: NOW - ms, to: NOW - ms + H, points: 600 }, ALL)
    expect([2 * H, 7 * D, 30 * D].map((ms) => LEVELS[hourAgo(ms)]?.name)).toEqual(['10s', '1m', '15m'])
  })

  it('with nothing stored it asks for what fits', () => {
    expect(levelFor({ from: NOW - H, to: NOW, points: 600 }, [null, null, null])).toBe(0)
  })
})

const range = fc
  .record({
    from: fc.integer({ min: 0, max: 30 * D }),
    length: fc.integer({ min: 1, max: 30 * D }),
    points: fc.integer({ min: 1, max: 2000 }),
  })
  .map(({ from, length, points }) => ({ from, to: from + length, points }))

describe('the answer', () => {
  it('has at most the points asked for, in strictly increasing times, invents no value and keeps every gap', () => {
    fc.assert(
      fc.property(
        range,
        fc.nat(2),
        fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(1000) }), { maxLength: 40 }),
        (asked, level, places) => {
          const grid = gridFor(asked, level, ['cpuPercent'])
          const stepMs = LEVELS[level]?.stepMs ?? 1
          expect(grid.stepMs % stepMs).toBe(0)
          expect(grid.slots.rows).toBeLessThanOrEqual(asked.points + 1)
          const known = new Map<number, number[]>()
          for (const { at, value } of places) {
            const time = Math.floor((asked.from + at * (asked.to - asked.from)) / stepMs) * stepMs
            const row = rowAt(grid, time)
            expect(time < grid.begin || row >= 0).toBe(true)
            if (row < 0) continue
            addNumbers(grid.slots, row, { cpuPercent: value })
            const begin = grid.begin + row * grid.stepMs
            known.set(begin, [...(known.get(begin) ?? []), value])
          }
          const answer = answerOf(grid)
          for (const [i, at] of answer.at.entries()) {
            expect(at).toBeGreaterThan(answer.at[i - 1] ?? -1)
            const values = known.get(at)
            const mean = answer.columns.cpuPercent?.[i] ?? null
            if (values === undefined) expect(mean).toBeNull()
            else {
              expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3)
              expect(answer.maxima?.cpuPercent?.[i]).toBe(Math.max(...values))
            }
          }
          for (const begin of known.keys()) expect(answer.at).toContain(begin)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('sends the seven digits that were kept, and no more', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (value) => {
        const grid = gridFor({ from: 0, to: 1, points: 1 }, 0, ['cpuPercent'])
        addNumbers(grid.slots, 0, { cpuPercent: value })
        expect(answerOf(grid).columns.cpuPercent?.[0]).toBeCloseTo(Number(value.toPrecision(7)), 9)
      }),
    )
  })

  it('of nothing is empty', () => {
    expect(answerOf(gridFor({ from: 0, to: H, points: 10 }, 0, ['cpuPercent']))).toMatchObject({ at: [], columns: {} })
  })
})

describe('stored rows and rows of full rate', () => {
  const rows = (stepMs: number, at: number[], cpuPercent: (number | null)[], maxima = {}) => ({
    stepMs,
    at,
    columns: { cpuPercent },
    maxima,
  })

  it('meet without a seam: no time twice, and none between them left out', () => {
    const answer = joined(
      rows(10_000, [0, 10_000, 20_000], [1, 2, 3], { cpuPercent: [4, 5, 6] }),
      rows(1000, [20_000, 21_000], [7, 8]),
    )
    expect(answer).toMatchObject({
      stepMs: 10_000,
      at: [0, 10_000, 20_000, 21_000],
      columns: { cpuPercent: [1, 2, 7, 8] },
    })
    expect(answer.maxima?.cpuPercent).toEqual([4, 5, 7, 8])
  })

  it('where something is missing between them stands a gap', () => {
    const answer = joined(rows(10_000, [0], [1]), rows(1000, [90_000], [2]))
    expect(answer).toMatchObject({ at: [0, 10_000, 90_000], columns: { cpuPercent: [1, null, 2] } })
  })

  it('one of them alone is itself', () => {
    const one = rows(1000, [5000], [1])
    expect(joined(rows(10_000, [], []), one)).toBe(one)
    expect(joined(one, rows(1000, [], []))).toBe(one)
  })
})
