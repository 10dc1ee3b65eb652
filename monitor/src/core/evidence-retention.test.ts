import { describe, expect, it } from 'vitest'
import { expiredEvidence, isAlertId, timeOfId } from './evidence-retention.ts'
import { ulid } from './ulid.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const DAY = 86_400_000
const id = (at: number, n = 1) => ulid(at, '0123456789ab', n)
const file = (at: number, n = 1) => `${id(at, n)}.json`

describe('old evidence', () => {
  it('goes by the time of its alert', () => {
    const [old, young] = [file(NOON - 15 * DAY), file(NOON - 13 * DAY)]
    expect(expiredEvidence([young, old], { now: NOON, keepMs: 14 * DAY })).toEqual([old])
  })

  it('goes when there is more than there is room for, the oldest first', () => {
    const names = [3, 1, 2].map((n) => file(NOON - n * 1000))
    expect(expiredEvidence(names, { now: NOON, keepMs: DAY, maxFiles: 2 })).toEqual([file(NOON - 3000)])
  })

  it('takes nothing along that is not ours', () => {
    const names = ['notes.txt', 'x.json', '.hidden', `${id(0)}.json.new`, `../${id(0)}.json`]
    expect(expiredEvidence(names, { now: NOON, keepMs: DAY, maxFiles: 0 })).toEqual([])
  })

  it('an id knows its time', () => expect(timeOfId(id(NOON))).toBe(NOON))

  it.each(['', '../../etc/passwd', `${id(NOON)}/`, id(NOON).toLowerCase(), `${id(NOON)}0`])('%s is no id', (text) =>
    expect(isAlertId(text)).toBe(false),
  )
})
