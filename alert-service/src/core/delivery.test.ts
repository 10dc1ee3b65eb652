import type { AlertEvent } from '@plimsoll/contracts/alert'
import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'
import { copiesOf } from './channel.ts'
import { type Fault, sesFailure, smtpFailure } from './classify.ts'
import { MANY_WAITING, MAX_ENTRIES, nextParcel, OUTAGE_MS, type Waiting } from './coalesce.ts'
import {
  afterTry,
  allowedAt,
  BLOCKED_WAIT_MS,
  FRESH,
  isScarce,
  type Lane,
  messagesLeft,
  QUOTA_WAIT_MS,
} from './lane.ts'
import { isDue, nextCheckAt, sleepMs } from './schedule.ts'

const NOW = 1_800_000_000_000

describe('back-off', () => {
  it('doubles from a second to a minute, half of it chance', () => {
    expect([1, 2, 3, 4, 7, 1000].map((n) => backoffMs(n, 0))).toEqual([500, 1000, 2000, 4000, 30_000, 30_000])
    expect([1, 7].map((n) => backoffMs(n, 1))).toEqual([1000, 60_000])
  })

  it('never cuts short what the server asked for', () => {
    expect(backoffMs(1, 0.5, 120_000)).toBe(120_000)
  })
})

describe('an answer of Amazon SES', () => {
  const fault = (name: string, status: number | null, message = ''): Fault => ({
    name,
    status,
    message,
    retryAfterMs: null,
  })
  const kind = (f: Fault) => {
    const result = sesFailure(f)
    return result.ok ? 'ok' : result.failure
  }

  it.each<[string, Fault, string]>([
    ['throttling', fault('Throttling', 400, 'Maximum sending rate exceeded.'), 'retry'],
    ['the daily quota', fault('Throttling', 400, 'Daily message quota exceeded.'), 'quota'],
    ['a server fault', fault('Error', 500), 'retry'],
    ['no answer', fault('TimeoutError', null), 'retry'],
    ['no such host', fault('ENOTFOUND', null), 'retry'],
    ['a wrong key', fault('InvalidClientTokenId', 403), 'blocked'],
    ['no credentials anywhere', fault('CredentialsProviderError', null), 'blocked'],
    ['a paused account', fault('AccountSendingPausedException', 400), 'blocked'],
    ['an address that is not verified', fault('MessageRejected', 400, 'Email address is not verified.'), 'refused'],
    ['an unknown 4xx', fault('InvalidParameterValue', 400), 'refused'],
  ])('%s', (_, f, expected) => {
    expect(kind(f)).toBe(expected)
  })

  it('comes with what to do', () => {
    expect(sesFailure(fault('SignatureDoesNotMatch', 403))).toMatchObject({
      advice: 'the secret does not belong to the access key: check AWS_SECRET_ACCESS_KEY',
    })
  })
})

describe('an SMTP reply', () => {
  it.each<[string, string, number | null, string]>([
    ['greylisting', 'EENVELOPE', 451, 'retry'],
    ['a refused login', 'EAUTH', 535, 'blocked'],
    ['an unknown mailbox', 'EENVELOPE', 550, 'refused'],
    ['a refused connection', 'ESOCKET', null, 'retry'],
  ])('%s', (_, name, status, expected) => {
    expect(smtpFailure({ name, status, message: '', retryAfterMs: null })).toMatchObject({ failure: expected })
  })
})

describe('what goes out next', () => {
  const event = (n: number): AlertEvent => ({
    time: NOW,
    severity: 'critical',
    state: 'firing',
    container: `c${n}`,
    rule: 'container-down',
    summary: 'down',
    value: null,
    threshold: null,
    host: 'h',
    id: `${n}`.padStart(26, '0'),
  })
  const waiting = (seq: number, over: Partial<Waiting> = {}): Waiting => ({
    seq,
    createdAt: NOW,
    parcel: { entries: [{ event: event(seq), repeat: 0, why: '' }], more: {}, recipients: ['a'] },
    ...over,
  })
  const many = (n: number) => Array.from({ length: n }, (_, i) => waiting(i + 1))

  it('is the oldest alone, normally', () => {
    expect(nextParcel(many(3), NOW, false)?.seqs).toEqual([1])
    expect(nextParcel([], NOW, false)).toBeNull()
  })

  it('is all of them after an outage, when many wait, or when messages are scarce', () => {
    expect(nextParcel(many(3), NOW + OUTAGE_MS + 1, false)?.seqs).toEqual([1, 2, 3])
    expect(nextParcel(many(MANY_WAITING + 1), NOW, false)?.seqs).toHaveLength(MANY_WAITING + 1)
    expect(nextParcel(many(2), NOW, true)?.seqs).toEqual([1, 2])
  })

  it('never mixes readers', () => {
    const [first, second] = many(2)
    const elsewhere = waiting(3, { parcel: { ...waiting(3).parcel, recipients: ['b'] } })
    const all = [first, elsewhere, second].filter((w) => w !== undefined)
    expect(nextParcel(all, NOW, true)?.seqs).toEqual([1, 2])
  })

  it('lists so many and counts the rest', () => {
    const next = nextParcel(many(MAX_ENTRIES + 50), NOW, false)
    expect(next?.parcel.entries).toHaveLength(MAX_ENTRIES)
    expect(Object.values(next?.parcel.more ?? {}).reduce((a, b) => a + b, 0)).toBe(50)
  })

  it('has at most 50 recipients, each once', () => {
    const all = Array.from({ length: 120 }, (_, i) => `u${i}@example.com`)
    expect(copiesOf([...all, 'u0@example.com'], 50).map((copy) => copy.length)).toEqual([50, 50, 20])
  })
})

