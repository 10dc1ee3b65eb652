/** The service as a whole, on real files, its real database and real servers; only the clock of the test is short. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG, OUTBOX_DIR } from '@plimsoll/contracts/files'
import { readSettings } from '@plimsoll/contracts/settings'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeSes, startFakeSes } from '../../tests/support/fake-ses.ts'
import { until } from '../../tests/support/until.ts'
import { createService, type Service } from './service.ts'
import { alertSettings } from './settings.ts'

let folder: string
let ses: FakeSes
let service: Service | null
let said: string[]
let count = 0

const idOf = (n: number) => String(n).padStart(26, '0')
const alert = (over: Partial<AlertEvent> = {}): AlertEvent => ({
  time: Date.now(),
  severity: 'critical',
  state: 'firing',
  container: 'web',
  rule: `rule-${++count}`,
  summary: 'down: exit code 137 (SIGKILL)',
  value: null,
  threshold: null,
  host: 'h1',
  id: idOf(count),
  ...over,
})
const log = () => join(folder, 'logs', ALERT_LOG)
const write = (...events: AlertEvent[]) => appendFileSync(log(), events.map((e) => `${encode(e)}\n`).join(''))
const keys = () => ses.accepted.map((mail) => mail.keys.join(' '))
const key = (event: AlertEvent, repeat = 0) => `${event.id}.${event.state}.${repeat}`

function start(env: Record<string, string> = {}): Service {
  const mail = { AWS_REGION: 'eu-central-1', SENDER_EMAIL: 'plimsoll@example.com', RECIPIENT_EMAILS: 'ops@example.com' }
  const aws = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL_SES: ses.url }
  const pace = { CHECK_INTERVAL: '100ms', BUFFER_TIMEOUT: '200ms', SEND_TIMEOUT: '400ms', ALERT_COOLDOWN: '0' }
  const place = { LOGS_DIR: join(folder, 'logs'), STATE_DIR: join(folder, 'state') }
  const all = { ...mail, ...aws, ...pace, ...place, ...env }
  const read = readSettings(alertSettings, { env: all, readFile: (path) => readFileSync(path, 'utf8') })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const stream = { write: (line: string) => void said.push(JSON.parse(line).msg) }
  const made = createService(read.settings, { log: pino({ level: 'info' }, stream), now: Date.now, random: () => 0 })
  made.start()
  service = made
  return made
}
const stop = async () => {
  await service?.close()
  service = null
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-alert-'))
  writeFileSync(join(mkdirs(folder), ALERT_LOG), '')
  said = []
  service = null
  ses = await startFakeSes()
})
afterEach(async () => {
  await stop()
  await ses.close()
  rmSync(folder, { recursive: true })
})

function mkdirs(root: string): string {
  const logs = join(root, 'logs')
  rmSync(logs, { recursive: true, force: true })
  renameSync(mkdtempSync(join(root, 'new-')), logs)
  return logs
}

describe('delivery', () => {
  it('tells a critical alert at once, with what was collected for its container before it', async () => {
    start({ BUFFER_TIMEOUT: '1h' })
    const [early, other, critical] = [
      alert({ severity: 'warning' }),
      alert({ container: 'db', severity: 'warning' }),
      alert(),
    ]
    write(early, other, critical)
    await until('the critical one', () => keys().length === 1)
    expect(keys()).toEqual([`${key(early)} ${key(critical)}`])
    expect(service?.status().recent.map(({ outcome }) => outcome)).toContain('waiting')
  })

  it('collects what is not critical into one message', async () => {
    start()
    const all = [1, 2, 3].map((n) => alert({ severity: 'warning', container: `c${n}` }))
    write(...all)
    await until('one message', () => keys().length > 0)
    expect(keys()).toEqual([all.map((event) => key(event)).join(' ')])
  })

  it('goes on where it stopped, and tells nothing twice', async () => {
    start()
    const [first, second] = [alert(), alert({ rule: 'während' })]
    write(first)
    await until('the first', () => keys().length === 1)
    await stop()
    write(first, second)
    start()
    await until('the second', () => keys().length === 2)
    expect(keys()).toEqual([key(first), key(second)])
  })

  it('splits more than 50 recipients, and lets one bad address hold up no other', async () => {
    const to = Array.from({ length: 60 }, (_, i) => `u${i}@example.com`)
    ses.behave(({ destinations }) => (destinations.includes('u7@example.com') ? 'reject' : 'accept'))
    start({ RECIPIENT_EMAILS: to.join(',') })
    write(alert())
    await until('all but one', () => ses.accepted.flatMap((m) => m.destinations).length === 59)
    expect(new Set(ses.accepted.flatMap((m) => m.destinations)).has('u7@example.com')).toBe(false)
    await until('the status', () => service?.status().channels[0]?.queued === 1)
    expect(service?.status().channels[0]).toMatchObject({
      state: 'blocked',
      error: expect.stringContaining('not verified'),
    })
  })
})

describe('a mail server in trouble', () => {
  it.each(['throttle', 'error-500', 'reset', 'hang'] as const)(
    '%s: tried again until it is accepted',
    async (trouble) => {
      ses.behave((_, n) => (n <= 1 ? trouble : 'accept'))
      start()
      const event = alert()
      write(event)
      await until('delivered', () => keys().length === 1)
      expect(keys()).toEqual([key(event)])
      await until('well again', () => service?.status().channels[0]?.state === 'ok')
      // The same trouble is said once.
      expect(said.filter((text) => text.includes('The alerts are kept'))).toHaveLength(1)
    },
  )

  it('that accepts and loses its answer gets a repeat under the same key', async () => {
    ses.behave((_, n) => (n === 1 ? 'accept-and-lose-answer' : 'accept'))
    start()
    const event = alert()
    write(event)
    await until('the repeat', () => keys().length === 2)
    expect(keys()).toEqual([key(event), key(event)])
  })

  it('that refuses the credentials is one clear error; the alerts are kept and sent after a restart', async () => {
    ses.behave(() => 'bad-credentials')
    const { web, status } = start()
    const [first, second] = [alert(), alert()]
    write(first, second)
    await until('blocked', () => status().channels[0]?.state === 'blocked')
    expect(status().channels[0]).toMatchObject({
      queued: 2,
      advice: expect.stringContaining('check AWS_ACCESS_KEY_ID'),
    })
    expect((await web.inject('/health')).statusCode).toBe(503)
    expect(said.filter((text) => text.includes('InvalidClientTokenId'))).toHaveLength(1)
    await stop()
    ses.behave(() => 'accept')
    const again = start()
    await until('both', () => keys().length === 2)
    expect(keys()).toEqual([key(first), key(second)])
    expect((await again.web.inject('/health')).statusCode).toBe(200)
  })
})

describe('the memory of the service', () => {
  it('that is damaged is set aside and said, and the service works', async () => {
    start()
    const event = alert()
    write(event)
    await until('delivered', () => keys().length === 1)
    await stop()
    const file = join(folder, 'state', 'alert-service.sqlite')
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
    writeFileSync(file, 'this is no database, but it is long enough to be taken for one'.repeat(100))
    start()
    expect(said.some((text) => text.includes('set aside'))).toBe(true)
    expect(readdirSync(join(folder, 'state')).some((name) => name.includes('.broken-'))).toBe(true)
    await until('told again', () => keys().length === 2)
  })
})

describe('without a mail server', () => {
  it('writes mails as files, and says so in one line', async () => {
    start({ AWS_REGION: '', RECIPIENT_EMAILS: '' })
    const event = alert()
    write(event)
    const outbox = join(folder, 'logs', OUTBOX_DIR)
    await until('a file', () => service?.status().channels[0]?.sent === 1)
    const [name = ''] = readdirSync(outbox)
    expect(name).toMatch(/\.eml$/)
    expect(readFileSync(join(outbox, name), 'utf8')).toContain(key(event))
    expect(said.filter((text) => text.includes('.eml'))).toHaveLength(1)
  })
})
