import { METRICS, NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AGGREGATES, addBucket, addSample, LEVELS, MAX_OPEN_BUCKETS, newRollup, takeBuckets } from './rollup.ts'
import { isRowKnown, newSlots } from './slots.ts'

const NAMES = ['cpuPercent', 'memoryUsedBytes', 'responseMs'] as const

const numbers = (some: Partial<Numbers>): Numbers => ({ ...NO_NUMBERS, ...some })

const sample = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  // Late, out of order, and far off, as after a clock step.
  at: fc.oneof(fc.integer({ min: 0, max: 120_000 }), fc.integer({ min: -50_000, max: 0 }), fc.constant(9_000_000)),
  numbers: fc.record({
    cpuPercent: fc.option(fc.integer({ min: 0, max: 400 })),
    memoryUsedBytes: fc.option(fc.integer({ min: 0, max: 2 ** 33 })),
    responseMs: fc.option(fc.integer({ min: 0, max: 5000 })),
  }),
})
type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never

/** The same by hand: all values of one metric of one container in one stretch of time. */
function valuesIn(samples: readonly Sample[], key: string, name: (typeof NAMES)[number], begin: number): number[] {
  return samples
    .filter(({ key: k, at }) => k === key && at >= begin && at < begin + 10_000)
    .flatMap(({ numbers: n }) => (n[name] === null ? [] : [n[name]]))
}

describe('samples in, buckets out', () => {
  it('of any samples in any order a bucket holds their count, mean, max and min, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 80 }), fc.array(fc.nat(80), { maxLength: 3 }), (samples, cuts) => {
        const rollup = newRollup(NAMES)
        const taken = samples.flatMap((one, i) => {
          addSample(rollup, one)
          // Written in the middle of a bucket: its halves add up.
          return cuts.includes(i) ? takeBuckets(rollup) : []
        })
        taken.push(...takeBuckets(rollup))
        for (const begin of new Set(samples.map(({ at }) => Math.floor(at / 10_000) * 10_000))) {
          for (const key of ['a', 'b', 'c']) {
            const row = newSlots(NAMES, 1)
            for (const bucket of taken) if (bucket.at === begin) addBucket(row, 0, bucket, key)
            for (const [i, name] of NAMES.entries()) {
              const values = valuesIn(samples, key, name, begin)
              const column = row.columns[i]
              expect(column?.count[0] ?? 0).toBe(values.length)
              if (values.length === 0) continue
              expect(column?.sum[0]).toBe(values.reduce((sum, value) => sum + value, 0))
              expect(column?.max[0]).toBe(Math.max(...values))
              expect(column?.min[0]).toBe(Math.min(...values))
            }
          }
        }
      }),
    )
  })

  it('a container without a known number leaves no trace: no bucket, no row', () => {
    const rollup = newRollup(NAMES)
    addSample(rollup, { key: 'a', at: 1000, numbers: NO_NUMBERS })
    addSample(rollup, { key: 'a', at: Number.NaN, numbers: numbers({ cpuPercent: 1 }) })
    expect(takeBuckets(rollup)).toEqual([])
  })

  it('an unknown metric beside a known one stays unknown, not 0', () => {
    const rollup = newRollup(NAMES)
    addSample(rollup, { key: 'a', at: 1000, numbers: numbers({ cpuPercent: 12 }) })
    const [bucket] = takeBuckets(rollup)
    expect(bucket?.slots.columns.map((column) => column?.count[0] ?? null)).toEqual([1, null, null])
    expect(isRowKnown(newSlots(NAMES, 1), 0)).toBe(false)
  })

  it('a clock that jumps about costs samples, not memory', () => {
    const rollup = newRollup(NAMES)
    for (let i = 0; i < 1000; i++) addSample(rollup, { key: 'a', at: i * 10_000, numbers: numbers({ cpuPercent: 1 }) })
    expect(rollup.open.size).toBe(MAX_OPEN_BUCKETS)
    expect(rollup.dropped).toBe(1000 - MAX_OPEN_BUCKETS)
    expect(takeBuckets(rollup)).toHaveLength(MAX_OPEN_BUCKETS)
    expect(rollup.open.size).toBe(0)
  })

  it('more containers than a bucket first has room for all have their own row', () => {
    const rollup = newRollup(NAMES)
    for (let i = 0; i < 100; i++) addSample(rollup, { key: `c${i}`, at: 5, numbers: numbers({ cpuPercent: i }) })
    const [bucket] = takeBuckets(rollup)
    expect(bucket?.rowOf.size).toBe(100)
    expect([0, 50, 99].map((i) => bucket?.slots.columns[0]?.sum[bucket.rowOf.get(`c${i}`) ?? -1])).toEqual([0, 50, 99])
  })
})

describe('what is kept', () => {
  it('is declared for every metric there is', () => {
    expect(Object.keys(AGGREGATES).sort()).toEqual(Object.keys(METRICS).sort())
  })

  it('no mean is made of a counter or a limit: it would be a number that never was', () => {
    for (const name of ['networkReceivedBytes', 'blockWrittenBytes', 'memoryLimitBytes'] as const)
      expect(AGGREGATES[name]).toEqual(['max'])
  })

  it('each resolution is a whole number of the finer one, each chunk of its buckets', () => {
    for (const [i, { stepMs, chunkMs }] of LEVELS.entries()) {
      expect(chunkMs % stepMs).toBe(0)
      expect(stepMs % (LEVELS[i - 1]?.stepMs ?? 1)).toBe(0)
      expect(chunkMs % (LEVELS[i - 1]?.chunkMs ?? 1)).toBe(0)
    }
  })
})
