import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientEvents, Hello, ServerEvents, Snapshot, Tick } from '@plimsoll/contracts/live'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOriginAllowed } from '../core/hosts.ts'
import { type Live, openLive } from './live.ts'

const hello = { wire: 1, build: 'b' } as Hello
const snapshot = { at: 1, containers: [] } as unknown as Snapshot

describe('the live connection', () => {
  let server: Server
  let live: Live
  let port: number
  const sockets: Socket<ServerEvents, ClientEvents>[] = []
  const connect = (headers: Record<string, string> = {}, transport = 'websocket') => {
    const socket: Socket<ServerEvents, ClientEvents> = io(`http://127.0.0.1:${port}`, {
      transports: [transport],
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    })
    sockets.push(socket)
    return socket
  }
  const heard = <K extends keyof ServerEvents>(socket: Socket<ServerEvents, ClientEvents>, name: K) =>
    new Promise<Parameters<ServerEvents[K]>[0]>((resolve, reject) => {
      socket.once(name, ((value: Parameters<ServerEvents[K]>[0]) => resolve(value)) as never)
      socket.once('connect_error', reject)
    })
  beforeEach(async () => {
    server = createServer()
    live = openLive({
      server,
      hello: () => hello,
      snapshot: () => snapshot,
      refusal: ({ headers }) => (isOriginAllowed(headers.origin, headers.host) ? null : 'origin not allowed'),
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect()
    await live.close()
  })

  it('greets a page with who is here and with everything there is', async () => {
    const socket = connect()
    const [first, all] = await Promise.all([heard(socket, 'hello'), heard(socket, 'snapshot')])
    expect([first, all]).toEqual([hello, snapshot])
    expect(live.viewers()).toBe(1)
  })
  it('tells every page the same tick', async () => {
    const pages = [connect(), connect()]
    await Promise.all(pages.map((page) => heard(page, 'snapshot')))
    const ticks = Promise.all(pages.map((page) => heard(page, 'tick')))
    const tick = { at: 5, of: [1], columns: {} } as unknown as Tick
    live.tick(tick)
    expect(await ticks).toEqual([tick, tick])
  })
  it.each(['websocket', 'polling'])('a page of another site is refused, by %s too', async (transport) => {
    await expect(heard(connect({ origin: 'http://evil.example' }, transport), 'hello')).rejects.toThrow()
    expect(live.viewers()).toBe(0)
  })
  it('a page of this site is let in', async () => {
    expect(await heard(connect({ origin: `http://127.0.0.1:${port}` }), 'hello')).toEqual(hello)
  })
  it('does not serve the client’s own script', async () => {
    expect((await fetch(`http://127.0.0.1:${port}/socket.io/socket.io.js`)).status).not.toBe(200)
  })
})
