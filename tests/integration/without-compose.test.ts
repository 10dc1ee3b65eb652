import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainersAnswer, HealthAnswer, StatusAnswer } from '@plimsoll/contracts/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { docker, freePort } from '../support/docker.ts'
import { engineRelay, type Relay } from '../support/relay.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

describe('npm start: the monitor and the alert service on this machine', () => {
  let dir: string
  let relay: Relay
  let started: Running
  let url: string
  const watched = `plimsoll-test-start-${process.pid}`
  const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'plimsoll-start-'))
    relay = engineRelay(join(dir, 'engine.sock'))
    const [port, alertPort] = [await freePort(), await freePort()]
    url = `http://127.0.0.1:${port}`
    started = startService('scripts/start.ts', {
      DOCKER_HOST: relay.host,
      MONITOR_PORT: String(port),
      ALERT_SERVICE_PORT: String(alertPort),
      LOGS_DIR: join(dir, 'logs'),
      STATE_DIR: join(dir, 'state'),
    })
  })
  afterAll(async () => {
    started.child.kill('SIGTERM')
    await started.ended
    await relay.close().catch(() => {})
    await docker('rm', '--force', watched)
    await rm(dir, { recursive: true })
  })

  it('serves the page without an engine, and says what is missing', async () => {
    await until('the page', async () => (await fetch(url)).ok, 60_000)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const health = await until('a verdict', async () => {
      const answer = await get<HealthAnswer>('/health')
      return answer.status === 'degraded' && answer
    })
    expect(health.problems.join(' ')).toMatch(/engine/i)
    const { engine } = await get<StatusAnswer>('/api/status')
    expect(engine).toMatchObject({ state: 'unreachable', where: expect.stringContaining('engine.sock') })
    if (engine.state === 'unreachable') expect(engine.advice).toMatch(/docker/i)
  })

  it('says in one line where mail goes when no server is set up', async () => {
    await until(
      'the line',
      () =>
        started
          .stderr()
          .split('\n')
          .filter((line) => line.includes('outbox')).length === 1,
    )
  })

  it('picks the engine up when it comes', async () => {
    await docker(
      'run',
      '--detach',
      '--name',
      watched,
      '--memory',
      '64m',
      '--entrypoint',
      'sleep',
      'node:24-slim',
      '600',
    )
    await relay.open()
    await until('numbers of the container', async () => {
      const { containers } = await get<ContainersAnswer>('/api/containers')
      const found = containers.find((c) => c.name === watched)
      return found?.state === 'running' && found.numbers.cpuPercent !== null && found.numbers.memoryUsedBytes !== null
    })
    const delivery = await until('the alert service', async () => (await get<StatusAnswer>('/api/status')).delivery)
    expect(delivery.reachable).toBe(true)
  })

  it('survives an engine that goes away and comes back, and tells what happened meanwhile', async () => {
    await relay.close()
    await until(
      'the engine is missed',
      async () => (await get<StatusAnswer>('/api/status')).engine.state !== 'connected',
    )
    await docker('kill', watched)
    await relay.open()
    await until(
      'connected again',
      async () => (await get<StatusAnswer>('/api/status')).engine.state === 'connected',
      60_000,
    )
    await until(
      'the end that it missed',
      async () =>
        (await get<ContainersAnswer>('/api/containers')).containers.find((c) => c.name === watched)?.state === 'exited',
    )
    expect((await fetch(`${url}/health`)).status).toBe(200)
    await until('an alert line', async () =>
      (await readFile(join(dir, 'logs/container_alerts.log'), 'utf8').catch(() => '')).includes('rule=container-down'),
    )
  })

  it('writes the alert as a mail file', async () => {
    await until('a mail', async () =>
      (await readdir(join(dir, 'logs/outbox')).catch(() => [])).some((name) => name.endsWith('.eml')),
    )
  })
})

describe('a wrong setting stops a service at its start', () => {
  let running: Running | undefined
  afterEach(() => {
    running?.child.kill('SIGKILL')
  })
  const services: readonly [string, Record<string, string>, readonly string[]][] = [
    [
      'monitor',
      { CPU_THRESHOLD: 'abc', SAMPLE_INTERVAL: '1ms', MEMORY_THRESHOLD: '"150%"' },
      ['CPU_THRESHOLD="abc"', 'SAMPLE_INTERVAL="1ms"', 'MEMORY_THRESHOLD="150%"'],
    ],
    [
      'alert-service',
      { BUFFER_TIMEOUT: 'soon', RECIPIENT_EMAILS: 'nobody' },
      ['BUFFER_TIMEOUT="soon"', 'RECIPIENT_EMAILS="nobody"'],
    ],
    ['target-app', { TARGET_PORT: '99999' }, ['TARGET_PORT="99999"']],
    ['stress-generator', { STRESS_LEVEL: 'brutal' }, ['STRESS_LEVEL="brutal"', 'cpu-intensive']],
  ]
  it.each(services)('%s: exit 78, every problem by name and value', async (name, env, expected) => {
    running = startService(`${name}/src/main.ts`, env)
    expect(await running.ended).toBe(78)
    for (const text of expected) expect(running.stderr()).toContain(text)
    expect(running.stderr()).not.toContain('    at ')
  })
})
