import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newIds, nextUlid, ulid } from './ulid.ts'

describe('ulid', () => {
  it('is the ULID of its time, its seed and its counter', () => {
    expect(ulid(1_469_918_176_385, '0', 0)).toBe('01ARYZ6S410000000000000000') // the time of the ULID specification
    expect(ulid(2 ** 48 - 1, 'ffffffffffff', 2 ** 32 - 1)).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')
  })

  it('later ids sort after earlier ones, also when the clock is set back', () => {
    const times = fc.array(fc.nat(2 ** 45), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(times, (all) => {
        let ids = newIds('abcdef012345')
        const made = all.map((now) => {
          const [id, next] = nextUlid(ids, now)
          ids = next
          return id
        })
        expect(made.toSorted()).toEqual(made)
        expect(new Set(made).size).toBe(made.length)
      }),
    )
  })
})
