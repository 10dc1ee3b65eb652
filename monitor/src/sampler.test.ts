import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Sample } from './bridge.ts'
import { loseEngine } from './core/fleet.ts'
import { answer, running } from './core/fleet-story.ts'
import { type Sampler, startSampler } from './sampler.ts'
import { openSources } from './sources.ts'

/** An engine's statistics in which a container has used half a core since the look before. */
function statistics(at: number) {
  return {
    read: new Date(at).toISOString(),
    cpu_stats: {
      cpu_usage: { total_usage: at * 5e5 },
      system_cpu_usage: at * 2e6,
      online_cpus: 2,
      throttling_data: {},
    },
    memory_stats: { usage: 1000, limit: 2000, stats: {} },
    pids_stats: { current: 1 },
  }
}

describe('the sampler', () => {
  const rounds: (readonly Sample[])[] = []
  let sampler: Sampler | null = null
  const one = () => {
    const fleet = running()
    fleet.list([answer(), answer({ id: 'b', name: 'slow' }), answer({ id: 'c', name: 'gone', state: 'exited' })])
    fleet.inspect({ id: 'b', name: 'slow' })
    fleet.inspect({ id: 'c', name: 'gone', state: 'exited' })
    return fleet.fleet
  }
  const start = (ask: (id: string, deadlineMs: number) => Promise<unknown>, fleet = one()) => {
    sampler = startSampler({
      engine: { statistics: ask },
      fleet,
      bridge: {
        engine: { state: 'connecting' },
        carryOut: () => {},
        round: (_: number, samples: readonly Sample[]) => rounds.push(samples),
      },
      sources: openSources({ why: 'no host mounts' }),
      asking: { begin: () => {}, end: () => {}, rest: () => {}, round: () => null, enginePercent: () => null },
      intervalMs: 1000,
      budgetPercent: 5,
      healthIntervalMs: 1000,
      now: () => Date.now(),
    } as unknown as Parameters<typeof startSampler>[0])
    return sampler
  }
  const names = (round = rounds.at(-1)) => round?.map(({ life }) => life.named.name).sort()
  beforeEach(() => {
    vi.useFakeTimers()
    rounds.length = 0
  })
  afterEach(async () => {
    const stopped = sampler?.stop()
    await vi.advanceTimersByTimeAsync(200)
    await stopped
    vi.useRealTimers()
  })

  it('measures what runs, each interval; CPU is known from the second look on', async () => {
    start(async () => statistics(Date.now()))
    await vi.advanceTimersByTimeAsync(1500)
    expect(rounds).toHaveLength(2)
    expect(names()).toEqual(['slow', 'web'])
    expect(rounds.map((round) => round[0]?.numbers.cpuPercent)).toEqual([null, 50])
  })
  it('one that fails or does not answer costs the others nothing', async () => {
    start((id, deadlineMs) =>
      id === 'a'
        ? Promise.resolve(statistics(Date.now()))
        : new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), deadlineMs)),
    )
    await vi.advanceTimersByTimeAsync(2500)
    expect(names()).toEqual(['web'])
    expect(rounds.length).toBeGreaterThanOrEqual(2)
  })
  it('a container restarted between two looks begins anew', async () => {
    const fleet = one()
    start(async () => statistics(Date.now()), fleet)
    await vi.advanceTimersByTimeAsync(500)
    for (const life of fleet.byId.values()) life.startedAt = Date.now()
    await vi.advanceTimersByTimeAsync(700)
    expect(rounds.at(-1)?.[0]?.numbers.cpuPercent).toBeNull()
  })
  it('no engine, no numbers, and nobody is asked', async () => {
    const fleet = one()
    loseEngine(fleet, Date.now())
    const ask = vi.fn(async () => statistics(0))
    start(ask, fleet)
    await vi.advanceTimersByTimeAsync(1500)
    expect([rounds.length, names(), ask.mock.calls.length]).toEqual([2, [], 0])
  })
  it('counts rounds that came too late', async () => {
    const running = start(async () => {
      await new Promise((resolve) => setTimeout(resolve, rounds.length === 0 ? 2500 : 0))
      return statistics(Date.now())
    })
    await vi.advanceTimersByTimeAsync(5000)
    expect(running.status()).toMatchObject({ intervalMs: 1000, lateRounds: 1 })
  })
})
