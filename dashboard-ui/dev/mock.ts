/**
 * A monitor that is none: serves the built page, invented numbers and the real contracts, so that the page can be worked
 * on without Docker. `node dashboard-ui/dev/mock.ts [port] [containers]`; never part of the product.
 * `GET /mock/<engine-down|engine-up|restart|mute|speak>` plays the accidents.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { EngineView, HistoryAnswer, StatusAnswer } from '@plimsoll/contracts/http'
import {
  type ClientEvents,
  type ServerEvents,
  TICK_METRICS,
  type TickMetric,
  WIRE_VERSION,
} from '@plimsoll/contracts/live'
import { Server } from 'socket.io'
import { calmFrom, columnsAt, HOST, type Model, models, valueAt } from './mock-fleet.ts'
import { hostOf, removedOf } from './mock-host.ts'
import { logOf } from './mock-log.ts'
import { alertsOf, deliveryOf, eventsOf, spansOf, viewOf } from './mock-story.ts'

const dist = join(import.meta.dirname, '../dist')
const kinds: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
const [HOUR, INTERVAL] = [3_600_000, 1000]

export interface Mock {
  readonly url: string
  readonly play: (accident: string) => void
  readonly stop: () => Promise<void>
}

interface World {
  all: readonly Model[]
  engineDownSince: number | null
  muted: boolean
  wire: number
  build: string
  readonly startedAt: number
}

function engineOf(world: World): EngineView {
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

function tickOf(world: World, at: number) {
  const up = world.all.filter((model) => model.state !== 'exited')
  return { at, of: up.map((model) => model.no), columns: columnsAt(up, at) }
}

function snapshotOf(world: World, now: number) {
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

function apiAnswer(world: World, url: URL): unknown {
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
  const one = /^\/api\/containers\/([^/]+)$/.exec(url.pathname)
  if (one !== null) return oneOf(world, one[1] ?? '', now)
  if (url.pathname === '/api/containers')
    return { at: now, engine: engineOf(world), containers: [], removed: removedOf(now) }
  if (url.pathname === '/api/host') return hostOf(now)
  return null
}

async function file(path: string, response: ServerResponse): Promise<void> {
  const inside = normalize(path === '/' ? '/index.html' : path)
  try {
    const body = await readFile(join(dist, inside))
    response
      .writeHead(200, {
        'content-type': kinds[extname(inside)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      })
      .end(body)
  } catch {
    response.writeHead(404).end('not found')
  }
}

function handler(world: World, play: (accident: string) => void) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://mock')
    if (url.pathname.startsWith('/mock/')) {
      play(url.pathname.slice(6))
      response.end('played\n')
    } else if (url.pathname.startsWith('/api/')) {
      const answer = apiAnswer(world, url)
      const body = answer ?? { error: { code: 'not-found', message: 'there is nothing at this address' } }
      response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    } else await file(url.pathname, response)
  }
}

/** One round: the tick, and what differs from the round before. */
function round(world: World, io: Server<ClientEvents, ServerEvents>, before: number, now: number): void {
  if (world.muted || world.engineDownSince !== null) return
  io.volatile.emit('tick', tickOf(world, now - (now % INTERVAL)))
  for (const model of world.all) {
    const view = viewOf(model, now)
    if (model.lively || model.probe !== null) io.emit('container', view)
  }
  for (const event of eventsOf(before - HOUR, now)) if (event.at > before) io.emit('event', event)
  for (const alert of alertsOf(before - HOUR, now))
    if (Math.max(alert.firedAt, alert.resolvedAt ?? 0) > before) io.emit('alert', alert)
}

function happen(world: World, io: Server<ClientEvents, ServerEvents>, accident: string): void {
  if (accident === 'engine-down') world.engineDownSince = Date.now()
  if (accident === 'engine-up') world.engineDownSince = null
  if (accident === 'mute') world.muted = true
  if (accident === 'speak') world.muted = false
  if (accident === 'new-build') world.build = 'mock-2'
  if (accident === 'new-wire') world.wire = WIRE_VERSION + 1
  if (accident === 'stopped') world.all = world.all.filter(({ state }) => state === 'exited')
  if (accident === 'empty') world.all = []
  if (accident === 'restart' || accident === 'new-build' || accident === 'new-wire') io.disconnectSockets(true)
  if (accident === 'empty' || accident === 'stopped') io.emit('snapshot', snapshotOf(world, Date.now()))
  if (accident.startsWith('engine-')) io.emit('engine', engineOf(world))
}

/** Starts the mock on 127.0.0.1, at a calm moment; `port` 0 takes a free one. */
export async function startMock(port: number, count = 13): Promise<Mock> {
  calmFrom(Date.now())
  const world: World = {
    all: models(count),
    engineDownSince: null,
    muted: false,
    wire: WIRE_VERSION,
    build: 'mock',
    startedAt: Date.now(),
  }
  const play = (accident: string) => happen(world, io, accident)
  const server = createServer(handler(world, play))
  const io = new Server<ClientEvents, ServerEvents>(server, { serveClient: false })
  io.on('connection', (socket) => {
    const now = Date.now()
    socket.emit('hello', {
      wire: world.wire,
      build: world.build,
      at: now,
      sampleIntervalMs: INTERVAL,
      historyMs: 24 * HOUR,
      target: world.all[0]?.name ?? null,
    })
    socket.emit('snapshot', snapshotOf(world, now))
  })
  let before = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    round(world, io, before, now)
    before = now
  }, INTERVAL)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    play,
    stop: async () => {
      clearInterval(timer)
      await io.close()
    },
  }
}

if (import.meta.main) {
  const mock = await startMock(Number(process.argv[2] ?? 8901), Number(process.argv[3] ?? 13))
  process.stdout.write(`mock monitor on ${mock.url}\n`)
}
