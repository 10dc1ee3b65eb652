import { describe, expect, it } from 'vitest'
import { alert } from './fixture.ts'
import { joined, joinedEvents, momentsOf, nearest } from './moments.ts'

describe('the moments a chart marks', () => {
  const stop = { at: 50, no: 1, container: 'web', kind: 'stopped', text: 'stopped on purpose' } as const

  it('are the container’s own alerts and the stops that no alert tells of', () => {
    const others = alert({ id: 'x', container: 'db' })
    const found = momentsOf('web', [alert({ severity: 'critical' }), others], [stop, { ...stop, kind: 'started' }])
    expect(found.map(({ at, token }) => [at, token])).toEqual([
      [1000, '--bad'],
      [50, '--ink-3'],
    ])
  })

  it('are named when the crosshair is close', () => {
    const moments = momentsOf('web', [alert()], [stop])
    expect(nearest(moments, 990, 20)?.text).toBe('high-cpu: CPU at 90 %')
    expect(nearest(moments, 500, 20)).toBeNull()
  })

  it('know an event once, also when the monitor was restarted and counts anew', () => {
    const other = { ...stop, at: 70, no: 1, kind: 'died' } as const
    expect(
      joinedEvents(
        [other],
        [
          { ...stop, no: 9 },
          { ...other, no: 8 },
        ],
      ).map(({ at }) => at),
    ).toEqual([70, 50])
  })

  it('are told once, as the live telling has it', () => {
    const old = alert({ id: 'a', firedAt: 5 })
    const both = joined([alert({ id: 'a', firedAt: 5, resolvedAt: 9 })], [old, alert({ id: 'b', firedAt: 7 })])
    expect(both.map(({ id, resolvedAt }) => [id, resolvedAt])).toEqual([
      ['b', null],
      ['a', 9],
    ])
  })
})
