import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { answerHistory, forgetOld, HISTORY_MS, newHistory, remember } from './history.ts'

const numbers = (over: Partial<Numbers>): Numbers => ({ ...NO_NUMBERS, ...over })
const filled = (count: number, of: (i: number) => Partial<Numbers>, intervalMs = 1000) => {
  const history = newHistory(intervalMs)
  for (let i = 0; i < count; i++) remember(history, 'web', i * intervalMs, numbers(of(i)))
  return history
}
const ask = (over: { from?: number; to?: number; points?: number } = {}) => ({
  name: 'web',
  from: 0,
  to: HISTORY_MS,
  points: 1000,
  ...over,
})

describe('the last fifteen minutes', () => {
  it('come back as they were recorded', () => {
    const answer = answerHistory(
      filled(3, (i) => ({ cpuPercent: i * 10 })),
      ask(),
    )
    expect(answer).toMatchObject({ stepMs: 1000, at: [0, 1000, 2000], columns: { cpuPercent: [0, 10, 20] } })
  })
  it('reach back fifteen minutes and no further, whatever was recorded', () => {
    const answer = answerHistory(
      filled(2000, (i) => ({ cpuPercent: i })),
      ask({ to: 2_000_000, points: 5000 }),
    )
    expect(answer.at).toHaveLength(901)
    expect(answer.at.at(0)).toBe(1_099_000)
    expect(answer.columns.cpuPercent?.at(-1)).toBe(1999)
  })
  it('unknown is null, also when a number becomes known late', () => {
    const answer = answerHistory(
      filled(4, (i) => (i < 2 ? {} : { responseMs: i })),
      ask(),
    )
    expect(answer.columns.responseMs).toEqual([null, null, 2, 3])
  })
  it('a column that was never known is not there', () => {
    expect(
      answerHistory(
        filled(2, () => ({ pids: 1 })),
        ask(),
      ).columns,
    ).not.toHaveProperty('responseMs')
  })
  it('a gap is a row of null', () => {
    const history = newHistory(1000)
    for (const at of [0, 1000, 5000, 6000]) remember(history, 'web', at, numbers({ pids: 1 }))
    const answer = answerHistory(history, ask())
    expect([answer.at, answer.columns.pids]).toEqual([
      [0, 1000, 2000, 5000, 6000],
      [1, 1, null, 1, 1],
    ])
  })
  it('jitter is no gap', () => {
    const history = newHistory(1000)
    for (const at of [0, 1020, 1990, 3030]) remember(history, 'web', at, numbers({ pids: 1 }))
    expect(answerHistory(history, ask()).columns.pids).toEqual([1, 1, 1, 1])
  })
  it('when the clock was set back, rows dated later are let go: else nothing were kept until it has caught up', () => {
    const history = filled(3, () => ({ pids: 1 }))
    remember(history, 'web', 500, numbers({ pids: 9 }))
    expect(answerHistory(history, ask()).columns.pids).toEqual([1, 9])
  })
  it('a second row of one moment is dropped', () => {
    const history = filled(3, () => ({ pids: 1 }))
    remember(history, 'web', 2000, numbers({ pids: 9 }))
    expect(answerHistory(history, ask()).columns.pids).toEqual([1, 1, 1])
  })
  it('nobody heard of it: nothing, not an error', () => {
    expect(answerHistory(newHistory(1000), ask()).at).toEqual([])
  })
  it('names that ended longer ago than it reaches are let go', () => {
    const history = filled(3, () => ({ pids: 1 }))
    forgetOld(history, HISTORY_MS)
    expect(history.byName.size).toBe(1)
    forgetOld(history, HISTORY_MS + 2001)
    expect(history.byName.size).toBe(0)
  })
})

describe('fewer points than rows', () => {
  it('are means, with the greatest value beside where a peak matters', () => {
    const answer = answerHistory(
      filled(8, (i) => ({ cpuPercent: i === 5 ? 100 : 10, pids: 2 })),
      ask({ to: 8000, points: 4 }),
    )
    expect(answer).toMatchObject({
      stepMs: 2000,
      at: [0, 2000, 4000, 6000],
      columns: { cpuPercent: [10, 10, 55, 10], pids: [2, 2, 2, 2] },
      maxima: { cpuPercent: [10, 10, 100, 10] },
    })
    expect(answer.maxima).not.toHaveProperty('pids')
  })
  it('keep gaps as gaps', () => {
    const history = newHistory(1000)
    for (const at of [0, 1000, 2000, 3000, 8000, 9000]) remember(history, 'web', at, numbers({ pids: 1 }))
    expect(answerHistory(history, ask({ to: 10_000, points: 5 })).columns.pids).toEqual([1, 1, null, null, 1])
  })
  it('have no gap that is none: a step is never so narrow that jitter empties it', () => {
    const history = newHistory(1000)
    for (let i = 0; i < 900; i++) remember(history, 'web', i * 1000 + (i % 3) * 30, numbers({ pids: 1 }))
    for (const points of [10, 100, 333, 500, 890])
      expect(answerHistory(history, ask({ points })).columns.pids).not.toContain(null)
  })
  it('the same question a second later has the same answer for the same time', () => {
    const history = filled(900, (i) => ({ cpuPercent: i }))
    const first = answerHistory(history, ask({ from: 0, to: 800_000, points: 100 }))
    const later = answerHistory(history, ask({ from: 1000, to: 801_000, points: 100 }))
    expect(later.at[5]).toBe(first.at[5])
    expect(later.columns.cpuPercent?.[5]).toBe(first.columns.cpuPercent?.[5])
  })
})
