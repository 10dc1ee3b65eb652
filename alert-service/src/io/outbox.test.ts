import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createOutbox, pruneOutbox } from './outbox.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-outbox-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mail = (text: string) => ({ from: 'a', to: ['b'], raw: Buffer.from(text), name: 'key-1' })
const signal = AbortSignal.timeout(5000)

it('a mail is a whole file, and the same mail sent again replaces it', async () => {
  const outbox = createOutbox(join(folder, 'deep', 'outbox'))
  expect(await outbox.send(mail('first'), signal)).toEqual({ ok: true, answer: 'written to key-1.eml' })
  await outbox.send(mail('second'), signal)
  expect(readdirSync(join(folder, 'deep', 'outbox'))).toEqual(['key-1.eml'])
  expect(readFileSync(join(folder, 'deep', 'outbox', 'key-1.eml'), 'utf8')).toBe('second')
})

it('a folder that cannot be written is tried again, and said what to do', async () => {
  writeFileSync(join(folder, 'file'), '')
  const outbox = createOutbox(join(folder, 'file', 'outbox'))
  expect(await outbox.send(mail('x'), signal)).toMatchObject({
    ok: false,
    failure: 'retry',
    advice: expect.stringContaining('writable'),
  })
})

it('old mails are deleted, new ones and what is no mail stay', async () => {
  const old = new Date(Date.now() - 100_000)
  mkdirSync(join(folder, 'sub'))
  for (const name of ['old.eml', 'new.eml', 'notes.txt']) writeFileSync(join(folder, name), '')
  for (const name of ['old.eml', 'notes.txt']) utimesSync(join(folder, name), old, old)
  expect(await pruneOutbox(folder, Date.now() - 50_000)).toBe(1)
  expect(readdirSync(folder).sort()).toEqual(['new.eml', 'notes.txt', 'sub'])
  expect(await pruneOutbox(join(folder, 'nowhere'), Date.now())).toBe(0)
})
