import { describe, expect, it } from 'vitest'
import { HISTORY_MS } from './history.ts'
import { alertStateOf, beforeOf, historyAsked, limitOf, metricsOf, removedOf, tailOf } from './query.ts'

const now = 1_800_000_000_000

describe('a question about a history', () => {
  it('is about all of it when it says nothing', () => {
    expect(historyAsked('web', {}, now)).toEqual({
      ok: true,
      value: { name: 'web', from: now - HISTORY_MS, to: now, points: 600 },
    })
  })
  it('takes epoch milliseconds and ISO 8601', () => {
    const read = historyAsked('web', { from: '1799999999000', to: '2027-01-15T08:00:00Z', points: '10' }, now)
    expect(read).toMatchObject({ value: { from: 1_799_999_999_000, to: now, points: 10 } })
  })
  it.each([
    [{ from: 'yesterday' }, 'from'],
    [{ to: '', from: String(now + 1) }, 'from'],
    [{ points: '0' }, 'points'],
    [{ points: '1e9' }, 'points'],
    [{ points: ['1', '2'] }, 'points'],
  ])('%j is refused by name', (query, name) => {
    const read = historyAsked('web', query, now)
    expect(read.ok ? '' : read.problem).toContain(name)
  })
})

describe('limit and state', () => {
  it.each([
    ['5', true],
    ['1000', true],
    ['1001', false],
    ['-1', false],
    ['x', false],
  ])('limit=%s: %s', (limit, ok) => expect(limitOf({ limit }).ok).toBe(ok))
  it.each([
    ['firing', true],
    ['resolved', true],
    ['open', false],
  ])('state=%s: %s', (state, ok) => expect(alertStateOf({ state }).ok).toBe(ok))
})

describe('what else can be asked for', () => {
  it.each([
    [{}, null],
    [{ metrics: 'cpuPercent, pids' }, ['cpuPercent', 'pids']],
    [{ metrics: 'cpuPercent,toString' }, 'metrics has "toString"'],
    [{ metrics: 'cpuPercent,' }, 'metrics has ""'],
  ])('metrics in %j', (query, expected) => {
    const read = metricsOf(query)
    if (typeof expected === 'string') expect(read.ok ? '' : read.problem).toContain(expected)
    else expect(read).toEqual({ ok: true, value: expected })
  })
  it.each([
    [removedOf({ removed: '1' }), true],
    [removedOf({ removed: 'false' }), false],
    [removedOf({}), false],
    [tailOf({}), 200],
    [tailOf({ tail: '5000' }), 5000],
    [beforeOf({}), null],
    [beforeOf({ before: '1799999999000' }), 1_799_999_999_000],
  ])('%j', (read, value) => expect(read).toEqual({ ok: true, value }))
  it.each([
    [removedOf({ removed: 'maybe' }), 'removed'],
    [tailOf({ tail: '0' }), 'tail'],
    [beforeOf({ before: 'noon' }), 'before'],
  ])('%j is refused by name', (read, name) => expect(read.ok ? '' : read.problem).toContain(name))
})
