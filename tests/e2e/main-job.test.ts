import type { AlertEvent } from '@plimsoll/contracts/alert'
import { decode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG, metricsFile, STATUS_LOG } from '@plimsoll/contracts/files'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { docker, freePort } from '../support/docker.ts'
import { defineStack, type Stack, up } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** A mail as the SES-speaking test server received it. */
interface Mail {
  readonly at: number
  readonly to: readonly string[]
  readonly subject: string
  readonly raw: string
}

/** The main job as the README tells it: one stack, one story, told in order. */
describe('the main job, on a real engine', () => {
  let stack: Stack
  let ses: string
  let browser: Browser
  let page: Page

  const alerts = async (): Promise<AlertEvent[]> =>
    (await stack.log(ALERT_LOG)).split('\n').flatMap((line) => {
      const decoded = line === '' ? null : decode(line)
      if (decoded !== null && !decoded.ok) throw new Error(`a line that is none: ${line}: ${decoded.why}`)
      return decoded === null ? [] : [decoded.event]
    })
  const alert = (rule: string, state: string, deadlineMs: number, after = 0) =>
    until(
      `${rule} ${state}`,
      async () =>
        (await alerts()).find(
          (a) => a.rule === rule && a.state === state && a.container === stack.target && a.time > after,
        ),
      deadlineMs,
    )
  const mails = async (): Promise<Mail[]> => (await (await fetch(`${ses}/mails`)).json()) as Mail[]
  const mail = (what: string, matches: (mail: Mail) => boolean, deadlineMs: number) =>
    until(`a mail: ${what}`, async () => (await mails()).find(matches), deadlineMs)

  beforeAll(async () => {
    const port = await freePort()
    stack = await defineStack('main', { overrides: ['tests/e2e/compose.yaml'], env: { FAKE_SES_PORT: String(port) } })
    ses = `http://127.0.0.1:${port}`
    browser = await launchBrowser()
  })
  // It is one story: after a broken chapter the next ones would only fail for its reason, slowly.
  let broken = false
  beforeEach(({ skip, onTestFailed }) => {
    if (broken) skip('an earlier chapter failed')
    onTestFailed(() => {
      broken = true
    })
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.down()
  })

  it('one command brings it up, healthy within a minute of the images being built', async () => {
    const built = await stack.compose('build')
    expect(built.code, built.stderr).toBe(0)
    const started = performance.now()
    await up(stack)
    expect(performance.now() - started).toBeLessThan(60_000)
  }, 600_000)

  it('runs without privileges, and the monitor never sees the socket of the engine', async () => {
    const services = ['target-app', 'monitor', 'alert-service', 'postgres', 'socket-proxy']
    const ids = (await stack.compose('ps', '--quiet', ...services)).stdout.trim().split('\n')
    const all = JSON.parse(await docker('inspect', ...ids)) as {
      Name: string
      Config: { User: string }
      Mounts: { Source: string }[]
      HostConfig: {
        ReadonlyRootfs: boolean
        CapDrop: string[]
        Privileged: boolean
        SecurityOpt: string[]
        Memory: number
      }
    }[]
    expect(all).toHaveLength(services.length)
    for (const one of all) {
      expect(one.HostConfig, one.Name).toMatchObject({
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
      })
      expect(one.HostConfig.Memory, one.Name).toBeGreaterThan(0)
      const holdsSocket = one.Mounts.some((mount) => mount.Source.endsWith('docker.sock'))
      expect(holdsSocket, one.Name).toBe(one.Name.includes('socket-proxy'))
      if (!holdsSocket) expect(one.Config.User, one.Name).toMatch(/^(node|postgres)$/)
    }
    const inside = await stack.compose(
      'exec',
      '-T',
      'monitor',
      'sh',
      '-c',
      'id -u; ls /var/run/docker.sock; touch /app/x',
    )
    expect(inside.stdout.trim()).toBe('1000')
    expect(inside.stderr).toMatch(/docker\.sock.*No such file/)
    expect(inside.stderr).toMatch(/Read-only file system/)
  })

  it('shows every container live on the page, the target first', async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const problems: string[] = []
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(stack.url)
    await page.getByText(stack.target).first().waitFor()
    await page.getByText(stack.monitor).first().waitFor()
    await page.getByRole('heading', { name: stack.target }).waitFor({ timeout: 20_000 })
    expect(problems).toEqual([])
  })

  it('writes its files to the logs folder of the host, readable', async () => {
    const status = await until(
      'status lines',
      async () =>
        (await stack.log(STATUS_LOG)).split('\n').find((line) => line.includes(stack.target) && line.includes('MiB')),
      30_000,
    )
    expect(await docker('logs', stack.monitor)).toContain(status)
    const csv = await until('CSV rows', async () => {
      const text = await stack.log(metricsFile(Date.now()))
      return text.includes(stack.target) && text
    })
    expect(csv.split('\n')[0]).toMatch(/^time,host,container,/)
  })

  it('alarms a stressed container: a line, a mail, and on the page before the stress ends', async () => {
    const stress = stack.compose(
      'run',
      '--rm',
      '-e',
      'STRESS_LEVEL=cpu-intensive',
      '-e',
      'STRESS_DURATION=40',
      'stress-generator',
    )
    let over = false
    const ended = stress.finally(() => {
      over = true
    })
    const unalarmed = ended.then((report): never => {
      throw new Error(`the stress ended without its alert:\n${report.stdout}${report.stderr}`)
    })
    const line = await Promise.race([alert('high-cpu', 'firing', 180_000), unalarmed])
    unalarmed.catch(() => {})
    expect(line).toMatchObject({ severity: 'warning', threshold: 15 })
    expect(line.value).toBeGreaterThan(15)
    await page.getByText(line.summary).first().waitFor({ timeout: 5000 })
    expect(over, 'the stress was over before its alert was on the page').toBe(false)
    const received = await mail('high-cpu', (m) => m.subject.includes(stack.target) && m.raw.includes(line.id), 20_000)
    expect(received.to).toEqual(['ops@example.com', 'night@example.com'])
    const report = await ended
    expect(report.code, report.stdout + report.stderr).toBe(0)
    await alert('high-cpu', 'resolved', 60_000)
  }, 240_000)

  it('alarms a killed container within a second, by mail at once, and resolves it when it is back', async () => {
    const before = Date.now()
    await docker('kill', stack.target)
    const line = await alert('container-down', 'firing', 10_000, before)
    const finishedAt = Date.parse(await docker('inspect', '--format', '{{.State.FinishedAt}}', stack.target))
    expect(line.time - finishedAt).toBeLessThan(1000)
    expect(line.summary).toMatch(/SIGKILL/)
    const received = await mail('container-down', (m) => m.raw.includes(line.id), 10_000)
    expect(received.at - line.time).toBeLessThan(2000)
    await page.getByText(line.summary).first().waitFor({ timeout: 5000 })
    await docker('start', stack.target)
    const resolved = await alert('container-down', 'resolved', 30_000, before)
    expect(resolved.id).toBe(line.id)
    await mail('it is back', (m) => m.raw.includes(line.id) && /resolved/i.test(m.subject), 30_000)
  }, 120_000)

  it('does not alarm a planned stop', async () => {
    const before = Date.now()
    await docker('stop', stack.target)
    await docker('start', stack.target)
    await until('the stop in the events', async () => {
      const { events } = (await (await fetch(`${stack.url}/api/events`)).json()) as {
        events: { at: number; container: string; kind: string }[]
      }
      return events.some((e) => e.at >= before - 1000 && e.container === stack.target && e.kind === 'stopped')
    })
    await until('it is up again', async () => (await fetch(`${stack.targetUrl}/health`)).ok)
    expect((await alerts()).filter((a) => a.time > before && a.rule === 'container-down')).toEqual([])
  })

  it('does not send anything twice when the alert service restarts', async () => {
    await until('everything delivered', async () => {
      const status = (await (await fetch(`${stack.url}/api/status`)).json()) as {
        delivery: {
          reachable: boolean
          status?: { log: { behindBytes: number }; channels: { queued: number }[] }
        } | null
      }
      return (
        status.delivery?.reachable &&
        status.delivery.status?.log.behindBytes === 0 &&
        status.delivery.status.channels.every((c) => c.queued === 0)
      )
    })
    const before = await mails()
    await stack.compose('kill', 'alert-service')
    await stack.compose('up', '--detach', '--wait', 'alert-service')
    await until('its status again', async () => {
      const status = (await (await fetch(`${stack.url}/api/status`)).json()) as {
        delivery: { reachable: boolean; status?: { startedAt: number } } | null
      }
      return status.delivery?.reachable
    })
    const keys = (list: readonly Mail[]) => list.map((m) => /^X-Plimsoll-Alert: (.*)$/im.exec(m.raw)?.[1])
    expect(keys(await mails()).slice(0, before.length)).toEqual(keys(before))
    expect(new Set(keys(await mails())).size).toBe((await mails()).length)
  }, 120_000)

  it('heals the page by itself when the monitor comes back', async () => {
    await stack.compose('restart', '--timeout', '5', 'monitor')
    await until('a snapshot after the restart', async () => (await page.getByText(stack.target).count()) > 0)
    await page
      .getByText(/^live$/i)
      .first()
      .waitFor({ timeout: 30_000 })
  }, 120_000)

  it('stops within two seconds of SIGTERM', async () => {
    const since = String(Date.now() / 1000)
    for (const service of ['monitor', 'alert-service', 'target-app', 'postgres', 'socket-proxy']) {
      const ran = await stack.compose('stop', '--timeout', '10', service)
      expect(ran.code, ran.stderr).toBe(0)
    }
    // From the engine's own signal to the end of the process; what the command line takes is not ours.
    const label = `label=com.docker.compose.project=${stack.project}`
    const filters = ['--filter', label, '--filter', 'event=kill', '--filter', 'event=die']
    const told = await docker(
      'events',
      '--since',
      since,
      '--until',
      String(Date.now() / 1000),
      ...filters,
      '--format',
      '{{json .}}',
    )
    const events = told
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { Action: string; timeNano: number; Actor: { Attributes: Record<string, string> } },
      )
    for (const die of events.filter((event) => event.Action === 'die')) {
      const name = die.Actor.Attributes.name
      const kill = events.find((event) => event.Action === 'kill' && event.Actor.Attributes.name === name)
      expect((die.timeNano - (kill?.timeNano ?? 0)) / 1e6, name).toBeLessThan(2000)
    }
    expect(events.filter((event) => event.Action === 'die')).toHaveLength(5)
    const codes = await stack.compose(
      'ps',
      '--all',
      '--format',
      '{{.Service}} {{.ExitCode}}',
      'monitor',
      'alert-service',
      'target-app',
    )
    expect(codes.stdout.trim().split('\n').sort()).toEqual(['alert-service 0', 'monitor 0', 'target-app 0'])
  }, 120_000)
})
