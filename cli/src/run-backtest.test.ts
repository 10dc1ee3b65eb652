import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BacktestAnswer } from '@plimsoll/contracts/backtest'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { monitorAt } from './io/monitor.ts'
import { runBacktest } from './run-backtest.ts'

const NOW = 1_795_261_000_000
const about = { rule: 'high-cpu', severity: 'warning', container: 'web' } as const
const answered: BacktestAnswer = {
  from: NOW - 86_400_000,
  to: NOW,
  rules: 'asked',
  totals: [{ ...about, count: 2, heldBack: 1, firingMs: 90_000, byPeaks: { count: 3, firingMs: 180_000 }, fired: 4 }],
  alerts: [{ ...about, from: NOW - 60_000, to: null, value: 95, threshold: 40, summary: 'CPU 95.0 %\u001b[2J' }],
  alertsCount: 3,
  resolutions: [{ from: NOW - 86_400_000, to: NOW, stepMs: 10_000 }],
  notReplayed: [{ rule: 'host-cpu', why: 'levels of the host are not stored' }],
  notes: ['Rows of 10 s.'],
  containers: 1,
  leftOut: ['late'],
  tookMs: 12,
}

let server: Server
let answer: { status: number; body: unknown }
let heard: string[]
let dir: string
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'))
  heard = []
  answer = { status: 200, body: answered }
  server = createServer(async (request, response) => {
    heard.push((await request.toArray()).join(''))
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.close()
  rmSync(dir, { recursive: true })
})

async function run(values: Record<string, string | boolean>) {
  const text: string[] = []
  const error: string[] = []
  const out = {
    text: (said: string) => void text.push(said),
    error: (said: string) => void error.push(said),
    styled: false,
    colour: false,
  }
  const monitor = monitorAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const code = await runBacktest({ monitor, values, word: null, out, now: () => NOW })
  return { code, text: text.join(''), error: error.join('') }
}

it('asks about the rules of a file, and says what they would have sent and how well that is known', async () => {
  const path = join(dir, 'rules.yaml')
  writeFileSync(path, 'version: 1\n')
  const { code, text } = await run({ days: '1', rules: path })
  expect(heard).toEqual(['{"days":1,"rules":"version: 1\\n"}'])
  expect(code).toBe(0)
  expect(text).toContain('the rules asked about: 2 alerts of 1 container\n')
  expect(text).toMatch(/^high-cpu +web +2 +1 min 30 s +1 +3 \(3 min\) +4$/m)
  expect(text).toMatch(/high-cpu web {2}still firing: CPU 95\.0 %/)
  expect(text).not.toContain('\u001b')
  expect(text).toContain('… 2 more (--json)')
  expect(text).toContain('Not replayed: host-cpu (levels of the host are not stored).')
  expect(text).toContain('Left out: late.')
})

it('a mistake, a missing file and a busy monitor each have their sentence and exit code', async () => {
  expect(await run({ days: 'x' })).toMatchObject({ code: 64, error: expect.stringContaining('--days cannot be "x"') })
  expect(await run({ rules: join(dir, 'none') })).toMatchObject({ code: 66, error: expect.stringContaining('ENOENT') })
  answer = {
    status: 400,
    body: { error: { code: 'bad-request', message: 'rules: rules.high-cpu: abov: is not known' } },
  }
  expect(await run({})).toMatchObject({ code: 65, error: expect.stringContaining('abov: is not known') })
  answer = { status: 429, body: { error: { code: 'too-many-requests', message: 'a back-test is under way' } } }
  expect(await run({})).toMatchObject({ code: 75, error: 'plimsoll backtest: a back-test is under way\n' })
})
