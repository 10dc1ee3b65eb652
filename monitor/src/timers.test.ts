import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onGrid } from './timers.ts'

describe('work on a grid', () => {
  const stop = { now: new AbortController() }
  beforeEach(() => {
    vi.useFakeTimers()
    stop.now = new AbortController()
  })
  afterEach(() => {
    stop.now.abort()
    vi.useRealTimers()
  })
  const beats = (intervalMs: number, tookMs: (n: number) => number) => {
    const seen: string[] = []
    const begin = performance.now()
    void onGrid(intervalMs, stop.now.signal, async ({ late }) => {
      const n = seen.length
      seen.push(`${Math.round(performance.now() - begin)}${late ? ' late' : ''}`)
      const took = tookMs(n)
      if (took > 0) await new Promise((resolve) => setTimeout(resolve, took))
    })
    return seen
  }

  it('does not drift, however long each beat takes', async () => {
    const seen = beats(1000, () => 300)
    await vi.advanceTimersByTimeAsync(3500)
    expect(seen).toEqual(['0', '1000', '2000', '3000'])
  })
  it('never overlaps itself: beats that were missed are left out, and the next knows', async () => {
    const seen = beats(1000, (n) => (n === 1 ? 2500 : 0))
    await vi.advanceTimersByTimeAsync(5500)
    expect(seen).toEqual(['0', '1000', '4000 late', '5000'])
  })
  it('ends when it is told to', async () => {
    const seen = beats(1000, () => 0)
    await vi.advanceTimersByTimeAsync(1500)
    stop.now.abort()
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen).toEqual(['0', '1000'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
