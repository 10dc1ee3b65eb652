import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appIn, newWorld } from './fakes.ts'

const post = (url: string, payload: object) => ({ method: 'POST' as const, url, payload })

describe('/health', () => {
  it('is 200 with the database’s latency while the database answers', async () => {
    const { app } = appIn(newWorld())
    const answer = await app.inject('/health')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ status: 'ok', database: { ok: true, latencyMs: 1.5 } })
  })

  it('is 503 with the reason when the database does not answer, and well again with it', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    world.ping = { ok: false, latencyMs: 1500, error: 'no answer after 1500 ms' }
    const answer = await app.inject('/health')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ status: 'failing', reason: 'database: no answer after 1500 ms' })
    world.ping = { ok: true, latencyMs: 2 }
    expect((await app.inject('/health')).statusCode).toBe(200)
  })
})

describe('loads', () => {
  it('runs from its request to the end of its lease', async () => {
    const world = newWorld()
    const { app, loads } = appIn(world)
    const begun = await app.inject(post('/load/cpu', { percent: 35, seconds: 2 }))
    expect(begun.json()).toMatchObject({ id: 'new-id', endsInMs: 2000 })
    expect(world.burned.at(-1)).toEqual([35, 1])
    world.now += 1999
    loads.tick()
    expect(world.burned.at(-1)).toEqual([35, 1])
    world.now += 1
    loads.tick()
    expect(world.burned.at(-1)).toEqual([0, 0])
    expect((await app.inject('/load')).json().loads).toEqual([])
  })

  it('goes on as long as it is renewed under its id', async () => {
    const world = newWorld()
    const { app, loads } = appIn(world)
    for (let i = 0; i < 5; i++) {
      await app.inject(post('/load/cpu', { id: 'a', percent: 10 + i, seconds: 2 }))
      world.now += 1500
      loads.tick()
    }
    expect(world.burned.at(-1)).toEqual([14, 1])
    expect((await app.inject('/load')).json().loads).toHaveLength(1)
  })

  it('adds up the loads of several generators', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    await app.inject(post('/load/cpu', { id: 'a', percent: 60, seconds: 5 }))
    await app.inject(post('/load/cpu', { id: 'b', percent: 70, seconds: 5 }))
    expect(world.burned.at(-1)).toEqual([130, 2])
    await app.inject(post('/load/memory', { id: 'c', megabytes: 100, seconds: 5 }))
    await app.inject(post('/load/memory', { id: 'd', percentOfLimit: 25, seconds: 5 }))
    expect(world.held.at(-1)).toBe((100 + 128) * 1024 * 1024)
  })

  it('ends one load, or all at once', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    for (const id of ['a', 'b', 'c']) await app.inject(post('/load/cpu', { id, percent: 10, seconds: 5 }))
    expect((await app.inject({ method: 'DELETE', url: '/load/b' })).json()).toEqual({ ended: 1 })
    expect(world.burned.at(-1)).toEqual([20, 1])
    expect((await app.inject({ method: 'DELETE', url: '/load/b' })).json()).toEqual({ ended: 0 })
    expect((await app.inject({ method: 'DELETE', url: '/load' })).json()).toEqual({ ended: 2 })
    expect(world.burned.at(-1)).toEqual([0, 0])
  })

  it('tells what it uses of its limits', async () => {
    const world = newWorld()
    const { app, loads } = appIn(world)
    loads.tick()
    world.now += 1000
    world.cpuMs += 350
    const { cpu, memory, limits } = (await app.inject('/load')).json()
    expect(cpu).toMatchObject({ percent: 35, limitPercent: 35 })
    expect(memory).toMatchObject({ limitPercent: (40 / 512) * 100 })
    expect(limits).toMatchObject({ cpuCores: 1, memoryLimited: true })
  })

  it('refuses an OOM where no limit would keep it inside the container', async () => {
    const world = newWorld()
    world.limits = { ...world.limits, memoryLimited: false }
    const { app } = appIn(world)
    const answer = await app.inject(post('/load/fault', { fault: 'oom', seconds: 5 }))
    expect(answer.statusCode).toBe(409)
    expect(world.held).toEqual([])
  })
})

describe('faults', () => {
  it('fails the health check on request, and says that it was asked to', async () => {
    const { app } = appIn(newWorld())
    await app.inject(post('/load/fault', { fault: 'outage', seconds: 5 }))
    const answer = await app.inject('/health')
    expect(answer.statusCode).toBe(503)
    expect(answer.json().reason).toBe('an outage load asks for it')
    expect((await app.inject('/work/cache')).statusCode).toBe(200)
  })

  it('answers the asked share with a 500, and leaves /health, /load and /metrics alone', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    await app.inject(post('/load/fault', { fault: 'errors', percent: 30, seconds: 5 }))
    world.random = 0.29
    expect((await app.inject('/work/cache')).statusCode).toBe(500)
    for (const url of ['/health', '/load', '/metrics']) expect((await app.inject(url)).statusCode).toBe(200)
    world.random = 0.31
    expect((await app.inject('/work/cache')).statusCode).toBe(200)
  })
})

