import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addStretch, engineCpuPercent, NO_ENGINE_COST } from './engine-cost.ts'
import { averaged, behindText, lateShare, nextPace, type Pace } from './pace.ts'

const calm: Pace = { intervalMs: 2000, why: null }

describe('the interval', () => {
  it('is the wanted one while only files are read, whatever that costs', () => {
    expect(nextPace(calm, { wantedMs: 1000, cost: null, budgetPercent: 5 })).toEqual({ intervalMs: 1000, why: null })
  })

  it('is the wanted one while a round fits the budget', () => {
    expect(nextPace(calm, { wantedMs: 2000, cost: { ownMs: 10, engineMs: 20 }, budgetPercent: 5 })).toEqual(calm)
  })

  it('grows before the budget is spent, and says why', () => {
    // 95 ms of 2 s are 4.75 %: below 5 %, but with less than a tenth of room.
    const pace = nextPace(calm, { wantedMs: 2000, cost: { ownMs: 30, engineMs: 65 }, budgetPercent: 5 })
    expect(pace.intervalMs).toBe(2200)
    expect(pace.why).toBe('a round costs 95 ms of CPU here and in the engine: every 2.2 s keeps to 5 % of a core')
  })

  it('assumes what the daemons take until it is estimated', () => {
    const pace = nextPace(calm, { wantedMs: 2000, cost: { ownMs: 100, engineMs: null }, budgetPercent: 5 })
    expect(pace.intervalMs).toBe(7400)
  })

  it('comes back when there is room again, and does not go to and fro at the edge', () => {
    const slow: Pace = { intervalMs: 4000, why: 'x' }
    expect(nextPace(slow, { wantedMs: 2000, cost: { ownMs: 10, engineMs: 10 }, budgetPercent: 5 })).toEqual(calm)
    expect(nextPace(slow, { wantedMs: 2000, cost: { ownMs: 80, engineMs: 95 }, budgetPercent: 5 })).toBe(slow)
  })

  it('always keeps the cost within the budget, unless that takes more than a minute', () => {
    const cost = fc.record({
      ownMs: fc.double({ min: 0, max: 2000, noNaN: true }),
      engineMs: fc.double({ min: 0, max: 4000, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(cost, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (costs, budgetPercent) => {
          let pace = calm
          for (const one of costs) {
            pace = nextPace(pace, { wantedMs: 2000, cost: one, budgetPercent })
            const percent = ((one.ownMs + one.engineMs) / pace.intervalMs) * 100
            expect(pace.intervalMs === 60_000 || percent <= budgetPercent * 1.0001).toBe(true)
            expect(pace.intervalMs).toBeGreaterThanOrEqual(2000)
          }
        },
      ),
    )
  })

  it('one slow round does not change it much', () => {
    const cost = averaged({ ownMs: 10, engineMs: 20 }, { ownMs: 110, engineMs: 20 })
    expect(cost).toEqual({ ownMs: 30, engineMs: 20 })
  })
})

describe('rounds that come too late', () => {
  const after = (rounds: string) => [...rounds].reduce((share, round) => lateShare(share, round === 'L'), 0)

  it.each([
    ['one now and then is a hiccup', '....L....L....L', null],
    ['five in a row are not yet more than the machine can do', 'LLLLL', null],
    [
      'a dozen in a row are',
      'LLLLLLLLLLLL',
      'cannot keep up: a round takes 1.4 s, the interval is 1 s; a longer SAMPLE_INTERVAL would be kept',
    ],
    ['and it is over soon after', 'LLLLLLLLLLLL....', null],
  ])('%s', (_, rounds, text) => {
    expect(behindText(after(rounds), 1400, 1000)).toBe(text)
  })
})

describe('what sampling costs in the engine', () => {
  const minutes = (during: { cpuMs: number; ms: number }, between: { cpuMs: number; ms: number }) => {
    let cost = NO_ENGINE_COST
    for (let i = 0; i < 120; i++) {
      cost = addStretch(cost, { kind: 'during', ...during })
      cost = addStretch(cost, { kind: 'between', ...between })
    }
    return engineCpuPercent(cost)
  }

  it('is what the daemons take during rounds beyond what they take anyway', () => {
    // Rounds of 200 ms every 2 s: 120 ms of CPU in each, of which 20 ms would have been spent all the same.
    // The newest stretch counts most, so the last pause pulls it down by a little.
    expect(Math.abs((minutes({ cpuMs: 120, ms: 200 }, { cpuMs: 180, ms: 1800 }) ?? 0) - 5)).toBeLessThan(0.15)
  })
  it('is nothing when they are as busy without', () => {
    expect(minutes({ cpuMs: 10, ms: 200 }, { cpuMs: 180, ms: 1800 })).toBe(0)
  })
  it('is unknown until sampling has paused for long enough', () => {
    expect(engineCpuPercent(NO_ENGINE_COST)).toBeNull()
    expect(engineCpuPercent(addStretch(NO_ENGINE_COST, { kind: 'between', cpuMs: 1, ms: 2000 }))).toBeNull()
  })
  it('forgets a daemon that was restarted, whose clock began anew', () => {
    expect(addStretch(NO_ENGINE_COST, { kind: 'during', cpuMs: -5, ms: 100 })).toBe(NO_ENGINE_COST)
  })
})
