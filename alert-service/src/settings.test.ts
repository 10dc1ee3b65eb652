import { readSettings } from '@plimsoll/contracts/settings'
import { describe, expect, it } from 'vitest'
import { mailSetup } from './email.ts'
import { alertSettings } from './settings.ts'

const read = (env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) => {
  const found = readSettings(alertSettings, { env, readFile: (path) => files[path] ?? '' })
  if (!found.ok) throw new Error(found.problems.join('\n'))
  return found.settings
}
const mail = { SENDER_EMAIL: 'a@example.com', RECIPIENT_EMAILS: 'b@example.com,c@example.com' }

describe('the settings', () => {
  it('have the defaults people know', () => {
    expect(read({})).toMatchObject({ CHECK_INTERVAL: 30_000, ALERT_COOLDOWN: 300_000, BUFFER_TIMEOUT: 60_000 })
  })

  it('take the quotes of a Compose list entry, and secrets from files', () => {
    const env = { BUFFER_TIMEOUT: '"5"', AWS_ACCESS_KEY_ID: "'AKIA'", AWS_SECRET_ACCESS_KEY_FILE: '/run/secrets/aws' }
    expect(read(env, { '/run/secrets/aws': 's3cret\n' })).toMatchObject({
      BUFFER_TIMEOUT: 5000,
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 's3cret',
    })
  })

  it('that are wrong are named with their value, all of them', () => {
    const env = { SENDER_EMAIL: 'nobody', CHECK_INTERVAL: 'soon', DIGEST: 'hourly' }
    expect(() => read(env)).toThrow(/CHECK_INTERVAL="soon".*\n.*SENDER_EMAIL="nobody".*\n.*DIGEST="hourly"/)
  })
})

describe('the way mail goes', () => {
  it.each([
    ['nothing set', {}, 'outbox', /^no mail server is set up/],
    [
      'a region, and nobody to write to',
      { AWS_REGION: 'eu-central-1' },
      'outbox',
      /missing: SENDER_EMAIL, RECIPIENT_EMAILS/,
    ],
    ['addresses, and no server', mail, 'outbox', /missing: AWS_REGION or SMTP_SERVER/],
    ['SES', { ...mail, AWS_REGION: 'eu-central-1' }, 'ses', null],
    ['SMTP before SES', { ...mail, AWS_REGION: 'eu-central-1', SMTP_SERVER: 'mail.example.com' }, 'smtp', null],
    ['SMTP', { ...mail, SMTP_SERVER: 'mail.example.com' }, 'smtp', null],
  ] as const)('%s', (_, env, name, note) => {
    const setup = mailSetup(read(env))
    setup.server.close()
    expect(setup.name).toBe(name)
    if (note === null) expect(setup.note).toBeNull()
    else expect(setup.note).toMatch(note)
  })
})
