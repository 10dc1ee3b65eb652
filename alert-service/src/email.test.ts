/** Mail by SMTP, against a real SMTP server, and what a mail looks like once a mail program has read it. */
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { checkLink, sharedKey } from '@plimsoll/runtime/signed-link'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AlertStage } from '../../tests/support/alert-stage.ts'
import { until } from '../../tests/support/until.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

interface Taken {
  readonly to: readonly string[]
  readonly raw: string
}

let server: SMTPServer
let taken: Taken[]
let refuse: (recipient: string) => { message: string; code: number } | null
let stage: AlertStage

/** A server that wants a login, and takes or refuses recipients by script. */
function smtpServer(): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'me' && password === 'right' ? done(null, { user: 'me' }) : done(new Error('Invalid login')),
    onRcptTo: ({ address }, _session, done) => {
      const no = refuse(address)
      done(no === null ? null : Object.assign(new Error(no.message), { responseCode: no.code }))
    },
    onData: (stream, session, done) => {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('utf8')
      })
      stream.on('end', () => {
        taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw })
        done()
      })
    },
  })
}

beforeEach(async () => {
  taken = []
  refuse = () => null
  server = smtpServer()
  // A client that goes away is none of the server's errors.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  stage = new AlertStage({
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: String(port),
    EMAIL_USER: 'me',
    EMAIL_PASSWORD: 'right',
    SENDER_EMAIL: 'Plimsoll <plimsoll@example.com>',
    RECIPIENT_EMAILS: 'ops@example.com, night@example.com',
    SEND_TIMEOUT: '2s',
  })
})
afterEach(async () => {
  await stage.end()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

const channel = () => stage.service.status().channels[0]

describe('mail by SMTP', () => {
  it('carries a link that the key in SHARED_DIR calls good', async () => {
    stage.start({ PUBLIC_URL: 'https://watch.example/plimsoll' })
    const event = stage.alert()
    stage.write(event)
    await until('a mail', () => taken.length > 0)
    const { text = '' } = await simpleParser(taken[0]?.raw ?? '')
    const link = new URL(/Acknowledge: (\S+)/.exec(text)?.[1] ?? 'none:')
    expect(`${link.origin}${link.pathname}`).toBe(`https://watch.example/plimsoll/ack/${event.id}`)
    const key = sharedKey(join(stage.folder, 'shared'))
    const { until: end, sig } = Object.fromEntries(link.searchParams)
    expect(checkLink(key, event.id, { until: end, sig }, stage.now)).toBe('good')
  })

  it('goes out without the link, and says so, when there can be no key', async () => {
    writeFileSync(join(stage.folder, 'file'), '')
    stage.start({ SHARED_DIR: join(stage.folder, 'file') })
    stage.write(stage.alert())
    await until('a mail', () => taken.length > 0)
    expect(taken[0]?.raw).not.toContain('/ack/')
    expect(stage.said.join()).toContain('no acknowledge links in mails')
  })

  it('reaches each recipient, and is a mail that programs can read, with nothing forged into its headers', async () => {
    stage.start()
    stage.write(stage.alert({ container: 'wäb', summary: 'down\r\nBcc: evil@example.com “so” <b>' }))
    await until('both mails', () => taken.length === 2)
    expect(taken.flatMap(({ to }) => to).sort()).toEqual(['night@example.com', 'ops@example.com'])
    const mail = await simpleParser(taken[0]?.raw ?? '')
    expect(mail.subject).toBe('CRITICAL wäb: down Bcc: evil@example.com “so” <b>')
    expect(mail.headers.has('bcc')).toBe(false)
    expect(mail.from?.text).toBe('"Plimsoll" <plimsoll@example.com>')
    expect(mail.text).toContain('CRITICAL wäb: down Bcc: evil@example.com “so” <b>')
    expect(mail.html).toContain('“so” &lt;b&gt;')
  })

  it('that is refused for one recipient reaches the other', async () => {
    refuse = (address) => (address === 'ops@example.com' ? { message: 'no such user', code: 550 } : null)
    stage.start()
    stage.write(stage.alert())
    await until('the other', () => taken.length === 1)
    expect(taken[0]?.to).toEqual(['night@example.com'])
    await until('the refused one is kept', () => channel()?.queued === 1)
    expect(channel()).toMatchObject({ state: 'blocked', error: expect.stringContaining('no such user') })
  })

  it('that was refused is sent as soon as another one reaches its recipient', async () => {
    refuse = (address) => (address === 'ops@example.com' ? { message: 'mailbox full', code: 552 } : null)
    stage.start()
    const [first, second] = [stage.alert(), stage.alert()]
    stage.write(first)
    await until('it is refused', () => channel()?.state === 'blocked')
    refuse = () => null
    stage.write(second)
    await until('all four', () => taken.length === 4)
    expect(taken.filter(({ to }) => to[0] === 'ops@example.com').map(({ raw }) => raw.includes(first.id))).toContain(
      true,
    )
    await until('well again', () => channel()?.state === 'ok')
  })

  it('is tried again after a temporary refusal', async () => {
    let times = 0
    refuse = () => (times++ === 0 ? { message: 'greylisted', code: 451 } : null)
    stage.start()
    stage.write(stage.alert())
    await until('both mails', () => taken.length === 2)
  })

  it('with a wrong password says which settings to check, and keeps the alert', async () => {
    stage.start({ EMAIL_PASSWORD: 'wrong' })
    stage.write(stage.alert())
    await until('blocked', () => channel()?.state === 'blocked')
    expect(channel()).toMatchObject({
      queued: 2,
      advice: expect.stringContaining('check EMAIL_USER and EMAIL_PASSWORD'),
    })
    expect(JSON.stringify([stage.said, stage.service.status()])).not.toContain('wrong')
  })
})
