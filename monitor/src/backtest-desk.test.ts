import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as written } from 'node:timers/promises'
import type { BacktestAnswer } from '@plimsoll/contracts/backtest'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import type { Log } from '@plimsoll/runtime/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backtestsOf } from './backtest-desk.ts'
import { lifeOf } from './core/fleet.ts'
import { answer, story } from './core/fleet-story.ts'
import { newHistory } from './core/history.ts'
import { RULES } from './core/rules.ts'
import { valuesOf } from './core/series-notation.ts'
import { type Answers, buildWeb } from './io/web.ts'
import { Past } from './past.ts'

const HOUR = 3_600_000
const quiet = { info: () => undefined, warn: () => undefined } as unknown as Log

let dir = ''
const closing: (() => void)[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-backtest-'))
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  rmSync(dir, { recursive: true, force: true })
})

/** A monitor's HTTP interface over an hour of one container: calm, 2 min of 95 %, calm; one sample every 10 s. */
async function served() {
  const one = story()
  const start = 1_795_260_000_000
  one.now = start
  const set = { STATE_DIR: dir, HISTORY_RETENTION: [24, 48, 96].map((h) => h * HOUR), HISTORY_MAX_SIZE: 2 ** 30 }
  const past = new Past({ fleet: one.fleet, history: newHistory(10_000), set, log: quiet, now: () => one.now })
  closing.push(() => past.close())
  one.list([answer({ startedAt: start - 1000 })])
  one.inspect({ startedAt: start - 1000 })
  const life = lifeOf(one.fleet, 'web')
  if (life === undefined) throw new Error('web is not there')
  for (const cpuPercent of valuesOf('10x100 95x12 10x200')) {
    past.sample(life, one.now, { ...NO_NUMBERS, cpuPercent })
    past.roundEnded(one.now, 10_000)
    await written()
    one.now += 10_000
  }
  past.close()
  const stored = new Past({ fleet: one.fleet, history: newHistory(1000), set, log: quiet, now: () => one.now })
  closing.push(() => stored.close())
  const backtest = backtestsOf({ fleet: one.fleet, past: stored, rules: () => RULES, now: () => one.now })
  const options = { allowedHosts: [], pageDir: dir, onFault: () => undefined }
  const web = await buildWeb({ backtest } as unknown as Answers, options)
  const headers = { host: 'localhost' }
  return {
    get: (url: string) => web.inject({ url, headers }),
    post: (payload: object) => web.inject({ method: 'POST', url: '/api/backtest', headers, payload }),
    burst: start + 1_000_000,
  }
}

describe('GET and POST /api/backtest', () => {
  it('says what the rules in force would have sent, and how well it knows', async () => {
    const { get, burst } = await served()
    const said = (await get('/api/backtest?days=1')).json<BacktestAnswer>()
    expect(said).toMatchObject({ rules: 'in force', containers: 1, leftOut: [], alertsCount: 1 })
    const web = { rule: 'high-cpu', severity: 'warning', container: 'web' }
    expect(said.totals).toEqual([
      { ...web, count: 1, heldBack: 0, firingMs: 120_000, byPeaks: { count: 1, firingMs: 120_000 }, fired: 0 },
    ])
    expect(said.alerts).toMatchObject([{ ...web, from: burst + 15_000, to: burst + 135_000, value: 95, threshold: 40 }])
    expect(said.resolutions).toMatchObject([{ stepMs: 10_000 }])
    expect(said.notes[0]).toMatch(/^Rows of 10 s: an alert's begin and end are known to 5 s/)
    expect(said.notReplayed.map(({ rule }) => rule)).toContain('health-check-failed')
  })

  it('says what a changed rule set would have sent', async () => {
    const { post } = await served()
    const rules =
      'version: 1\nrules:\n  high-cpu: { above: 90, for: 5m }\n  busy: { metric: cpuPercent, above: 90, for: 1m }\n'
    const said = (await post({ days: 1, rules })).json<BacktestAnswer>()
    expect(said.rules).toBe('asked')
    expect(said.totals.map(({ rule, count }) => `${rule} ${count}`)).toEqual(['busy 1'])
  })

  it.each([
    ['rules that are none', { rules: 'version: 1\nrules:\n  high-cpu: { abov: 90 }\n' }, 'rules: rules.high-cpu: abov'],
    ['no YAML', { rules: 'a: [' }, 'rules: '],
    ['too many days', { days: 4000 }, 'days: is at most 400'],
    ['something else', { day: 1 }, 'day: is not known here'],
  ])('refuses %s with the reason', async (_, payload, why) => {
    const said = await (await served()).post(payload)
    expect(said.statusCode).toBe(400)
    expect(said.json().error.message).toContain(why)
  })

  it('one at a time', async () => {
    const { get } = await served()
    const codes = (await Promise.all([get('/api/backtest'), get('/api/backtest')])).map(({ statusCode }) => statusCode)
    expect(codes.toSorted()).toEqual([200, 429])
    expect((await get('/api/backtest')).statusCode).toBe(200)
    expect((await get('/api/backtest?days=x')).statusCode).toBe(400)
  })
})
