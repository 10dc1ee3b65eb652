/** The target app and the stress generator as two real processes, without a database and without an engine. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadAnswer } from '@plimsoll/contracts/load'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/docker.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const MIB = 1024 * 1024
let target: Running
let url: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-load-'))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  target = startService('target-app/src/main.ts', { TARGET_PORT: String(port), PGHOST: '127.0.0.1', PGPORT: '1' })
  await until('the target to answer', () => look())
})

afterAll(async () => {
  target.child.kill('SIGTERM')
  expect(await target.ended).toBe(0)
  await rm(folder, { recursive: true })
})

const look = async (): Promise<LoadAnswer> =>
  (await (await fetch(`${url}/load`, { signal: AbortSignal.timeout(5000) })).json()) as LoadAnswer

async function ask(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}

const stress = (env: Readonly<Record<string, string>>) =>
  startService('stress-generator/src/main.ts', { TARGET_URL: url, ...env })
const running = (kind: string) => async () => (await look()).loads.some(({ spec }) => spec.kind === kind)
const quiet = async () => (await look()).loads.length === 0

describe('the target without its database', () => {
  it('starts, stays up, and says in /health what is missing', async () => {
    const answer = await fetch(`${url}/health`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ status: 'failing', reason: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('a load', () => {
  it('of 20 % of a core uses 20 % of a core, and nothing once its lease is over', async () => {
    const before = await look()
    await ask('/load/cpu', { id: 'by-hand', percent: 20, seconds: 4 })
    const after = await until('the end of the lease', async () => {
      const now = await look()
      return now.loads.length === 0 && now
    })
    const usedMs = after.cpu.usedMs - before.cpu.usedMs
    // 4 s at 20 % are 800 ms; the start of a thread and the looking on cost something too.
    expect(usedMs).toBeGreaterThan(650)
    expect(usedMs).toBeLessThan(1600)
  })

  it('of memory is really held, and given back to the system the moment it ends', async () => {
    const before = (await look()).memory.usedBytes
    await ask('/load/memory', { id: 'by-hand', megabytes: 120, seconds: 30 })
    await until('120 MiB to be held', async () => (await look()).memory.heldBytes >= 120 * MIB)
    expect((await look()).memory.usedBytes - before).toBeGreaterThan(110 * MIB)
    await fetch(`${url}/load/by-hand`, { method: 'DELETE' })
    expect((await look()).memory.usedBytes - before).toBeLessThan(30 * MIB)
  })
})

describe('a generator', () => {
  it('that is killed is outlived by its load for its lease of 2 s, and no longer', async () => {
    const generator = stress({ STRESS_LEVEL: 'low', STRESS_DURATION: '60' })
    await until('its load', running('cpu'))
    generator.child.kill('SIGKILL')
    await generator.ended
    const killedAt = performance.now()
    await until('the end of its load', quiet, 10_000)
    expect(performance.now() - killedAt).toBeLessThan(3000)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('told to stop by %s ends its load within 2 s, and still says what came of it', async (signal, code) => {
    const generator = stress({ STRESS_LEVEL: 'low', STRESS_DURATION: '60' })
    await until('its load', running('cpu'))
    const toldAt = performance.now()
    generator.child.kill(signal)
    expect(await generator.ended).toBe(code)
    expect(performance.now() - toldAt).toBeLessThan(2000)
    expect(await quiet()).toBe(true)
    expect(generator.stdout()).toContain('low: stopped on request after')
    expect(generator.stdout()).toContain('nothing left behind')
  })

  it('runs the steps of a scenario and reports each', async () => {
    const [scenario, report] = [join(folder, 'steps.json'), join(folder, 'report.json')]
    const steps = [
      { level: 'outage', seconds: 13 },
      { level: 'low', seconds: 2 },
    ]
    await writeFile(scenario, JSON.stringify(steps))
    const generator = stress({ STRESS_SCENARIO: scenario, STRESS_REPORT: report })
    expect(await generator.ended, generator.stderr()).toBe(0)
    const reports = JSON.parse(await readFile(report, 'utf8'))
    expect(reports).toMatchObject([
      { level: 'outage', end: 'done', leftBehind: 0, aims: [{ label: 'health failing', share: 100 }] },
      { level: 'low', end: 'done', leftBehind: 0, aims: [] },
    ])
  })

  it('without a target waits a little, says where it looked, and exits 1', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const generator = stress({ TARGET_URL: nowhere })
    await until('its first word', () => generator.stdout().includes(`waiting for ${nowhere}: connect ECONNREFUSED`))
    expect(await generator.ended).toBe(1)
    expect(generator.stdout()).toContain('cannot be reached')
  })
})
