/**
 * A monitor that is none: serves the built page, invented numbers and the real contracts, so that the page can be worked
 * on without Docker. `node dashboard-ui/dev/mock.ts [port] [containers]`; never part of the product.
 * `GET /mock/<engine-down|engine-up|restart|mute|speak>` plays the accidents.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type ClientEvents, type ServerEvents, WIRE_VERSION } from '@plimsoll/contracts/live'
import { Server } from 'socket.io'
import { apiAnswer, engineOf, INTERVAL, snapshotOf, tickOf, type World } from './mock-answers.ts'
import { spoken } from './mock-evidence.ts'
import { calmFrom, models } from './mock-fleet.ts'
import { alertsOf, eventsOf, viewOf } from './mock-story.ts'

const dist = join(import.meta.dirname, '../dist')
const kinds: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
const HOUR = 3_600_000

export interface Mock {
  readonly url: string
  readonly play: (accident: string) => void
  readonly stop: () => Promise<void>
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

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function handler(world: World, play: (accident: string) => void) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://mock')
    if (url.pathname.startsWith('/mock/')) {
      play(url.pathname.slice(6))
      response.end('played\n')
    } else if (url.pathname.startsWith('/api/')) {
      const said = request.method === 'GET' ? null : await bodyOf(request)
      const answer = spoken(request.method ?? 'GET', url.pathname, said ?? '', Date.now()) ?? apiAnswer(world, url)
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