describe('a channel', () => {
  const at = { now: NOW, random: 0, perHour: 60, part: 1 }
  const fail = (failure: 'retry' | 'quota' | 'blocked' | 'refused') =>
    ({ ok: false, failure, error: 'no', advice: 'do', retryAfterMs: null }) as const

  it('waits after a failure, and forgets it with the first success', () => {
    const once = afterTry(FRESH, fail('retry'), at)
    expect(once).toMatchObject({ state: 'retrying', failures: 1, nextTryAt: NOW + 500, error: 'no' })
    expect(afterTry(once, fail('retry'), at)).toMatchObject({ failures: 2, nextTryAt: NOW + 1000 })
    expect(afterTry(once, { ok: true, answer: '' }, at)).toMatchObject({
      state: 'ok',
      failures: 0,
      error: null,
      sent: 1,
    })
  })

  it('waits long for a quota and for a person, and not at all after a refused message', () => {
    expect(afterTry(FRESH, fail('quota'), at).nextTryAt).toBe(NOW + QUOTA_WAIT_MS)
    expect(afterTry(FRESH, fail('blocked'), at)).toMatchObject({ state: 'blocked', nextTryAt: NOW + BLOCKED_WAIT_MS })
    expect(afterTry(FRESH, fail('refused'), at)).toMatchObject({ state: 'ok', nextTryAt: null })
  })

  it('sends so many messages an hour, refilled evenly', () => {
    let lane: Lane = FRESH
    for (let i = 0; i < 60; i++) lane = afterTry(lane, { ok: true, answer: '' }, at)
    expect(messagesLeft(lane, 60, NOW)).toBe(0)
    expect(allowedAt(lane, 60, NOW)).toBe(NOW + 60_000)
    expect(allowedAt(lane, 60, NOW + 60_000)).toBeNull()
  })

  it('after a burst of ten sends what waits together, and 15 s apart', () => {
    let lane: Lane = FRESH
    for (let i = 0; i < 10; i++) lane = afterTry(lane, { ok: true, answer: '' }, at)
    expect([isScarce(lane, 60, NOW), allowedAt(lane, 60, NOW)]).toEqual([false, null])
    lane = afterTry(lane, { ok: true, answer: '' }, at)
    expect([isScarce(lane, 60, NOW), allowedAt(lane, 60, NOW)]).toEqual([true, NOW + 15_000])
    expect(allowedAt(lane, 60, NOW + 15_000)).toBeNull()
    expect(isScarce(lane, 60, NOW + 10 * 60_000)).toBe(false)
  })
})

describe('the pace', () => {
  it('keeps to a grid, whatever is late', () => {
    expect(nextCheckAt(1000, 300, 1000)).toBe(1300)
    expect(nextCheckAt(1000, 300, 1950)).toBe(2200)
    expect(nextCheckAt(1000, 300, 500)).toBe(700)
  })

  it('is not lost when the clock is set back', () => {
    expect(isDue(1300, 300, 1299)).toBe(false)
    expect(isDue(1300, 300, 1300)).toBe(true)
    expect(isDue(7_201_300, 300, 1300)).toBe(true)
  })

  it('sleeps until the next thing is due', () => {
    expect(sleepMs([null, NOW + 50, NOW + 20], NOW, 200)).toBe(20)
    expect(sleepMs([null], NOW, 200)).toBe(200)
    expect(sleepMs([NOW - 5], NOW, 200)).toBe(0)
  })
})
