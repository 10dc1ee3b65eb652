import { describe, expect, it } from 'vitest'
import { aroundOf, neighbours } from './around.ts'
import { alert } from './fixture.ts'

const minutes = (n: number) => n * 60_000

describe('the minutes around an alert', () => {
  const one = alert({ id: 'one', firedAt: minutes(100), resolvedAt: minutes(102) })

  it('show how it came and how it went', () => {
    expect(aroundOf(one, minutes(500))).toEqual({ kind: 'fixed', from: minutes(95), to: minutes(105) })
  })

  it('show the beginning of one that lasts for days: that is where the cause is', () => {
    const long = alert({ firedAt: 0 })
    expect(aroundOf(long, minutes(5000)).to).toBe(minutes(363))
  })

  it('tell what else fired then, and nothing that did not', () => {
    const before = alert({ id: 'before', firedAt: 0, resolvedAt: minutes(10) })
    const along = alert({ id: 'along', firedAt: minutes(50) })
    const after = alert({ id: 'after', firedAt: minutes(200) })
    expect(neighbours(one, [one, before, along, after], minutes(300)).map(({ id }) => id)).toEqual(['along'])
  })
})
