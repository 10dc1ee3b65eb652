import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import type { DeliveryView } from '@plimsoll/contracts/http'
import { afterEach, describe, expect, it } from 'vitest'
import { followDelivery } from './delivery.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const status: DeliveryStatus = {
  build: 'dev',
  startedAt: 1,
  state: 'ok',
  problems: [],
  log: { file: 'container_alerts.log', offset: 0, behindBytes: 0, lines: 0, badLines: 0, pendingFiles: ['a.1'] },
  outcomes: { sent: 2 },
  channels: [],
  recent: [],
}

/** Follows a service that gives these answers, the last one again and again; answers with what was told. */
async function follow(...answers: { code?: number; body: string }[]): Promise<{
  views: DeliveryView[]
  after: (n: number) => Promise<void>
  isRead: (name: string) => boolean
}> {
  let asked = 0
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)]
    response.writeHead(request.url === '/status' ? (answer?.code ?? 200) : 404).end(answer?.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const views: DeliveryView[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const changed = (view: DeliveryView) => void views.push(view)
  const delivery = followDelivery({ url, intervalMs: 5, timeoutMs: 1000, now: () => 7, changed })
  closing.push(() => delivery.stop())
  closing.push(() => server.close())
  const after = async (n: number) => {
    for (const end = performance.now() + 3000; asked < n; await new Promise((go) => setTimeout(go, 2))) {
      if (performance.now() > end) throw new Error(`asked only ${asked} times`)
    }
  }
  return { views, after, isRead: delivery.isRead }
}

describe('the alert service as the monitor sees it', () => {
  it('is told once, and again only when something changed', async () => {
    const first = { body: JSON.stringify(status) }
    const { views, after } = await follow(first, first, { body: JSON.stringify({ ...status, state: 'degraded' }) })
    await after(6)
    expect(views).toEqual([
      { reachable: true, at: 7, status },
      { reachable: true, at: 7, status: { ...status, state: 'degraded' } },
    ])
  })

  it.each([
    [{ code: 503, body: '' }, 'the alert service answers 503'],
    [{ body: '<html>' }, 'not an answer of an alert service: no JSON'],
    [{ body: '{}' }, /^not an answer of an alert service: build: /],
    [{ body: JSON.stringify({ ...status, log: { ...status.log, pendingFiles: [1] } }) }, /log\.pendingFiles/],
    [{ body: `"${'x'.repeat(1024 * 1024)}"` }, 'the answer is longer than 1 MiB'],
  ])('%#: an answer that is none is a reason, not a crash', async (answer, why) => {
    const { views, after, isRead } = await follow(answer)
    await after(3)
    expect(views).toHaveLength(1)
    expect(views[0]).toMatchObject({ reachable: false, since: 7 })
    expect(views[0]?.reachable === false && views[0].error).toMatch(why)
    expect(isRead('a.0')).toBe(false)
  })

  it('says which rotated files it has read; while nobody knows, none', async () => {
    const { after, isRead } = await follow({ body: JSON.stringify(status) })
    expect(isRead('a.0')).toBe(false)
    await after(2)
    expect([isRead('a.0'), isRead('a.1')]).toEqual([true, false])
  })

  it('that is not there is unreachable since the first time', async () => {
    const views: DeliveryView[] = []
    let now = 0
    const told = Promise.withResolvers<void>()
    const changed = (view: DeliveryView) => {
      views.push(view)
      told.resolve()
    }
    const delivery = followDelivery({
      url: 'http://127.0.0.1:1',
      intervalMs: 2,
      timeoutMs: 500,
      now: () => ++now,
      changed,
    })
    closing.push(() => delivery.stop())
    await told.promise
    expect(views).toEqual([{ reachable: false, since: 1, error: 'connection refused' }])
    expect(delivery.current()).toMatchObject({ since: 1 })
  })
})
