import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ERROR_CODES } from '@plimsoll/contracts/http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answers, buildWeb, Refusal } from './web.ts'

const some: Partial<Answers> = {
  health: () => ({ status: 'ok', problems: [] }),
  metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'plimsoll_containers 2\n' },
  containers: () => ({ containers: [] }),
  container: (name) => {
    if (name !== 'web') throw new Refusal('container-not-found', `no container is named ${name}`)
    return { name }
  },
  history: (name, query) => ({ name, query }),
  alerts: () => {
    throw new Error('secret inner detail')
  },
  events: () => ({ events: [] }),
  status: () => ({}),
  host: () => ({}),
}
const answers = some as Answers

describe('the HTTP interface', () => {
  let dir: string
  const faults: unknown[] = []
  const build = (over: Partial<Answers> = {}) =>
    buildWeb(
      { ...answers, ...over },
      { allowedHosts: ['mon.example.com'], pageDir: dir, onFault: (e) => faults.push(e) },
    )
  const get = async (url: string, headers: Record<string, string> = {}) =>
    (await build()).inject({ url, headers: { host: 'localhost:8001', ...headers } })
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'plimsoll-web-'))
    faults.length = 0
  })
  afterEach(() => rm(dir, { recursive: true }))

  it.each(['/api/containers', '/api/containers/web', '/api/events', '/api/status', '/health', '/metrics'])(
    '%s answers',
    async (url) => expect((await get(url)).statusCode).toBe(200),
  )
  it('hands on the name and the question', async () => {
    const answer = await get('/api/containers/my%20web/history?from=1&points=5')
    expect(answer.json()).toEqual({ name: 'my web', query: { from: '1', points: '5' } })
  })
  it('a stalled sampler is 503, trouble alone is not', async () => {
    const stalled = await build({ health: () => ({ status: 'stalled', problems: ['x'] }) })
    const degraded = await build({ health: () => ({ status: 'degraded', problems: ['x'] }) })
    const headers = { host: 'localhost' }
    expect((await stalled.inject({ url: '/health', headers })).statusCode).toBe(503)
    expect((await degraded.inject({ url: '/health', headers })).statusCode).toBe(200)
  })

  it.each([
    ['/api/containers/nobody', 'container-not-found'],
    ['/api/nothing', 'not-found'],
    ['/../../etc/passwd', 'not-found'],
    ['/api/alerts', 'internal'],
    ['/%ff', 'bad-request'],
  ] as const)('%s is refused as { error: { code: %s } }', async (url, code) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(ERROR_CODES[code].status)
    expect(answer.json()).toEqual({ error: { code, message: expect.any(String) } })
    expect(answer.body).not.toContain('secret')
  })
  it('a fault of ours is told with its cause, but not to the one who asked', async () => {
    await get('/api/alerts')
    expect(faults).toEqual([expect.objectContaining({ message: 'secret inner detail' })])
  })

  it.each([
    ['evil.example', 403],
    ['mon.example.com', 200],
    ['192.168.1.7:8001', 200],
  ])('as %s: %i', async (host, status) => {
    const answer = await get('/api/status', { host })
    expect(answer.statusCode).toBe(status)
    if (status === 403) expect(answer.json()).toMatchObject({ error: { code: 'host-not-allowed' } })
  })

  it('allows nothing inline, no framing, and forces no HTTPS on a plain LAN', async () => {
    const { headers } = await get('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/)
    expect(headers).not.toHaveProperty('strict-transport-security')
  })
  it('says so when the page is not built, and serves it when it is', async () => {
    expect((await get('/')).body).toContain('npm run build')
    await mkdir(join(dir, 'assets'))
    await writeFile(join(dir, 'index.html'), '<!doctype html>the page')
    await writeFile(join(dir, 'assets/a-1234.js'), 'x')
    expect(await get('/')).toMatchObject({ body: '<!doctype html>the page', headers: { 'cache-control': 'no-cache' } })
    expect((await get('/assets/a-1234.js')).headers['cache-control']).toContain('immutable')
  })
  it('slows down who asks too much, but never a health check', async () => {
    const app = await build()
    const ask = (url: string) => app.inject({ url, headers: { host: 'localhost' } })
    for (let i = 0; i < 1200; i++) await ask('/api/status')
    const refused = await ask('/api/status')
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'too-many-requests'])
    expect(refused.headers).toHaveProperty('retry-after')
    expect((await ask('/health')).statusCode).toBe(200)
  })
})
