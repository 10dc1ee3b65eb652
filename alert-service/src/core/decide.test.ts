import type { AlertEvent } from '@plimsoll/contracts/alert'
import { describe, expect, it } from 'vitest'
import { decide, type Known, LATE_MS, type Policy, type Verdict } from './decide.ts'
import type { AlertMemory, Entry } from './memory.ts'
import { told } from './memory.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const policy: Policy = { cooldownMs: 300_000, bufferMs: 60_000, lateMs: LATE_MS }

const event = (over: Partial<AlertEvent> = {}): AlertEvent => ({
  time: NOW,
  severity: 'warning',
  state: 'firing',
  container: 'web',
  rule: 'high-cpu',
  summary: 'CPU 96 % > 40 %',
  value: 96,
  threshold: 40,
  host: 'h1',
  id: '01KAH000000000000000000001',
  ...over,
})

const nothing: Known = { memory: null, alikeToldAt: null, bufferDueAt: null }
const memoryAfter = (verdict: Verdict): AlertMemory => verdict.memory
const say = (e: AlertEvent, known: Partial<Known> = {}, now = NOW) => decide(e, { ...nothing, ...known }, now, policy)
const toldMemory = (e: AlertEvent): AlertMemory => {
  const entry: Entry = { event: e, repeat: 0, why: '' }
  return told(memoryAfter(say(e)), entry, NOW)
}
const short = (verdict: Verdict) =>
  verdict.do === 'hold'
    ? `hold ${verdict.because} +${(verdict.dueAt - NOW) / 1000}s`
    : verdict.do === 'send'
      ? 'send'
      : `${verdict.do} ${verdict.reason}`

describe('a firing line', () => {
  it.each<[string, AlertEvent, Partial<Known>, string]>([
    ['critical: told at once', event({ severity: 'critical' }), {}, 'send'],
    ['not critical: opens a buffer', event(), {}, 'hold buffer +60s'],
    ['not critical, a buffer is open: goes with it', event(), { bufferDueAt: NOW + 10_000 }, 'hold buffer +10s'],
    [
      'within the cooldown of one alike: waits for its end',
      event(),
      { alikeToldAt: NOW - 100_000 },
      'hold cooldown +200s',
    ],
    [
      'critical within the cooldown: waits too, it is not lost',
      event({ severity: 'critical' }),
      { alikeToldAt: NOW - 100_000 },
      'hold cooldown +200s',
    ],
    ['after the cooldown', event({ severity: 'critical' }), { alikeToldAt: NOW - 300_000 }, 'send'],
    [
      'the clock was set back: waits no longer than one cooldown',
      event(),
      { alikeToldAt: NOW + 86_400_000 },
      'hold cooldown +300s',
    ],
    ['hours old: told with others', event({ severity: 'critical', time: NOW - 2 * LATE_MS }), {}, 'hold late +0s'],
    ['held back by the monitor', event({ suppressed: 'dependency', by: 'X' }), {}, 'drop held-back-by-monitor'],
  ])('%s', (_, line, known, expected) => {
    expect(short(say(line, known))).toBe(expected)
  })

  it('that comes twice is told once', () => {
    expect(short(say(event(), { memory: toldMemory(event()) }))).toBe('drop duplicate')
    expect(short(say(event(), { memory: memoryAfter(say(event())) }))).toBe('drop duplicate')
  })

  it('that the monitor held back first and then not is told', () => {
    const memory = memoryAfter(say(event({ suppressed: 'silence' })))
    expect(short(say(event({ severity: 'critical' }), { memory }))).toBe('send')
  })
})

describe('a resolved line', () => {
  const over = (more: Partial<AlertEvent> = {}) => event({ state: 'resolved', ...more })

  it('of an alert that was never told is not told', () => {
    expect(short(say(over()))).toBe('drop never-told')
    const suppressed = memoryAfter(say(event({ suppressed: 'silence' })))
    expect(short(say(over(), { memory: suppressed }))).toBe('drop never-told')
  })

  it('of a told alert is told: at once when it was critical', () => {
    expect(short(say(over(), { memory: toldMemory(event()) }))).toBe('hold buffer +60s')
    const critical = toldMemory(event({ severity: 'critical' }))
    expect(short(say(over({ severity: 'critical' }), { memory: critical }))).toBe('send')
  })

  it('whose firing is still in the buffer goes out with it', () => {
    const memory = memoryAfter(say(event(), { bufferDueAt: NOW + 5000 }))
    expect(short(say(over(), { memory }))).toBe('hold with-its-firing +5s')
  })

  it('whose firing waits for the cooldown takes it back', () => {
    const memory = memoryAfter(say(event(), { alikeToldAt: NOW }))
    const verdict = say(over(), { memory })
    expect(short(verdict)).toBe('withdraw over-before-cooldown')
    expect(verdict.memory.handling).toEqual({ firing: 'suppressed', resolved: 'suppressed' })
  })
})

describe('an acknowledged or silenced line', () => {
  it.each(['acknowledged', 'silenced'] as const)('%s: is remembered, so that the alert is not repeated', (state) => {
    const verdict = say(event({ state }), { memory: toldMemory(event()) })
    expect(short(verdict)).toBe(`drop ${state}`)
    expect(verdict.memory.handling).toEqual({ firing: 'told', [state]: 'suppressed' })
  })
})

it('an alert that is acknowledged or silenced while it waits is not told', () => {
  const waiting = memoryAfter(say(event()))
  const verdict = say(event({ state: 'silenced' }), { memory: waiting })
  expect(short(verdict)).toBe('withdraw silenced')
  expect(short(say(event({ state: 'resolved' }), { memory: verdict.memory }))).toBe('drop never-told')
})

it('every verdict has its reason in words', () => {
  expect(say(event(), { alikeToldAt: NOW - 1000 }).why).toBe(
    'within ALERT_COOLDOWN (5 min) of the last one: told then, if it still fires',
  )
  expect(say(event({ suppressed: 'dependency', by: '01KAH' })).why).toBe(
    'held back by the monitor: dependency (by 01KAH)',
  )
})
