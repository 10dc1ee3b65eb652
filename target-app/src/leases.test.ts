import type { LoadSpec } from '@plimsoll/contracts/load'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alive, demandOf, grant, type Leases, MAX_LEASES, MAX_WORKERS, NO_DEMAND, viewOf } from './leases.ts'

const cpu = (percent: number, workers: number | null = null): LoadSpec => ({ kind: 'cpu', percent, workers })
const seconds = 2

function granted(leases: Leases, id: string, spec: LoadSpec, now: number): Leases {
  const answer = grant(leases, { id, spec, seconds }, now)
  if (!answer.ok) throw new Error(answer.reason)
  return answer.leases
}

describe('a lease', () => {
  it('lives until its time, and not a moment longer', () => {
    const leases = granted([], 'a', cpu(50), 1000)
    expect(demandOf(leases, 2999).cpuPercent).toBe(50)
    expect(demandOf(leases, 3000)).toEqual(NO_DEMAND)
    expect(alive(leases, 3000)).toEqual([])
  })

  it('is renewed and changed under its id', () => {
    const once = granted([], 'a', cpu(50), 1000)
    const twice = granted(once, 'a', cpu(60), 2500)
    expect(viewOf(twice, 2500)).toEqual([{ id: 'a', spec: cpu(60), endsInMs: 2000 }])
  })

  it('lets a leak go on where it was when it is renewed', () => {
    const leak: LoadSpec = { kind: 'leak', bytesPerSecond: 1000 }
    const once = granted([], 'a', leak, 1000)
    const twice = granted(once, 'a', leak, 2500)
    expect(demandOf(twice, 4000).memoryBytes).toBe(3000)
  })

  it('begins anew when it turns into another kind of load', () => {
    const once = granted([], 'a', cpu(50), 1000)
    const twice = granted(once, 'a', { kind: 'leak', bytesPerSecond: 1000 }, 2000)
    expect(demandOf(twice, 3000)).toMatchObject({ cpuPercent: 0, memoryBytes: 1000 })
  })

  it('is refused when too many run, though not to those who have one', () => {
    let leases: Leases = []
    for (let i = 0; i < MAX_LEASES; i++) leases = granted(leases, `g${i}`, cpu(1), 0)
    expect(grant(leases, { id: 'one-more', spec: cpu(1), seconds }, 0)).toMatchObject({ ok: false })
    expect(grant(leases, { id: 'g3', spec: cpu(2), seconds }, 0)).toMatchObject({ ok: true })
    expect(grant(leases, { id: 'one-more', spec: cpu(1), seconds }, 2000)).toMatchObject({ ok: true })
  })
})

describe('demandOf', () => {
  it.each([
    [[cpu(35)], 35, 1],
    [[cpu(100)], 100, 1],
    [[cpu(101)], 101, 2],
    [[cpu(60), cpu(70)], 130, 2],
    [[cpu(90, 2)], 90, 2],
    [[cpu(800), cpu(800)], 800, 8],
    [[cpu(0, 4)], 0, 0],
  ])('%j needs %i percent by %i threads', (specs, percent, workers) => {
    const leases = specs.reduce<Leases>((all, spec, i) => granted(all, String(i), spec, 0), [])
    expect(demandOf(leases, 0)).toMatchObject({ cpuPercent: percent, cpuWorkers: workers })
  })

  it('stays within its bounds whatever is asked for', () => {
    const spec: fc.Arbitrary<LoadSpec> = fc.oneof(
      fc.record({
        kind: fc.constant('cpu' as const),
        percent: fc.double({ min: 0, max: 800, noNaN: true }),
        workers: fc.option(fc.integer({ min: 1, max: 8 })),
      }),
      fc.record({ kind: fc.constant('latency' as const), ms: fc.integer({ min: 1, max: 10_000 }) }),
      fc.record({ kind: fc.constant('errors' as const), percent: fc.integer({ min: 1, max: 100 }) }),
    )
    fc.assert(
      fc.property(fc.array(spec, { maxLength: MAX_LEASES }), (specs) => {
        const leases = specs.reduce<Leases>((all, one, i) => granted(all, String(i), one, 0), [])
        const demand = demandOf(leases, 0)
        expect(demand.cpuWorkers).toBeLessThanOrEqual(MAX_WORKERS)
        expect(demand.cpuPercent).toBeLessThanOrEqual(demand.cpuWorkers * 100)
        expect(demand.latencyMs).toBeLessThanOrEqual(10_000)
        expect(demand.errorPercent).toBeLessThanOrEqual(100)
      }),
    )
  })
})
