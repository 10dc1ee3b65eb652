/** The command `plimsoll` as a process: what it prints where, and its exit codes, which scripts rely on. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeMonitor, startFakeMonitor } from '../support/fake-monitor.ts'

const root = new URL('../..', import.meta.url).pathname
const node = existsSync(`${root}node_modules/.bin/node`) ? `${root}node_modules/.bin/node` : process.execPath

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

let fake: FakeMonitor
beforeAll(async () => {
  fake = await startFakeMonitor()
})
afterAll(() => fake.stop())

/** Runs it to its end. `after` is called with what was printed so far, and may answer with a signal to send. */
function plimsoll(words: readonly string[], after?: (out: string) => NodeJS.Signals | null): Promise<Ended> {
  const env = { ...process.env, MONITOR_URL: fake.url, TZ: 'UTC' }
  const child = spawn(node, [`${root}cli/src/main.ts`, ...words], { env, timeout: 30_000 })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
    const signal = after?.(out) ?? null
    if (signal !== null) child.kill(signal)
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

describe('the command plimsoll', () => {
  it('check: one line and the exit code of its verdict', async () => {
    const all = await plimsoll(['check'])
    expect(all).toMatchObject({ code: 2, err: '' })
    expect(all.out).toMatch(/^PLIMSOLL CRITICAL - migrate: container-down: .* \(and 1 more\) \| containers=5;.*\n$/)
    expect(await plimsoll(['check', '--container', 'worker-1'])).toMatchObject({ code: 1 })
    expect(await plimsoll(['check', '--container', 'web'])).toMatchObject({ code: 0 })
    expect(await plimsoll(['check', '--container', 'nope'])).toMatchObject({ code: 3 })
  })

  it('check: whatever goes wrong is UNKNOWN on stdout, never OK and never WARNING', async () => {
    const away = await plimsoll(['check', '--url', 'http://127.0.0.1:9'])
    expect(away.code).toBe(3)
    const wrong = await plimsoll(['check', '--bogus'])
    expect(wrong).toMatchObject({ code: 3, out: "PLIMSOLL UNKNOWN - unknown option '--bogus'\n" })
  })

  it('used wrongly: said on stderr with the way to help, exit 64', async () => {
    for (const words of [
      ['alerts', '--state', 'x'],
      ['lvie'],
      ['report', '--since', 'soon'],
      ['alerts', '--limit', '0'],
    ]) {
      const ended = await plimsoll(words)
      expect(ended, words.join(' ')).toMatchObject({ code: 64, out: '' })
      expect(ended.err).toMatch(/^plimsoll/)
    }
  })

  it('the monitor away: said on stderr with what to do, exit 69', async () => {
    const gone = await startFakeMonitor()
    await gone.stop()
    const ended = await plimsoll(['containers', '--url', gone.url])
    expect(ended).toMatchObject({ code: 69, out: '' })
    expect(ended.err).toContain('connection refused. Is it running?')
  })

  it('live without a terminal is one table; --watch is lines until it is told to stop', async () => {
    const table = await plimsoll(['live'])
    expect(table.code).toBe(0)
    expect(table.out.split('\n')[0]).toMatch(/^NAME +STATE +CPU/)
    expect(table.out).not.toMatch(/\p{Cc}(?<!\n)/u)
    const watch = await plimsoll(['live', '--watch', '--interval', '500ms'], (out) =>
      out.split('worker-1').length > 2 ? 'SIGTERM' : null,
    )
    expect(watch).toMatchObject({ code: 0, err: '' })
  })

  it('report: text, CSV, JSON and HTML of what the monitor knows', async () => {
    const text = await plimsoll(['report', '--since', '1h'])
    expect(text.code).toBe(0)
    expect(text.out).toMatch(/migrate +exited +0\.000 % +00:00:00 +00:(29|30):\d\d/)
    const csv = await plimsoll(['report', '--since', '1h', '--format', 'csv'])
    expect(csv.out.trim().split('\n')).toHaveLength(6)
    const json = await plimsoll(['report', '--format', 'json', '--container', 'web'])
    expect(JSON.parse(json.out).containers).toHaveLength(1)
    const html = await plimsoll(['report', '--format', 'html'])
    expect(html.out).toMatch(/^<!doctype html>/)
    expect(await plimsoll(['report', '--container', 'nope'])).toMatchObject({ code: 1 })
  })

  it('monitor: a line a container, a line an alert', async () => {
    const { code, out } = await plimsoll(['monitor'])
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(7)
    expect(out).toContain('ALERT critical container-down migrate')
  })

  it('status: exit 1 when something is degraded', async () => {
    expect(await plimsoll(['status'])).toMatchObject({ code: 0 })
    fake.world.health = { status: 'degraded', problems: ['disk full'] }
    expect(await plimsoll(['status'])).toMatchObject({ code: 1 })
    fake.world.health = { status: 'ok', problems: [] }
  })
})
