/** `npm run alert:test`: sends a test message through every channel that is set up, and says what came back. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { channelsOf } from './channels.ts'
import type { Channel, SendResult } from './core/channel.ts'
import type { Entry } from './core/memory.ts'
import { ulid } from './core/silence.ts'
import { mailSetup } from './email.ts'
import { alertSettings } from './settings.ts'

const SEND_DEADLINE_MS = 60_000

function testEntry(now: number): Entry {
  const summary = 'this is a test: if you can read it, alerts will reach you here'
  const what = { severity: 'warning', state: 'firing', container: null, value: null, threshold: null } as const
  const event = { time: now, ...what, rule: 'alert-test', summary, host: hostname(), id: ulid(now, randomBytes(10)) }
  return { event, repeat: 0, why: 'npm run alert:test' }
}

async function tryOut(channel: Channel, entry: Entry): Promise<readonly SendResult[]> {
  const results: SendResult[] = []
  for (const recipients of channel.copies) {
    const parcel = { entries: [entry], more: {}, recipients }
    results.push(await channel.send(parcel, AbortSignal.timeout(SEND_DEADLINE_MS)))
  }
  return results
}

/** What came back, for a person. */
export function resultText(channel: Pick<Channel, 'doc'>, result: SendResult): string {
  if (result.ok) return `ok      ${channel.doc}: ${result.answer}`
  return `FAILED  ${channel.doc}: ${result.error}\n        What to do: ${result.advice}`
}

async function main(): Promise<void> {
  const settings = settingsOrExit('alert-test', alertSettings)
  const mail = mailSetup(settings)
  if (mail.note !== null) process.stdout.write(`note    ${mail.note}\n`)
  const entry = testEntry(Date.now())
  for (const channel of channelsOf(settings, mail, Date.now, null)) {
    for (const result of await tryOut(channel, entry)) {
      process.stdout.write(`${resultText(channel, result)}\n`)
      if (!result.ok) process.exitCode = 1
    }
  }
  mail.server.close()
}

if (import.meta.main) await main()
