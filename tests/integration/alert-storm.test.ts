import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from '@plimsoll/contracts/alert-log'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sesEnv } from '../support/alert-stage.ts'
import { freePort } from '../support/docker.ts'
import { type FakeSes, startFakeSes } from '../support/fake-ses.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const ALERTS = 10_000
const SECONDS = 20
const RSS_LIMIT_MB = 120

const rssMb = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** An alert service in a process of its own; needs no engine. */
describe('ten thousand alerts in a minute', () => {
  let folder: string
  let ses: FakeSes
  let service: Running
  let url: string
  const status = async (): Promise<DeliveryStatus> => (await (await fetch(`${url}/status`)).json()) as DeliveryStatus

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-storm-'))
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'logs', ALERT_LOG), '')
    ses = await startFakeSes()
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const env = {
      ...sesEnv(ses.url),
      LOGS_DIR: join(folder, 'logs'),
      STATE_DIR: join(folder, 'state'),
      ALERT_SERVICE_PORT: String(port),
      CHECK_INTERVAL: '1s',
      BUFFER_TIMEOUT: '10s',
      MONITOR_SILENCE: '0',
      // As in the image: a warm cache, and the young generation that V8 chooses under the container's memory limit.
      NODE_COMPILE_CACHE: join(folder, 'cache'),
      NODE_OPTIONS: '--max-semi-space-size=1',
    }
    await startService('alert-service/src/main.ts', { ...env, STATE_DIR: '/dev/null' }).ended
    service = startService('alert-service/src/main.ts', env)
    await until('its start', () => status().catch(() => null))
  })
  afterAll(async () => {
    service.child.kill('SIGTERM')
    await service.ended
    await ses.close()
    rmSync(folder, { recursive: true })
  })

  it('become a handful of messages in bounded memory, every line accounted for', async () => {
    const pid = service.child.pid ?? 0
    let most = 0
    for (let n = 1; n <= ALERTS; n++) {
      const severity = n % 3 === 0 ? 'critical' : 'warning'
      const what = {
        state: 'firing',
        rule: `rule-${n % 7}`,
        summary: `alert ${n}`,
        host: 'h1',
        value: n,
        threshold: 1,
      } as const
      const id = String(n).padStart(26, '0')
      const line = encode({ time: Date.now(), severity, ...what, container: `c${n % 3000}`, id })
      appendFileSync(join(folder, 'logs', ALERT_LOG), `${line}\n`)
      if (n % (ALERTS / SECONDS / 10) !== 0) continue
      most = Math.max(most, rssMb(pid))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const done = await until(
      'all told',
      async () => {
        const now = await status()
        most = Math.max(most, rssMb(pid))
        const { sent = 0, grouped = 0, suppressed = 0, waiting = 0 } = now.outcomes ?? {}
        return now.log.behindBytes === 0 && waiting === 0 && sent + grouped + suppressed === ALERTS ? now : null
      },
      150_000,
    )
    console.log(`${ses.accepted.length} messages, ${most.toFixed(0)} MB at most, ${JSON.stringify(done.outcomes)}`)
    expect(done.log).toMatchObject({ lines: ALERTS, badLines: 0, duplicates: 0 })
    expect(ses.accepted.length).toBeLessThan(40)
    expect(most).toBeLessThan(RSS_LIMIT_MB)
  }, 240_000)
})
