import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeMonitor, startFakeMonitor } from '../../../tests/support/fake-monitor.ts'
import { monitorAt } from './monitor.ts'

let fake: FakeMonitor
beforeAll(async () => {
  fake = await startFakeMonitor()
})
afterAll(() => fake.stop())

async function serving(answer: string, run: (url: string) => Promise<void>, contentType = 'text/html'): Promise<void> {
  const server = createServer((_, response) => {
    if (answer !== 'never') response.writeHead(200, { 'content-type': contentType }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('asking the monitor', () => {
  it('answers come checked', async () => {
    const monitor = monitorAt(fake.url)
    const containers = await monitor.containers()
    expect(containers.ok && containers.answer.containers).toHaveLength(5)
    const alerts = await monitor.alerts({ state: 'firing', limit: 1 })
    expect(alerts.ok && alerts.answer.alerts).toHaveLength(1)
    const history = await monitor.history('web', { from: 0, to: 900_000, points: 90 })
    expect(history.ok && history.answer.name).toBe('web')
  })

  it("an error answer is the monitor's own words and code", async () => {
    fake.world.history = () => null
    expect(await monitorAt(fake.url).history('nope', { from: 0, to: 1, points: 1 })).toEqual({
      ok: false,
      why: 'there is nothing at this address',
      reached: true,
      code: 'container-not-found',
    })
  })

  it('a stalled monitor says so itself, with 503', async () => {
    fake.world.health = { status: 'stalled', problems: ['no sample for 40 s'] }
    expect(await monitorAt(fake.url).health()).toMatchObject({ ok: true, answer: { status: 'stalled' } })
  })

  it('nobody there is said in words', async () => {
    const gone = await startFakeMonitor()
    await gone.stop()
    expect(await monitorAt(gone.url).status()).toEqual({
      ok: false,
      why: 'connection refused',
      reached: false,
      code: null,
    })
  })

  it('another server on the port is not taken for a monitor', () =>
    serving('<html>', async (url) => {
      const fetched = await monitorAt(url).containers()
      expect(fetched).toMatchObject({ ok: false, reached: true })
      expect(fetched.ok || fetched.why).toMatch(/^the answer is not a Plimsoll monitor's/)
    }))

  it('one that never answers is given up', () =>
    serving('never', async (url) => {
      expect(await monitorAt(url, 50).containers()).toMatchObject({ ok: false, why: 'no answer within 0.05 s' })
    }))
})
