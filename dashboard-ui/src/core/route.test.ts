import { describe, expect, it } from 'vitest'
import { boundsOf, LIVE, liveReachMs, parseRoute, type Route, routeHash } from './route.ts'

describe('an address', () => {
  it.each<[string, Route]>([
    ['#/', { view: 'fleet' }],
    ['#/alerts', { view: 'alerts' }],
    ['#/alerts/01KAH0000000000000000000AB', { view: 'alert', id: '01KAH0000000000000000000AB' }],
    ['#/containers/web-1/logs', { view: 'logs', name: 'web-1', at: null }],
    ['#/containers/web-1/logs?at=5000', { view: 'logs', name: 'web-1', at: 5000 }],
    ['#/containers/web-1', { view: 'container', name: 'web-1', range: LIVE }],
    ['#/containers/a%20b?range=1h', { view: 'container', name: 'a b', range: { kind: 'live', reach: '1h' } }],
    [
      '#/containers/web?from=1000&to=5000',
      { view: 'container', name: 'web', range: { kind: 'fixed', from: 1000, to: 5000 } },
    ],
  ])('%s is read and written alike', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
    expect(routeHash(route)).toBe(hash)
  })

  it.each(['', '#', '#/nonsense', '#/containers/', '#//'])('%j shows the fleet', (hash) => {
    expect(parseRoute(hash)).toEqual({ view: 'fleet' })
  })

  it('is live when its range makes no sense', () => {
    for (const query of ['range=2y', 'from=5&to=1', 'from=x&to=9', 'range=toString'])
      expect(parseRoute(`#/containers/web?${query}`)).toEqual({ view: 'container', name: 'web', range: LIVE })
    expect(parseRoute('#/containers/%E0%A4%A')).toEqual({ view: 'container', name: '%E0%A4%A', range: LIVE })
  })

  it('shows a young container’s few minutes large, and grows with them', () => {
    const minutes = (n: number | null) => liveReachMs(n === null ? null : n * 60_000, '15m') / 60_000
    expect([0, 2, 3, 8, 11, 400, null].map(minutes)).toEqual([2, 2, 5, 10, 15, 15, 15])
    expect(liveReachMs(1000, '1h')).toBe(3_600_000)
  })

  it('reaches back from now, or stands still', () => {
    expect(boundsOf(LIVE, 1_000_000)).toEqual({ from: 100_000, to: 1_000_000 })
    expect(boundsOf({ kind: 'fixed', from: 1, to: 2 }, 9)).toEqual({ from: 1, to: 2 })
  })
})
