/** What the address says: the view, the container and the stretch of time, so that a link shows a colleague the same. */
import type { EpochMs } from '@plimsoll/contracts/time'

/** How long back a chart reaches from now. */
export const REACHES = { '15m': 15, '1h': 60, '6h': 360, '24h': 1440, '7d': 10_080, '30d': 43_200 } as const
export type Reach = keyof typeof REACHES

/** Live and reaching back, or two fixed times. */
export type Range =
  | { readonly kind: 'live'; readonly reach: Reach }
  | { readonly kind: 'fixed'; readonly from: EpochMs; readonly to: EpochMs }

export const LIVE: Range = { kind: 'live', reach: '15m' }

export type Route =
  | { readonly view: 'fleet' }
  | { readonly view: 'container'; readonly name: string; readonly range: Range }
  | { readonly view: 'logs'; readonly name: string; readonly at: EpochMs | null }
  | { readonly view: 'alerts' }
  | { readonly view: 'alert'; readonly id: string }
  | { readonly view: 'events' }
  | { readonly view: 'host' }
  | { readonly view: 'wall' }

function isReach(text: string): text is Reach {
  return Object.hasOwn(REACHES, text)
}

function rangeOf(query: URLSearchParams): Range {
  const from = Number(query.get('from') ?? Number.NaN)
  const to = Number(query.get('to') ?? Number.NaN)
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) return { kind: 'fixed', from, to }
  const reach = query.get('range') ?? '15m'
  return isReach(reach) ? { kind: 'live', reach } : LIVE
}

function logsRoute(name: string, query: URLSearchParams): Route {
  const at = Number(query.get('at') ?? Number.NaN)
  return { view: 'logs', name, at: Number.isFinite(at) ? at : null }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `#/containers/web-1?range=1h` as a route; what is not understood is the fleet. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2)
  const [, view = '', rest = ''] = /^\/([a-z]*)\/?(.*)$/.exec(path) ?? []
  const logs = /^([^/]+)\/logs$/.exec(rest)
  if (view === 'containers' && logs !== null) return logsRoute(decoded(logs[1] ?? ''), new URLSearchParams(query))
  if (view === 'containers' && rest !== '')
    return { view: 'container', name: decoded(rest), range: rangeOf(new URLSearchParams(query)) }
  if (view === 'alerts' && /^[0-9A-Z]{26}$/.test(rest)) return { view: 'alert', id: rest }
  if (view === 'alerts' || view === 'events' || view === 'host' || view === 'wall') return { view }
  return { view: 'fleet' }
}

/** The address of a route. `parseRoute` reads it back. */
export function routeHash(route: Route): string {
  if (route.view === 'fleet') return '#/'
  if (route.view === 'alert') return `#/alerts/${route.id}`
  if (route.view === 'logs') {
    const path = `#/containers/${encodeURIComponent(route.name)}/logs`
    return route.at === null ? path : `${path}?at=${Math.round(route.at)}`
  }
  if (route.view !== 'container') return `#/${route.view}`
  const path = `#/containers/${encodeURIComponent(route.name)}`
  if (route.range.kind === 'fixed')
    return `${path}?from=${Math.round(route.range.from)}&to=${Math.round(route.range.to)}`
  return route.range.reach === '15m' ? path : `${path}?range=${route.range.reach}`
}

/** The windows of a young live view: the charts of the first minutes are not an empty quarter of an hour. */
const YOUNG_MS = [2, 5, 10].map((minutes) => minutes * 60_000)

/** How far back a live view reaches when the first row is `knownMs` old: the least step that shows all of it. */
export function liveReachMs(knownMs: number | null, reach: Reach): number {
  const whole = REACHES[reach] * 60_000
  if (knownMs === null || reach !== '15m') return whole
  return YOUNG_MS.find((ms) => knownMs <= ms) ?? whole
}

/** From and to of a range, in epoch milliseconds. */
export function boundsOf(range: Range, now: EpochMs): { readonly from: EpochMs; readonly to: EpochMs } {
  if (range.kind === 'fixed') return { from: range.from, to: range.to }
  return { from: now - REACHES[range.reach] * 60_000, to: now }
}
