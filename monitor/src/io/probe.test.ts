import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProbeResult } from '../core/observation.ts'
import { createProber, type Prober } from './probe.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function target(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/health?x=1`, server }
}

function prober(timeoutMs = 1000, maxParallel = 16): Prober {
  const made = createProber({ timeoutMs, maxParallel, now: () => 42 })
  closing.unshift(() => made.close())
  return made
}

describe('a probe', () => {
  it('is ok for 2xx, with the time to the whole answer', async () => {
    const { url } = await target((request, response) => {
      response.write(request.url)
      setTimeout(() => response.end('done'), 50)
    })
    const result = await prober().probe(url)
    expect(result).toMatchObject({ at: 42, url, ok: true, detail: '200' })
    expect(result.responseMs).toBeGreaterThan(45)
    expect(result.responseMs).toBeLessThan(1000)
  })

  it.each([503, 404, 302, 500])('%i is a failure with a time', async (status) => {
    const { url } = await target((_, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end())
    const result = await prober().probe(url)
    expect(result).toMatchObject({ ok: false, detail: String(status) })
    expect(result.responseMs).not.toBeNull()
  })

  it('that gets no answer before the deadline says so, whether none begins or one does not end', async () => {
    const silent = await target(() => undefined)
    const endless = await target((_, response) => response.write('x'))
    for (const { url } of [silent, endless]) {
      expect(await prober(100).probe(url)).toMatchObject({
        ok: false,
        responseMs: null,
        detail: 'timeout after 100 ms',
      })
    }
  })

  it('of a port where nobody listens says so', async () => {
    const { url, server } = await target(() => undefined)
    await new Promise((done) => server.close(done))
    expect(await prober().probe(url)).toMatchObject({ ok: false, responseMs: null, detail: 'connection refused' })
  })

  it('does not read an endless body for ever', async () => {
    let sent = 0
    const { url } = await target((_, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
      }
      response.on('drain', more)
      more()
    })
    const result = await prober(3000).probe(url)
    expect(result).toMatchObject({ ok: true, detail: '200' })
    expect(sent).toBeLessThan(20 * 1024 * 1024)
  })

  it('uses a connection again, and survives that the target closed it meanwhile', async () => {
    const connections = new Set<unknown>()
    const { url, server } = await target((request, response) => {
      connections.add(request.socket)
      response.end('ok')
    })
    const asks = prober()
    for (let i = 0; i < 8; i++) expect((await asks.probe(url)).ok).toBe(true)
    expect(connections.size).toBeLessThanOrEqual(2)
    server.closeAllConnections()
    expect((await asks.probe(url)).ok).toBe(true)
  })

  it('of something that is no address fails in words', async () => {
    expect((await prober().probe('http://')).detail).toMatch(/URL/i)
  })
})

describe('a round', () => {
  it('never asks one target twice at a time, and others meanwhile', async () => {
    const held: (() => void)[] = []
    const slow = await target((_, response) => held.push(() => response.end()))
    const fast = await target((_, response) => response.end())
    const asks = prober(5000, 2)
    const told: string[] = []
    const targets = [
      { container: 'slow', url: slow.url },
      { container: 'fast', url: fast.url },
      { container: 'also fast', url: fast.url },
    ]
    const both = Promise.withResolvers<void>()
    const tell = (to: { container: string }, result: ProbeResult) => {
      told.push(`${to.container} ${result.detail}`)
      if (told.length === 4) both.resolve()
    }
    asks.round(targets, tell)
    asks.round(targets, tell)
    for (const end = performance.now() + 3000; told.length < 2 && performance.now() < end; ) {
      await new Promise((go) => setTimeout(go, 5))
    }
    expect(told.toSorted()).toEqual(['also fast 200', 'fast 200'])
    expect(held).toHaveLength(1)
    asks.round(targets.slice(0, 2), tell)
    for (const answer of held) answer()
    await both.promise
    expect(told.slice(2).toSorted()).toEqual(['fast 200', 'slow 200'])
    expect(held).toHaveLength(1)
  })
})
