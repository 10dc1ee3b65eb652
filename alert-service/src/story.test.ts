/** Stories of hours, told in moments: the clock of the service is moved on, its files and its servers are real. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { ALERT_LOG, metricsFile } from '@plimsoll/contracts/files'
import { isoTime } from '@plimsoll/contracts/time'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AlertStage, keyOf, sesEnv } from '../../tests/support/alert-stage.ts'
import { type FakeSes, startFakeSes } from '../../tests/support/fake-ses.ts'
import { until } from '../../tests/support/until.ts'
import { digestIfDue } from './digest.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

const MINUTE = 60_000

let ses: FakeSes
let stage: AlertStage

beforeEach(async () => {
  ses = await startFakeSes()
  stage = new AlertStage(sesEnv(ses.url))
})
afterEach(async () => {
  await stage.end()
  await ses.close()
})

const keys = () => ses.accepted.map((mail) => mail.keys.join(' '))
const why = () => stage.service.status().recent.map(({ state, outcome, why: text }) => `${state} ${outcome}: ${text}`)
const caughtUp = (lines: number) => until(`${lines} lines read`, () => stage.service.status().log.lines === lines)

describe('an outage of the mail server', () => {
  it('is told in one message: what fired and was over meanwhile, delivered late', async () => {
    ses.behave(() => 'throttle')
    stage.start()
    const down = stage.alert({ rule: 'container-down' })
    const other = stage.alert({ rule: 'high-cpu', container: 'db', severity: 'warning' })
    stage.write(down, other)
    await until('it is tried', () => stage.service.status().channels[0]?.state === 'retrying')
    stage.pass(21 * MINUTE)
    stage.write({ ...down, state: 'resolved', time: stage.now, summary: 'running again after 21 min' })
    await caughtUp(3)
    stage.pass(10 * MINUTE)
    ses.behave(() => 'accept')
    await until('delivered', () => ses.accepted.length > 0)
    expect(ses.accepted[0]?.keys).toContain(keyOf(down))
    expect(ses.accepted[0]?.keys).toContain(`${down.id}.resolved.0`)
    const { text } = await simpleParser(ses.accepted[0]?.raw ?? '')
    expect(text).toContain('Over web: running again after 21 min')
    expect(text).toContain('(21 min)')
    expect(text).toContain('Delivered late')
  })
})

describe('a day whose mail quota is used up', () => {
  it('waits ten minutes, and then tells all that came meanwhile in one message', async () => {
    ses.behave(() => 'daily-quota')
    stage.start()
    const [first, second] = [stage.alert(), stage.alert({ container: 'db' })]
    stage.write(first)
    await until('it is refused', () => stage.service.status().channels[0]?.state === 'retrying')
    stage.write(second)
    await caughtUp(2)
    expect(stage.service.status().channels[0]?.advice).toMatch(/higher sending quota/)
    ses.behave(() => 'accept')
    stage.pass(9 * MINUTE)
    await until('a look', () => stage.service.status().log.behindBytes === 0)
    expect(ses.accepted).toHaveLength(0)
    stage.pass(2 * MINUTE)
    await until('one message', () => ses.accepted.length > 0)
    expect(keys()).toEqual([`${keyOf(first)} ${keyOf(second)}`])
  })
})

describe('an outage through a storm', () => {
  it('keeps the outbox small: what waits is joined before its turn', async () => {
    ses.behave(() => 'bad-credentials')
    stage.start()
    const all = Array.from({ length: 450 }, (_, n) => stage.alert({ container: `c${n}` }))
    stage.write(...all)
    await caughtUp(450)
    await until('joined', () => (stage.service.status().channels[0]?.queued ?? 450) <= 200)
    ses.behave(() => 'accept')
    stage.pass(16 * MINUTE)
    await until('all told', () => new Set(ses.accepted.flatMap((mail) => mail.keys)).size === 450)
    expect(ses.accepted.length).toBeLessThan(5)
  }, 20_000)
})

describe('an alert that fires on', () => {
  it('is told again after REPEAT_INTERVAL under the next number, until somebody acknowledges it', async () => {
    stage.start({ REPEAT_INTERVAL: '1h' })
    const down = stage.alert()
    stage.write(down)
    await until('told', () => keys().length === 1)
    stage.pass(61 * MINUTE)
    await until('told again', () => keys().length === 2)
    expect(keys()[1]).toBe(keyOf(down, 1))
    expect((await simpleParser(ses.accepted[1]?.raw ?? '')).subject).toMatch(/^Still CRITICAL web/)
    stage.write({ ...down, state: 'acknowledged', time: stage.now })
    await caughtUp(2)
    stage.pass(300 * MINUTE)
    const after = stage.alert({ container: 'other' })
    stage.write(after)
    await until('the next alert', () => keys().includes(keyOf(after)))
    expect(keys()).toHaveLength(3)
  })
})

describe('two alike within ALERT_COOLDOWN', () => {
  it('the second is told when the cooldown is over, if it still fires', async () => {
    stage.start({ ALERT_COOLDOWN: '5m' })
    const [first, second] = [stage.alert({ rule: 'container-down' }), stage.alert({ rule: 'container-down' })]
    stage.write(first, { ...first, state: 'resolved', time: stage.now + 1 }, second)
    await until('two told', () => keys().length === 2)
    await caughtUp(3)
    expect(why()).toContain(
      'firing waiting: within ALERT_COOLDOWN (5 min) of the last one: told then, if it still fires',
    )
    stage.pass(5 * MINUTE)
    await until('the second', () => keys().length === 3)
    expect(keys()[2]).toBe(keyOf(second))
  })

  it('and over before its end: neither is told, and both have their reason', async () => {
    stage.start({ ALERT_COOLDOWN: '5m' })
    const [first, second] = [stage.alert({ rule: 'container-down' }), stage.alert({ rule: 'container-down' })]
    stage.write(first, second, { ...second, state: 'resolved', time: stage.now + 1 })
    await caughtUp(3)
    stage.pass(6 * MINUTE)
    const last = stage.alert({ container: 'other' })
    stage.write(last)
    await until('the last', () => keys().includes(keyOf(last)))
    expect(keys()).toEqual([keyOf(first), keyOf(last)])
    const reason = 'suppressed: over within ALERT_COOLDOWN (5 min) of the last one'
    expect(why()).toEqual(expect.arrayContaining([`firing ${reason}`, `resolved ${reason}`]))
  })
})

describe('a clock that is set back by hours', () => {
  it('keeps back neither what was collected nor what was to be tried again', async () => {
    ses.behave((_, n) => (n === 1 ? 'daily-quota' : 'accept'))
    stage.start({ BUFFER_TIMEOUT: '2s', CHECK_INTERVAL: '1s' })
    const [critical, warning] = [stage.alert(), stage.alert({ container: 'db', severity: 'warning' })]
    stage.write(critical)
    await until('it is refused', () => stage.service.status().channels[0]?.state === 'retrying')
    stage.write(warning)
    await caughtUp(2)
    stage.pass(-180 * MINUTE)
    await until('both', () => new Set(ses.accepted.flatMap((mail) => mail.keys)).size === 2)
  })
})

describe('a first start', () => {
  it('tells what the log already holds: history together and marked late, what is new at once', async () => {
    stage.pass(-180 * MINUTE)
    const history = [stage.alert({ container: 'a' }), stage.alert({ container: 'b' })]
    stage.pass(180 * MINUTE)
    stage.write(...history, stage.alert({ container: 'c' }))
    stage.start()
    await until('both messages', () => keys().length === 2)
    const old = ses.accepted.find((mail) => mail.keys.length === 2)
    expect(old?.keys).toEqual(history.map((event) => keyOf(event)))
    expect((await simpleParser(old?.raw ?? '')).subject).toBe('[late] 2 alerts, 2 CRITICAL: a, b')
  })
})

describe('a monitor that stops writing', () => {
  it('is an alarm of its own', async () => {
    writeFileSync(join(stage.logs, ALERT_LOG), '')
    stage.start({ MONITOR_SILENCE: '1s' })
    await until('the alarm', () => ses.accepted.length === 1, 15_000)
    const { subject } = await simpleParser(ses.accepted[0]?.raw ?? '')
    expect(subject).toMatch(/^CRITICAL host .*: the monitor has written nothing/)
  }, 20_000)
})

describe('the daily digest', () => {
  it('is sent once when its hour has come, with what the metrics files say', async () => {
    const day = 24 * 60 * MINUTE
    stage.start({ DIGEST: 'daily' })
    const { settings, desk } = stage.inside()
    await digestIfDue(desk, settings, stage.now)
    expect(ses.accepted).toHaveLength(0)
    stage.pass(day)
    const row = { time: isoTime(stage.now - day / 2), container: 'web', state: 'running', response_ms: '12' } as const
    const cells = CSV_COLUMNS.map(({ header }) => Object.entries(row).find(([name]) => name === header)?.[1] ?? '')
    writeFileSync(join(stage.logs, metricsFile(stage.now - day / 2)), `${cells.join(',')}\n`)
    await digestIfDue(desk, settings, stage.now)
    await digestIfDue(desk, settings, stage.now)
    await until('the mail', () => ses.accepted.length === 1)
    const mail = await simpleParser(ses.accepted[0]?.raw ?? '')
    expect(mail.subject).toMatch(/^Plimsoll daily \d{4}-\d\d-\d\d: nothing failed$/)
    expect(mail.text).toContain('web | 100.00 % |')
    expect(mail.attachments[0]?.filename).toMatch(/^plimsoll-daily-.*\.csv$/)
    stage.write(stage.alert())
    await until('an alert after it', () => ses.accepted.length === 2)
  })
})
