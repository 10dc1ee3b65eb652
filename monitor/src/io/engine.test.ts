import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineEvent } from '../core/engine-words.ts'
import { type Engine, openEngine } from './engine.ts'

/** A server on a socket that speaks as much of the engine's API as is asked. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

describe('the engine, over its socket', () => {
  let dir: string
  let server: Server
  let engine: Engine
  let asked: string[] = []
  let answers: Record<string, Answer> = {}
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'plimsoll-engine-'))
    asked = []
    answers = {
      '/version': json({ ApiVersion: '1.56', Version: '29.9' }),
      '/info': json({ Name: 'h', NCPU: 2, MemTotal: 1024, SystemTime: '2026-11-21T12:00:00Z' }),
    }
    server = createServer((request, response) => {
      const url = request.url ?? ''
      asked.push(url)
      const path = url.replace(/^\/v[\d.]+/, '').replace(/\?.*/, '')
      ;(answers[path] ?? json({ message: 'no such thing' }, 404))(request, response)
    })
    await new Promise<void>((resolve) => server.listen(join(dir, 'docker.sock'), resolve))
    engine = openEngine(`unix://${join(dir, 'docker.sock')}`)
  })
  afterEach(async () => {
    engine.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(dir, { recursive: true })
  })

  it('asks a newer engine in the newest version that is known here', async () => {
    expect(await engine.connect()).toMatchObject({ name: 'h', version: '29.9', apiVersion: '1.51' })
    await engine.ping().catch(() => {})
    expect(asked).toEqual(['/version', '/v1.51/info', '/v1.51/_ping'])
  })
  it('a container that is gone is null, another failure is a failure', async () => {
    answers['/containers/b/json'] = json({ message: 'boom' }, 500)
    expect(await engine.inspect('a')).toBeNull()
    expect(await engine.statistics('a', 500)).toBeNull()
    await expect(engine.inspect('b')).rejects.toMatchObject({ statusCode: 500 })
  })
  it.each(['{', '"x"', '<html>', ''])('%s instead of an answer is an error, not a crash', async (text) => {
    const garbage: Answer = (_, response) => response.end(text)
    answers = { '/containers/json': garbage, '/containers/a/json': garbage, '/version': garbage }
    await expect(engine.list()).rejects.toThrow(/cannot be understood/)
    await expect(engine.inspect('a')).rejects.toThrow(/cannot be understood/)
    await expect(engine.connect()).rejects.toThrow(/no Docker engine/)
  })
  it('statistics are taken at once, and given up at the deadline', async () => {
    answers['/containers/a/stats'] = (_, response) => response.write('{')
    await expect(engine.statistics('a', 50)).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked[0]).toMatch(/stats\?stream=false&one-shot=true$/)
  })
  it('a kept connection that the engine has closed is not a failure', async () => {
    answers['/_ping'] = (request, response) => {
      if (asked.length === 2) request.socket.destroy()
      else response.end('OK')
    }
    await engine.ping()
    await engine.ping()
    expect(asked).toHaveLength(3)
  })
  it('without a socket it says which system error', async () => {
    const nowhere = openEngine(`unix://${join(dir, 'nothing.sock')}`)
    await expect(nowhere.connect()).rejects.toMatchObject({ code: 'ENOENT' })
    nowhere.close()
  })

  describe('its events', () => {
    const line = (n: number) => ({
      Type: 'container',
      Action: 'start',
      Actor: { ID: `c${n}`, Attributes: { name: `web${n}`, note: 'é\u2028\n{' } },
      timeNano: 1e15 + n,
    })
    it('arrive whole however they are cut, without the noise of health checks, from a time on', async () => {
      const lines = [1, 2, 3].map((n) => `${JSON.stringify(line(n))}\n`).join('not json\n')
      const bytes = Buffer.from(lines)
      answers['/events'] = async (_, response) => {
        for (let at = 0; at < bytes.length; at += 7) {
          response.write(bytes.subarray(at, at + 7))
          if (at % 70 === 0) await sleep(1)
        }
        response.end()
      }
      const seen: EngineEvent[] = []
      const stream = await engine.events(1_795_261_012_463.25, (event) => seen.push(event))
      await stream.ended
      expect(seen.map((event) => event.id)).toEqual(['c1', 'c2', 'c3'])
      const query = new URLSearchParams(asked[0]?.split('?')[1])
      expect(query.get('since')).toBe('1795261012.463250')
      const { event } = JSON.parse(query.get('filters') ?? '{}')
      expect(event).toContain('die')
      expect(event.some((name: string) => name.startsWith('exec'))).toBe(false)
    })
    it('end when the engine hangs up, and when nobody wants them any more', async () => {
      answers['/events'] = (_, response) => response.flushHeaders()
      const first = await engine.events(null, () => {})
      server.closeAllConnections()
      await first.ended
      const second = await engine.events(null, () => {})
      second.close()
      await second.ended
    })
    it('real recordings are read as they were sent', async () => {
      const text = await readFile(new URL('../core/fixtures/cgroup-v1/events.ndjson', import.meta.url))
      answers['/events'] = (_, response) => response.end(text)
      const seen: EngineEvent[] = []
      await (await engine.events(null, (event) => seen.push(event))).ended
      expect(seen.length).toBeGreaterThan(30)
      expect(new Set(seen.map((event) => event.name)).size).toBeGreaterThan(3)
    })
  })
})
