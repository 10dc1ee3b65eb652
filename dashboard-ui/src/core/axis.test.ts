import { describe, expect, it } from 'vitest'
import { countAxis, latencyAxis, percentAxis, rateAxis } from './axis.ts'

describe('what stands on an axis', () => {
  it('has no digits that say nothing', () => {
    expect([0, 5, 250, 2500].map(latencyAxis)).toEqual(['0', '5 ms', '250 ms', '2.5 s'])
    expect([0, 1000, 250_000].map(rateAxis)).toEqual(['0', '1 kB/s', '250 kB/s'])
    expect([0, 25, 2.5].map(percentAxis)).toEqual(['0', '25 %', '2.5 %'])
    expect([2, 2.5].map(countAxis)).toEqual(['2', ''])
  })
})