describe('a hostile request', () => {
  const bodies: [string, object, string][] = [
    ['/load/cpu', { percent: -1, seconds: 1 }, 'percent'],
    ['/load/cpu', { percent: 1e12, seconds: 1 }, 'percent'],
    ['/load/cpu', { percent: '50', seconds: 1 }, 'percent'],
    ['/load/cpu', { percent: 50, seconds: 601 }, 'seconds'],
    ['/load/cpu', { percent: 50 }, 'seconds: is missing'],
    ['/load/cpu', { percent: 50, seconds: 1, workers: 99 }, 'workers'],
    ['/load/cpu', { percent: 50, seconds: 1, workers: 1.5 }, 'workers'],
    ['/load/cpu', { percent: 50, seconds: 1, id: '../../x' }, 'id'],
    ['/load/cpu', { percent: 50, seconds: 1, evil: true }, 'evil: is not known here'],
    ['/load/memory', { seconds: 1 }, 'either megabytes or percentOfLimit'],
    ['/load/memory', { megabytes: 1, percentOfLimit: 1, seconds: 1 }, 'either megabytes or percentOfLimit'],
    ['/load/memory', { percentOfLimit: 200, seconds: 1 }, 'percentOfLimit'],
    ['/load/db', { concurrency: 1000, seconds: 1 }, 'concurrency'],
    ['/load/db', { concurrency: 1, seconds: 1, mix: { reads: 0, writes: 0, locks: 0, slow: 0 } }, 'mix'],
    ['/load/fault', { fault: 'fire', seconds: 1 }, 'fault: expected one of'],
    ['/load/fault', { fault: 'crash', exitCode: 0 }, 'exitCode'],
    ['/load/fault', { fault: 'latency', ms: 1e9, seconds: 1 }, 'ms'],
  ]
  it.each(bodies)('to %s with %j is a 400 that names the parameter', async (url, body, named) => {
    const world = newWorld()
    const { app } = appIn(world)
    const answer = await app.inject(post(url, body))
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ error: { code: 'bad-request', message: expect.stringContaining(named) } })
    expect([world.burned, world.held, world.crashes]).toEqual([[], [], []])
  })

  it.each([
    '/work/cpu?ms=101',
    '/work/cpu?ms=-1',
    '/work/cpu?ms=1e2',
    '/work/cpu?ms=0x10',
    '/work/cpu?ms=1&ms=2',
    '/work/cpu?ms=',
    '/work/cpu?sm=1',
    '/work/block?ms=5001',
    '/work/cache?key=__proto__',
    '/%zz',
  ])('for %s is a 400', async (url) => {
    const { app } = appIn(newWorld())
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.code).toBe('bad-request')
  })

  it('never gets a 500, whatever JSON it sends', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    const urls = fc.constantFrom('/load/cpu', '/load/memory', '/load/db', '/load/fault')
    await fc.assert(
      fc.asyncProperty(urls, fc.json(), async (url, payload) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await app.inject({ method: 'POST', url, headers, payload })
        expect(answer.statusCode).toBe(400)
      }),
    )
    expect(world.burned).toEqual([])
  })

  it('cannot come from another site: forms and plain text are not read, foreign Host names not answered', async () => {
    const { app } = appIn(newWorld())
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type }
      const request = { method: 'POST' as const, url: '/load/cpu', headers, payload: '{"percent":9,"seconds":9}' }
      expect((await app.inject(request)).statusCode).toBe(415)
    }
    const rebound = await app.inject({ url: '/load', headers: { host: 'evil.example' } })
    expect(rebound.statusCode).toBe(403)
  })

  it('of more than 16 KiB is a 413', async () => {
    const { app } = appIn(newWorld())
    expect((await app.inject(post('/load/cpu', { id: 'x'.repeat(20_000) }))).statusCode).toBe(413)
  })
})

describe('/metrics', () => {
  it('counts by route and status, and never makes a series of what a scanner asks for', async () => {
    const { app } = appIn(newWorld())
    await app.inject('/work/cache?key=1')
    await app.inject('/work/cache?key=1')
    for (const path of ['/wp-admin', '/.env', '/work/none']) await app.inject(path)
    const text = (await app.inject('/metrics')).body
    expect(text).toContain('http_requests_total{method="GET",route="/work/cache",status="200"} 2')
    expect(text).toContain('http_requests_total{method="GET",route="unknown",status="404"} 3')
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/work/cache",status="200"} 2')
    expect(text).toContain('api_requests_total{endpoint="/work/cache"} 2')
    expect(text).toContain('cache_hits_total 1')
    expect(text).toContain('cache_misses_total 1')
    expect(text).not.toContain('wp-admin')
  })
})

describe('/', () => {
  it('is a page for a browser, and the same as JSON for others', async () => {
    const { app } = appIn(newWorld())
    const page = await app.inject({ url: '/', headers: { accept: 'text/html,*/*' } })
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect((await app.inject('/')).json()).toMatchObject({ name: 'plimsoll target app', loads: [] })
  })
})

describe('/work/db', () => {
  it('says that the database is away, and not why: that is for the log and /health', async () => {
    const world = newWorld()
    const { app } = appIn(world)
    expect((await app.inject('/work/db')).statusCode).toBe(200)
    world.databaseAway = true
    const answer = await app.inject('/work/db')
    expect(answer.statusCode).toBe(503)
    expect(answer.json().error.code).toBe('database-away')
  })
})
