import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createLog } from '@plimsoll/runtime/log'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from './database.ts'

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))])

let server: Server | undefined
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server?.close()
})

/** As much of a Postgres as lets a client in; `onQuery` says what becomes of its first query. */
async function postgres(onQuery: (socket: Socket) => void) {
  const listening = createServer((socket) => {
    let known = false
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', () => {
      if (known) onQuery(socket)
      else socket.write(welcome)
      known = true
    })
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return openDatabase({
    connection: { host: '127.0.0.1', port, user: 'plimsoll', database: 'plimsoll' },
    poolSize: 2,
    statementTimeoutMs: 1000,
    log: createLog('target-app', 'silent'),
  })
}

describe('ping', () => {
  it('says that the connection broke under it, again and again, and the process lives on', async () => {
    const database = await postgres((socket) => socket.resetAndDestroy())
    for (let i = 0; i < 3; i++) {
      const answer = await database.ping(1000)
      expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/ECONNRESET|terminated/) })
    }
    await database.close()
  })

  it('gives up a query without an answer at its deadline, and its connection with it', async () => {
    const database = await postgres(() => {})
    const answer = await database.ping(150)
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('no answer after') })
    expect(answer.latencyMs).toBeLessThan(1000)
    await database.ping(150)
    expect(sockets.size).toBe(2)
    await database.close()
  })

  it('is asked once by all who ask while it is on its way', async () => {
    let queries = 0
    const database = await postgres((socket) => {
      queries++
      socket.write(Buffer.concat([message('C', Buffer.from('SELECT 1\0')), message('Z', Buffer.from('I'))]))
    })
    const answers = await Promise.all(Array.from({ length: 20 }, () => database.ping(1000)))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(queries).toBe(1)
    await database.ping(1000)
    expect(queries).toBe(2)
    await database.close()
  })
})
