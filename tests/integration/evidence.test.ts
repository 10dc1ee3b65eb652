/** A monitor of its own on the real engine: what it has in hand when an alert of a container goes out. */
import { existsSync, type FSWatcher, readFileSync, statSync, watch } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { decode } from '@plimsoll/contracts/alert-log'
import { type Evidence, MASKED } from '@plimsoll/contracts/evidence'
import { parseEvidence } from '@plimsoll/contracts/evidence-file'
import { ALERT_LOG, EVIDENCE_DIR } from '@plimsoll/contracts/files'
import type { AlertAnswer, ErrorBody } from '@plimsoll/contracts/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker, freePort } from '../support/docker.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const IMAGE = 'node:24-slim'
const PREFIX = `plimsoll-test-${process.pid}`
const name = (of: string) => `${PREFIX}-${of}`
/** What the container named and the secrets it printed; put together here so that nobody's scanner stumbles. */
const KEY = '9f8e-7d6c-5b4a-secret'
const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`

/** Prints 60 lines with secrets among the last, lives for a while, and ends with 3. */
const CRASH = `for (let i = 1; i <= 55; i++) console.log('line', i)
console.log('\\u001b[31m<script>alert(1)</script>\\u001b[0m key ${AWS}')
console.log('x'.repeat(5000))
setTimeout(() => console.error('cannot connect with password=hunter2 to postgres://app:s3cret@db:5432/shop'), 1000)
setTimeout(() => { console.log('giving up, ' + process.env.SHOP_API_KEY); process.exit(3) }, 4000)`

let dir: string
let url: string
let monitor: Running
let watching: FSWatcher
/** By the alert's id: whether its file was there when its line was first seen, and how long after the decision that was. */
const seen = new Map<string, { readonly hadEvidence: boolean; readonly afterMs: number }>()

const logs = () => join(dir, 'logs')
const evidencePath = (id: string) => join(logs(), EVIDENCE_DIR, `${id}.json`)

function lines(): AlertEvent[] {
  const text = existsSync(join(logs(), ALERT_LOG)) ? readFileSync(join(logs(), ALERT_LOG), 'utf8') : ''
  return text.split('\n').flatMap((line) => {
    const decoded = decode(line)
    return decoded.ok ? [decoded.event] : []
  })
}

function look(): void {
  for (const { state, id, time } of lines()) {
    if (state !== 'firing' || seen.has(id)) continue
    seen.set(id, { hadEvidence: existsSync(evidencePath(id)), afterMs: Date.now() - time })
  }
}

const firing = (of: string, rule: string) =>
  until(`${rule} of ${of}`, () =>
    lines().find((e) => e.state === 'firing' && e.container === name(of) && e.rule === rule),
  )

/** The evidence in the file, once all that was asked for has come. */
async function evidenceOf(of: string, rule: string): Promise<Evidence> {
  const { id } = await firing(of, rule)
  return await until(`evidence of ${of}`, () => {
    const evidence = parseEvidence(readFileSync(evidencePath(id), 'utf8'))
    return evidence?.missing.some((why) => why.includes('not within')) ? null : evidence
  })
}

const run = (of: string, ...words: string[]) => docker('run', '-d', '--name', name(of), '--network', 'none', ...words)

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-evidence-'))
  await mkdir(logs())
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  monitor = startService('monitor/src/main.ts', {
    LOGS_DIR: logs(),
    STATE_DIR: join(dir, 'state'),
    RULES_FILE: join(dir, 'alerts.yaml'),
    MONITOR_PORT: String(port),
    LOG_LEVEL: 'warn',
  })
  watching = watch(logs(), look)
  await until('the monitor sees the engine', async () => {
    const answer = await fetch(`${url}/api/status`).catch(() => null)
    return ((await answer?.json()) as { engine?: { state?: string } } | undefined)?.engine?.state === 'connected'
  })
  const failing = ['--health-cmd', 'echo disk full, token=abc123; exit 1', '--health-interval', '1s']
  await docker('create', '--name', name('web'), '--label', `plimsoll.depends-on=${name('crash')}`, IMAGE, 'true')
  await Promise.all([
    run('crash', '--env', `SHOP_API_KEY=${KEY}`, '--cpus', '0.5', '--restart', 'no', IMAGE, 'node', '-e', CRASH),
    run(
      'oom',
      '--memory',
      '32m',
      '--memory-swap',
      '32m',
      IMAGE,
      'sh',
      '-c',
      'echo eating; sleep 4; exec tail /dev/zero',
    ),
    run('ill', ...failing, '--health-retries', '2', IMAGE, 'sleep', '600'),
    run('gone', '--rm', IMAGE, 'sh', '-c', 'echo last words; sleep 3; echo bye; exit 4'),
  ])
})

afterAll(async () => {
  watching.close()
  monitor.child.kill('SIGTERM')
  await monitor.ended
  await docker('rm', '-f', '-v', ...['web', 'crash', 'oom', 'ill', 'gone'].map(name)).catch(() => undefined)
  await rm(dir, { recursive: true, force: true })
})

describe('a container that ends by itself', () => {
  it('leaves its exit code, its last lines without the secrets in them, and the minutes before', async () => {
    const evidence = await evidenceOf('crash', 'container-down')
    expect(evidence.end).toMatchObject({ exitCode: 3, exitSignal: null, sentSignal: null })
    expect(evidence.end?.ranMs).toBeGreaterThan(3500)
    expect(evidence.oom?.verdict).toBe('none')
    const text = evidence.logs?.lines.map((line) => line.text) ?? []
    expect(text).toHaveLength(50)
    expect(text.at(-1)).toBe(`giving up, ${MASKED}`)
    expect(text).toContain(`cannot connect with password=${MASKED} to postgres://app:${MASKED}@db:5432/shop`)
    expect(evidence.logs).toMatchObject({ truncated: true, maskedLines: 3 })
    expect(evidence.logs?.lines.find((line) => line.text.startsWith('cannot'))?.stream).toBe('stderr')
    expect(evidence.before?.columns.memoryUsedBytes?.some((bytes) => bytes !== null && bytes > 1e6)).toBe(true)
    expect(evidence.made).toMatchObject({
      image: IMAGE,
      restartPolicy: 'no',
      cpuLimitCores: 0.5,
      memoryLimitBytes: null,
    })
    expect(evidence.made?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(evidence.changes.map((event) => event.kind)).toContain('started')
    expect(evidence.neighbours.byMemory.length).toBeGreaterThan(0)
    expect(evidence.dependents).toEqual([{ name: name('web'), state: 'created' }])
  })

  it('with --rm leaves what the engine still had of it', async () => {
    const evidence = await evidenceOf('gone', 'container-down')
    expect(evidence.end).toMatchObject({ exitCode: 4 })
    expect(evidence.made).toMatchObject({ image: IMAGE, imageDigest: expect.stringMatching(/^sha256:/) })
    expect(evidence.before).not.toBeNull()
    // The engine may have taken its log away before it could be asked: then that is said.
    if (evidence.logs === null) expect(evidence.missing.join()).toMatch(/logs: /)
    else expect(evidence.logs.lines.map((line) => line.text)).toEqual(['last words', 'bye'])
  })
})

