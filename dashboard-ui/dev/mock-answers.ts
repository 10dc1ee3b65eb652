/** What the mock answers: the same shapes as the monitor's, from the invented fleet. */
import type { EngineView, HistoryAnswer, StatusAnswer } from '@plimsoll/contracts/http'
import { TICK_METRICS, type TickMetric } from '@plimsoll/contracts/live'
import { alertAnswer } from './mock-evidence.ts'
import { columnsAt, HOST, type Model, valueAt } from './mock-fleet.ts'
import { hostOf, removedOf } from './mock-host.ts'
import { logOf } from './mock-log.ts'
import { alertsOf, deliveryOf, eventsOf, spansOf, viewOf } from './mock-story.ts'

const HOUR = 3_600_000
/** How often the mock samples. */
export const INTERVAL = 1000

/** The invented world, which accidents change. */
export interface World {
  all: readonly Model[]
  engineDownSince: number | null
  muted: boolean
  wire: number
  build: string
  readonly startedAt: number
}

/** The engine, there or away. */
export function engineOf(world: World): EngineView {
  const where = '/var/run/docker.sock'
  if (world.engineDownSince !== null)
    return {
      state: 'unreachable',
      since: world.engineDownSince,
      where,
      error: 'connect ENOENT /var/run/docker.sock',
      advice: 'Start Docker (systemctl start docker), or set DOCKER_HOST to where it listens.',
    }
  return {
    state: 'connected',
    since: world.startedAt,
    where,
    host: 'mock',
    version: '28.3.0',
    apiVersion: '1.51',
    cpus: HOST.cpus,
    memoryBytes: HOST.bytes,
  }
}

/** One round in columns. */
export function tickOf(world: World, at: number) {
  const up = world.all.filter((model) => model.state !== 'exited')
  return { at, of: up.map((model) => model.no), columns: columnsAt(up, at) }
}

/** The whole state. */
export function snapshotOf(world: World, now: number) {
  const from = now - HOUR
  return {
    at: now,
    engine: engineOf(world),
    delivery: deliveryOf(now),
    containers: world.all.map((model) => viewOf(model, now)),
    tick: tickOf(world, now - (now % INTERVAL)),
    alerts: alertsOf(from, now).slice(0, 100),
    events: eventsOf(from, now).slice(0, 100),
  }
}

function historyOf(model: Model, query: URLSearchParams): HistoryAnswer {
  const now = Date.now()
  const to = Math.min(now, Number(query.get('to') ?? now))
  const from = Number(query.get('from') ?? to - 900_000)
  const stepMs = Math.max(INTERVAL, Math.ceil((to - from) / Number(query.get('points') ?? 900) / INTERVAL) * INTERVAL)
  const at: number[] = []
  for (let t = Math.ceil(from / stepMs) * stepMs; t <= to; t += stepMs) at.push(t)
  const columns = Object.fromEntries(TICK_METRICS.map((metric) => [metric, at.map((t) => valueAt(model, metric, t))]))
  // Of coarse rows the mock takes the greatest of five looks.
  const peak = (metric: TickMetric, t: number) =>
    Math.max(...[0, 0.2, 0.4, 0.6, 0.8].map((share) => valueAt(model, metric, t + share * stepMs) ?? 0))
  const cpuLimitPercent = stepMs > INTERVAL ? at.map((t) => peak('cpuLimitPercent', t)) : undefined
  const maxima = cpuLimitPercent === undefined ? {} : { cpuLimitPercent }
  return { name: model.name, from, to, stepMs, at, columns, maxima, spans: spansOf(model, from, now) }
}

function statusOf(world: World): StatusAnswer {
  const now = Date.now()
  return {
    build: world.build,
    startedAt: world.startedAt,
    engine: engineOf(world),
    sampler: { intervalMs: INTERVAL, lastAt: now, lastRoundMs: 38, lateRounds: 0 },
    own: { cpuPercent: 1.4, rssBytes: 88 * 1024 ** 2 },
    viewers: 1,
    sinks: [{ name: 'csv', ok: true, error: null }],
    delivery: deliveryOf(now),
  }
}

function oneOf(world: World, name: string, now: number): unknown {
  const model = world.all.find((one) => one.name === decodeURIComponent(name))
  return model === undefined ? null : { ...viewOf(model, now), numbers: {}, details: null }
}

/** The answer to a GET; `null` when there is nothing. */
export function apiAnswer(world: World, url: URL): unknown {
  const history = /^\/api\/containers\/([^/]+)\/history$/.exec(url.pathname)
  const now = Date.now()
  if (history !== null) {
    const model = world.all.find(({ name }) => name === decodeURIComponent(history[1] ?? ''))
    return model === undefined ? null : historyOf(model, url.searchParams)
  }
  if (url.pathname === '/api/alerts') return { alerts: alertsOf(now - 6 * HOUR, now) }
  if (url.pathname === '/api/events') return { events: eventsOf(now - 6 * HOUR, now) }
  if (url.pathname === '/api/status') return statusOf(world)
  const logs = /^\/api\/containers\/([^/]+)\/logs$/.exec(url.pathname)
  if (logs !== null)
    return { name: logs[1], lines: logOf(now, Number(url.searchParams.get('tail') ?? 200)), truncated: false }
  const alert = /^\/api\/alerts\/([^/]+)$/.exec(url.pathname)
  if (alert !== null) return alertAnswer(alert[1] ?? '', now)
  const one = /^\/api\/containers\/([^/]+)$/.exec(url.pathname)
  if (one !== null) return oneOf(world, one[1] ?? '', now)
  if (url.pathname === '/api/containers')
    return { at: now, engine: engineOf(world), containers: [], removed: removedOf(now) }
  if (url.pathname === '/api/host') return hostOf(now)
  return null
}
