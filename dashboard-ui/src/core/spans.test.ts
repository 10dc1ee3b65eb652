import type { Span } from '@plimsoll/contracts/container'
import { describe, expect, it } from 'vitest'
import { container } from './fixture.ts'
import { isPlanned, lifeOf, outages, placed, uptimeShare } from './spans.ts'

const up = (from: number, to: number | null): Span => ({ from, to, condition: 'up', why: 'running' })
const down = (from: number, to: number | null): Span => ({ from, to, condition: 'down', why: 'killed (SIGKILL)' })

describe('the life of a container', () => {
  it('joins history, what ended meanwhile, and what lasts', () => {
    const view = container({ span: up(90, null) })
    expect(lifeOf([up(0, null)], [up(0, 50), down(50, 90)], view)).toEqual([up(0, 50), down(50, 90), up(90, null)])
  })

  it('closes a stretch that an older telling left open', () => {
    expect(lifeOf([up(0, null)], [], container({ span: down(60, null) }))).toEqual([up(0, 60), down(60, null)])
  })

  it('keeps the end it knows when an open telling of the same stretch comes later', () => {
    expect(lifeOf([down(5, 9), up(9, 20)], [], null)).toEqual([down(5, 9), up(9, 20)])
  })
})

describe('the strip', () => {
  const range = { from: 100, to: 200 }

  it('cuts stretches to the window', () => {
    expect(
      placed([up(0, 50), up(50, 150), down(150, null)], range, 999).map(({ left, width }) => [left, width]),
    ).toEqual([
      [0, 0.5],
      [0.5, 0.5],
    ])
  })

  it('claims nothing of the future', () => {
    expect(placed([up(100, null)], range, 150).map(({ width }) => width)).toEqual([0.5])
    expect(placed([up(160, null)], range, 150)).toEqual([])
  })

  it('counts uptime of known time only', () => {
    const unknown: Span = { from: 100, to: 150, condition: 'unknown', why: 'engine unreachable' }
    expect(uptimeShare([unknown, up(150, 175), down(175, 200)], range, 999)).toBeCloseTo(0.5)
    expect(uptimeShare([unknown], range, 999)).toBeNull()
  })

  it('does not count the moment between being created and started', () => {
    const created: Span = { from: 100, to: 150, condition: 'down', why: 'created, not started' }
    expect(outages([created, up(150, null)])).toEqual([])
    expect(uptimeShare([created, up(150, null)], range, 999)).toBe(1)
  })

  it('lists outages newest first, and knows a stop on purpose from a kill', () => {
    expect(outages([down(1, 2), up(2, 3), down(3, null)]).map(({ from }) => from)).toEqual([3, 1])
    for (const why of [
      'stopped on purpose, exit code 0',
      'removed on purpose, exit code 137 (SIGKILL)',
      'created, not started',
      'removed',
    ])
      expect(isPlanned({ ...down(1, 2), why })).toBe(true)
    expect(isPlanned(down(1, 2))).toBe(false)
  })
})