describe('a container killed for memory', () => {
  it('says at whose limit, and by which signal', async () => {
    const evidence = await evidenceOf('oom', 'container-oom')
    expect(evidence.oom).toMatchObject({ verdict: 'own-limit', limitBytes: 32 * 1024 ** 2 })
    expect(evidence.end).toMatchObject({ exitCode: 137, exitSignal: 'SIGKILL', sentSignal: null })
    expect(evidence.logs?.lines.map((line) => line.text)).toEqual(['eating'])
  })
})

describe('a container whose health check fails', () => {
  it('shows what the check printed, and nothing of how it ended', async () => {
    const evidence = await evidenceOf('ill', 'container-unhealthy')
    expect(evidence.health).toMatchObject({ state: 'unhealthy', failingStreak: expect.any(Number) })
    expect(evidence.health?.checks.at(-1)).toMatchObject({ exitCode: 1, output: `disk full, token=${MASKED}` })
    expect(evidence.end).toBeNull()
    expect(evidence.oom).toBeNull()
  })
})

describe('every alert that fired', () => {
  it('had its evidence on the disk when its line was there, whole and readable by the group', async () => {
    look()
    expect(seen.size).toBeGreaterThanOrEqual(4)
    expect([...seen.values()].map(({ hadEvidence }) => hadEvidence)).not.toContain(false)
    const files = await readdir(join(logs(), EVIDENCE_DIR))
    expect(files.filter((file) => !file.endsWith('.json'))).toEqual([])
    expect(statSync(join(logs(), EVIDENCE_DIR)).mode & 0o7777).toBe(0o2775)
    for (const file of files) expect(statSync(join(logs(), EVIDENCE_DIR, file)).mode & 0o777).toBe(0o664)
  })

  it('went out within half a second of being decided', () => {
    // A quarter is what it may wait; the rest is this machine's, and this test's own looking.
    const delays = [...seen.values()].map(({ afterMs }) => afterMs).toSorted((a, b) => a - b)
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(500)
  })

  it('is answered over HTTP with the same evidence, as JSON', async () => {
    const { id } = await firing('crash', 'container-down')
    const answer = await fetch(`${url}/api/alerts/${id}`)
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const alert = (await answer.json()) as AlertAnswer
    expect(alert).toMatchObject({ id, rule: 'container-down', container: name('crash') })
    expect(alert.evidence).toEqual(parseEvidence(readFileSync(evidencePath(id), 'utf8')))
  })

  it('and one that nobody knows is 404, whatever its id tries', async () => {
    for (const id of ['01KAH0000000000000000000AB', '..%2F..%2Fetc%2Fpasswd', 'x', '%00']) {
      const answer = await fetch(`${url}/api/alerts/${id}`)
      expect(answer.status).toBe(404)
      expect(((await answer.json()) as ErrorBody).error.code).toBe('alert-not-found')
    }
  })
})
