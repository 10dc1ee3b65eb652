import { describe, expect, it } from 'vitest'
import { growthOf } from './growth.ts'
import { spreadOf } from './spread.ts'

const MiB = 1024 ** 2
const MINUTE = 60_000
const EPOCH = 1_795_261_012_463
const hour = Array.from({ length: 61 }, (_, i) => EPOCH + i * MINUTE)
const growth = (of: (minute: number) => number | null, other: { since?: number; limitBytes?: number } = {}) =>
  growthOf({ at: hour, bytes: hour.map((_, i) => of(i)), since: 0, limitBytes: null, ...other })

describe('memory that grows', () => {
  it('is named with its pace and when its limit is reached', () => {
    const found = growth((i) => (100 + i) * MiB, { limitBytes: 220 * MiB })
    expect(found?.bytesPerHour).toBeCloseTo(60 * MiB, -2)
    expect(found?.bytes).toBeCloseTo(60 * MiB, -2)
    expect(found?.fullInMs).toBeCloseTo(60 * MINUTE, -2)
  })

  it.each<[string, (minute: number) => number | null]>([
    ['stays', () => 100 * MiB],
    ['breathes', (i) => (100 + 20 * Math.sin(i / 3)) * MiB],
    ['falls', (i) => (100 - i) * MiB],
    ['grows less than anyone need know', (i) => (100 + i / 30) * MiB],
    ['was seen too few times', (i) => (i < 5 ? (100 + i * 10) * MiB : null)],
  ])('memory that %s is not named', (_, of) => {
    expect(growth(of)).toBeNull()
  })

  it('an earlier run does not count', () => {
    expect(growth((i) => (i < 30 ? 10 : 100) * MiB)).not.toBeNull()
    expect(growth((i) => (i < 30 ? 10 : 100) * MiB, { since: EPOCH + 30 * MINUTE })).toBeNull()
  })
})

describe('a spread', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  it('is by nearest rank, of what is known', () => {
    expect(spreadOf(hundred)).toEqual({ p50: 50, p95: 95, max: 100, count: 100 })
    expect(spreadOf([null, 7, null])).toEqual({ p50: 7, p95: 7, max: 7, count: 1 })
    expect(spreadOf([null, null])).toBeNull()
  })

  it('takes its greatest from the highest samples where rows are means', () => {
    expect(spreadOf([10, 20], [15, 99])?.max).toBe(99)
  })
})
