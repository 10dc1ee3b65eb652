/** The service as a whole, on real files, its real database and real servers; only the clock of the test is short. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OUTBOX_DIR } from '@plimsoll/contracts/files'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AlertStage, keyOf as key, sesEnv } from '../../tests/support/alert-stage.ts'
import { type FakeSes, startFakeSes } from '../../tests/support/fake-ses.ts'
import { until } from '../../tests/support/until.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

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
const channel = () => stage.service.status().channels[0]

describe('delivery', () => {
  it('tells a critical alert at once, with what was collected for its container before it', async () => {
    stage.start({ BUFFER_TIMEOUT: '1h' })
    const [early, other, critical] = [
      stage.alert({ severity: 'warning' }),
      stage.alert({ container: 'db', severity: 'warning' }),
      stage.alert(),
    ]
    stage.write(early, other, critical)
    await until('the critical one', () => keys().length === 1)
    expect(keys()).toEqual([`${key(early)} ${key(critical)}`])
    expect(stage.service.status().recent.map(({ outcome }) => outcome)).toContain('waiting')
  })

  it('collects what is not critical into one message', async () => {
    stage.start()
    const all = [1, 2, 3].map((n) => stage.alert({ severity: 'warning', container: `c${n}` }))
    stage.write(...all)
    await until('one message', () => keys().length > 0)
    expect(keys()).toEqual([all.map((event) => key(event)).join(' ')])
  })

  it('goes on where it stopped, and tells nothing twice', async () => {
    stage.start()
    const [first, second] = [stage.alert(), stage.alert({ rule: 'während' })]
    stage.write(first)
    await until('the first', () => keys().length === 1)
    await stage.stop()
    stage.write(first, second)
    stage.start()
    await until('the second', () => keys().length === 2)
    expect(keys()).toEqual([key(first), key(second)])
  })

  it('splits more than 50 recipients, and lets one bad address hold up no other', async () => {
    const to = Array.from({ length: 60 }, (_, i) => `u${i}@example.com`)
    ses.behave(({ destinations }) => (destinations.includes('u7@example.com') ? 'reject' : 'accept'))
    stage.start({ RECIPIENT_EMAILS: to.join(',') })
    stage.write(stage.alert())
    await until('all but one', () => ses.accepted.flatMap((m) => m.destinations).length === 59)
    expect(new Set(ses.accepted.flatMap((m) => m.destinations)).has('u7@example.com')).toBe(false)
    await until('the status', () => channel()?.queued === 1)
    expect(channel()).toMatchObject({
      state: 'blocked',
      error: expect.stringContaining('not verified'),
    })
    const health = await stage.service.web.inject('/health')
    expect([health.statusCode, health.json().status]).toEqual([200, 'degraded'])
  })
})

describe('a mail server in trouble', () => {
  it.each(['throttle', 'error-500', 'reset', 'hang'] as const)(
    '%s: tried again until it is accepted',
    async (trouble) => {
      ses.behave((_, n) => (n <= 1 ? trouble : 'accept'))
      stage.start()
      const event = stage.alert()
      stage.write(event)
      await until('delivered', () => keys().length === 1)
      expect(keys()).toEqual([key(event)])
      await until('well again', () => channel()?.state === 'ok')
      // The same trouble is said once.
      expect(stage.said.filter((text) => text.includes('The alerts are kept'))).toHaveLength(1)
    },
  )

  it('that accepts and loses its answer gets a repeat under the same key', async () => {
    ses.behave((_, n) => (n === 1 ? 'accept-and-lose-answer' : 'accept'))
    stage.start()
    const event = stage.alert()
    stage.write(event)
    await until('the repeat', () => keys().length === 2)
    expect(keys()).toEqual([key(event), key(event)])
  })

  it('that refuses the credentials is one clear error; the alerts are kept and sent after a restart', async () => {
    ses.behave(() => 'bad-credentials')
    const { web } = stage.start()
    const [first, second] = [stage.alert(), stage.alert()]
    stage.write(first, second)
    await until('blocked', () => channel()?.state === 'blocked')
    expect(channel()).toMatchObject({
      queued: 2,
      advice: expect.stringContaining('check AWS_ACCESS_KEY_ID'),
    })
    expect((await web.inject('/health')).statusCode).toBe(503)
    expect(stage.said.filter((text) => text.includes('InvalidClientTokenId'))).toHaveLength(1)
    await stage.stop()
    ses.behave(() => 'accept')
    const again = stage.start()
    await until('both', () => keys().length === 2)
    expect(keys()).toEqual([key(first), key(second)])
    expect((await again.web.inject('/health')).statusCode).toBe(200)
  })
})

describe('the memory of the service', () => {
  it('that is damaged is set aside and said, and the service works', async () => {
    stage.start()
    const event = stage.alert()
    stage.write(event)
    await until('delivered', () => keys().length === 1)
    await stage.stop()
    const file = join(stage.folder, 'state', 'alert-service.sqlite')
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
    writeFileSync(file, 'this is no database, but it is long enough to be taken for one'.repeat(100))
    stage.start()
    expect(stage.said.some((text) => text.includes('set aside'))).toBe(true)
    expect(readdirSync(join(stage.folder, 'state')).some((name) => name.includes('.broken-'))).toBe(true)
    await until('told again', () => keys().length === 2)
  })
})

describe('two services on one memory', () => {
  it('the second says so and does not start', async () => {
    stage.start()
    await until('it works', () => stage.service.status().state === 'ok')
    expect(() => stage.second()).toThrow(/Another alert-service works with this STATE_DIR/)
  }, 15_000)
})

describe('without a mail server', () => {
  it('writes mails as files, and says so in one line', async () => {
    stage.start({ AWS_REGION: '', RECIPIENT_EMAILS: '' })
    const event = stage.alert()
    stage.write(event)
    const outbox = join(stage.folder, 'logs', OUTBOX_DIR)
    await until('a file', () => channel()?.sent === 1)
    const [name = ''] = readdirSync(outbox)
    expect(name).toMatch(/\.eml$/)
    expect(readFileSync(join(outbox, name), 'utf8')).toContain(key(event))
    expect(stage.said.filter((text) => text.includes('.eml'))).toHaveLength(1)
  })
})
