/** A monitor that is none: answers HTTP and the socket from a world the test changes. For tests of what reads it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AlertView } from '@plimsoll/contracts/alert'
import type { HealthAnswer, HistoryAnswer } from '@plimsoll/contracts/http'
import { type ClientEvents, type ServerEvents, TICK_METRICS, WIRE_VERSION } from '@plimsoll/contracts/live'
import { Server } from 'socket.io'
import { engine, type FakeContainer, fleet, fleetAlerts, hostAnswer, snapshot, status, tickOf } from './fake-fleet.ts'

export interface FakeWorld {
  containers: readonly FakeContainer[]
  alerts: readonly AlertView[]
  health: HealthAnswer
  wire: number
  /** What `/history` says; without it a flat line of the newest numbers. */
  history: (name: string, from: number, to: number) => HistoryAnswer | null
}

export interface FakeMonitor {
  readonly url: string
  readonly port: number
  readonly world: FakeWorld
  /** What was asked for, in order. */
  readonly asked: readonly string[]
  readonly io: Server<ClientEvents, ServerEvents>
  readonly tick: () => void
  readonly stop: () => Promise<void>
}

function flatHistory(world: FakeWorld, name: string, from: number, to: number): HistoryAnswer | null {
  const found = world.containers.find((one) => one.name === name)
  if (found === undefined) return null
  const at = Array.from({ length: 90 }, (_, i) => from + ((to - from) * i) / 90)
  const columns = Object.fromEntries(TICK_METRICS.map((metric) => [metric, at.map(() => found.numbers[metric])]))
  return { name, from, to, stepMs: (to - from) / 90, at, columns, spans: [found.span] }
}

function answer(world: FakeWorld, url: URL): unknown {
  const now = Date.now()
  const name = /^\/api\/containers\/([^/]+)\/history$/.exec(url.pathname)?.[1]
  if (name !== undefined)
    return world.history(
      decodeURIComponent(name),
      Number(url.searchParams.get('from')),
      Number(url.searchParams.get('to')),
    )
  const state = url.searchParams.get('state')
  const limit = Number(url.searchParams.get('limit') ?? 100)
  const wanted = ({ resolvedAt }: AlertView) => state === null || (resolvedAt === null) === (state === 'firing')
  if (url.pathname === '/api/containers') return { at: now, engine: engine(now), containers: world.containers }
  if (url.pathname === '/api/alerts') return { alerts: world.alerts.filter(wanted).slice(0, limit) }
  if (url.pathname === '/api/host') return hostAnswer(now)
  if (url.pathname === '/api/events') return { events: [] }
  if (url.pathname === '/api/status') return status(now)
  return url.pathname === '/health' ? world.health : null
}

/** Starts it on 127.0.0.1 with the fleet of `fake-fleet.ts`; `port` 0 takes a free one. */
export async function startFakeMonitor(port = 0): Promise<FakeMonitor> {
  const now = Date.now()
  const world: FakeWorld = {
    containers: fleet(now),
    alerts: fleetAlerts(now),
    health: { status: 'ok', problems: [] },
    wire: WIRE_VERSION,
    history: (name, from, to) => flatHistory(world, name, from, to),
  }
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '')
    const url = new URL(request.url ?? '/', 'http://fake')
    const found = answer(world, url)
    const code = url.pathname.includes('/history') ? 'container-not-found' : 'not-found'
    const body = found ?? { error: { code, message: 'there is nothing at this address' } }
    const stalled = url.pathname === '/health' && world.health.status === 'stalled'
    response.writeHead(found === null ? 404 : stalled ? 503 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  const io = new Server<ClientEvents, ServerEvents>(server, { serveClient: false })
  io.on('connection', (socket) => {
    const at = Date.now()
    const hello = { build: 'test', at, sampleIntervalMs: 1000, historyMs: 900_000, target: 'web' }
    socket.emit('hello', { ...hello, wire: world.wire })
    socket.emit('snapshot', snapshot(world.containers, world.alerts, at))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    world,
    asked,
    io,
    tick: () => io.emit('tick', tickOf(world.containers, Date.now())),
    stop: async () => {
      await io.close()
    },
  }
}

if (import.meta.main) {
  const fake = await startFakeMonitor(Number(process.argv[2] ?? 8911))
  setInterval(fake.tick, 1000)
  process.stdout.write(`fake monitor on ${fake.url}\n`)
}
