/** The sender and the loop, with a channel, a reader and a disk that do what the test says. */
import { DatabaseSync } from 'node:sqlite'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../../tests/support/until.ts'
import type { Channel, Parcel, SendResult } from './core/channel.ts'
import { LATE_MS } from './core/decide.ts'
import { MIGRATIONS } from './core/tables.ts'
import { START } from './core/tail.ts'
import { Sender } from './deliver.ts'
import { type LogReader, Pump } from './pump.ts'
import { createStore, type Store } from './store.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

const NOW = Date.parse('2026-11-21T12:00:00Z')
const event: AlertEvent = {
  time: NOW,
  severity: 'critical',
  state: 'firing',
  container: 'web',
  rule: 'container-down',
  summary: 'down',
  value: null,
  threshold: null,
  host: 'h1',
  id: '01KAH000000000000000000001',
}
const parcel: Parcel = { entries: [{ event, repeat: 0, why: 'critical: told at once' }], more: {}, recipients: [] }

let store: Store
let said: string[]
let sent: Parcel[]
let answer: () => Promise<SendResult>
let isFull: boolean
let sender: Sender

const channel = (): Channel => ({
  name: 'mail',
  doc: 'mail to nobody',
  copies: [[]],
  wants: () => true,
  send: async (one) => {
    sent.push(one)
    return answer()
  },
})
const log = () => pino({}, { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) })

beforeEach(() => {
  const db = new DatabaseSync(':memory:')
  for (const step of MIGRATIONS) db.exec(step)
  const real = createStore(db)
  isFull = false
  store = {
    ...real,
    transaction: (work) => {
      if (isFull) throw new Error('database or disk is full')
      return real.transaction(work)
    },
  }
  said = []
  sent = []
  answer = async () => ({ ok: true, answer: 'taken' })
  const pace = { now: () => NOW, random: () => 0, perHour: 60, maxAgeMs: 60_000 }
  sender = new Sender(channel(), { store, log: log(), ...pace })
})
afterEach(async () => {
  await sender.close(0)
  store.close()
})

describe('a message that was sent while the disk was full', () => {
  it('is written down as soon as there is room, and not sent again', async () => {
    store.queue('mail', parcel, NOW)
    answer = async () => {
      isFull = true
      return { ok: true, answer: 'taken' }
    }
    sender.poke()
    await until('it is said', () => said.some((text) => text.includes('disk is full')))
    sender.poke()
    sender.poke()
    expect(store.queued('mail').queued).toBe(1)
    isFull = false
    await until('it is written down', () => {
      sender.poke()
      return store.queued('mail').queued === 0
    })
    expect(sent).toHaveLength(1)
    expect(store.recent(1)[0]).toMatchObject({ outcome: 'sent', why: 'critical: told at once (taken)' })
  })
})

describe('a message that is too old', () => {
  it('is given up, and said', async () => {
    store.queue('mail', parcel, NOW - 61_000)
    answer = async () => ({ ok: false, failure: 'retry', error: 'no', advice: 'wait', retryAfterMs: null })
    sender.poke()
    await until('it is given up', () => store.queued('mail').queued === 0)
    expect(store.recent(1)[0]).toMatchObject({ outcome: 'failed', why: 'given up after DELIVERY_MAX_AGE: no' })
    expect(said.some((text) => text.includes('given up'))).toBe(true)
  })
})

describe('a stop', () => {
  it('lets a running delivery finish, and ends one that hangs', async () => {
    const { promise, resolve } = Promise.withResolvers<SendResult>()
    answer = () => promise
    store.queue('mail', parcel, NOW)
    sender.poke()
    await until('it is on its way', () => sent.length === 1)
    const closing = sender.close(5000)
    resolve({ ok: true, answer: 'taken' })
    await closing
    expect(store.queued('mail').queued).toBe(0)
  })
})

describe('the loop', () => {
  it('says once that the log cannot be read, and goes on when it can', async () => {
    let problem: string | null = "EACCES: permission denied, open 'container_alerts.log'"
    let lines = [{ text: encode(event) }, { text: 'no line at all' }]
    const reader: LogReader = {
      read: () => {
        if (problem !== null) throw new Error(problem)
        const reading = { lines, place: { ...START, offset: 100 }, caughtUp: true, notes: [] }
        lines = []
        return reading
      },
      backlog: () => ({ behindBytes: 0, pendingFiles: [] }),
      close: () => {},
    }
    const policy = { cooldownMs: 0, bufferMs: 0, lateMs: LATE_MS }
    const desk = { store, channels: [sender.channel], policy, repeatMs: null }
    const pump = new Pump({ desk, reader, senders: [sender], log: log(), now: () => NOW, pollMs: 5, checkMs: 50 })
    pump.start()
    await until('the problem', () => pump.problem !== null)
    problem = null
    await until('it is read', () => pump.problem === null && sent.length === 1)
    await pump.close(0)
    expect(said.filter((text) => text.includes('EACCES'))).toHaveLength(1)
    expect(store.counters()).toEqual({ lines: 2, badLines: 1, duplicates: 0 })
  })
})
