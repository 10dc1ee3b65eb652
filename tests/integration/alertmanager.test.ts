import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AlertStage } from '../support/alert-stage.ts'
import { freePort } from '../support/docker.ts'
import { until } from '../support/until.ts'

// Debian: apt-get install prometheus-alertmanager. Elsewhere ALERTMANAGER_BINARY names it.
const binary = process.env.ALERTMANAGER_BINARY ?? 'prometheus-alertmanager'
const isThere = spawnSync(binary, ['--version']).status === 0
if (!isThere) console.warn(`left out: ${binary} is not installed, so no real Alertmanager is tested`)

interface AmAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly status: { readonly state: string }
  readonly endsAt: string
}

describe.runIf(isThere)('a real Prometheus Alertmanager', () => {
  let folder: string
  let url: string
  let alertmanager: ChildProcess
  let stage: AlertStage
  const active = async (): Promise<AmAlert[]> =>
    (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as AmAlert[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-am-'))
    writeFileSync(join(folder, 'am.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const args = [`--config.file=${folder}/am.yml`, `--storage.path=${folder}/data`, '--cluster.listen-address=']
    alertmanager = spawn(binary, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    await until('it is ready', async () => (await fetch(`${url}/-/ready`)).ok)
    stage = new AlertStage({ ALERTMANAGER_URL: url })
  })
  afterAll(async () => {
    await stage?.end()
    alertmanager.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  it('shows what fires, and forgets what is over', async () => {
    stage.start()
    const down = stage.alert({ rule: 'container-down', summary: 'down: exit code 137' })
    stage.write(down)
    const [shown] = await until('the alert', async () => {
      const alerts = await active()
      return alerts.length > 0 ? alerts : null
    })
    expect(shown?.labels).toMatchObject({
      alertname: 'container-down',
      severity: 'critical',
      container: 'web',
      host: 'h1',
    })
    expect(shown?.annotations.summary).toBe('down: exit code 137')
    expect(shown?.status.state).toBe('active')
    stage.write({ ...down, state: 'resolved', time: Date.now(), summary: 'running again' })
    await until('it is over', async () => (await active()).length === 0)
  })
})
