import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactTime, isoDay, isoTime, isTimeZone, localTime, parseIsoTime, zonedClock } from './time.ts'

const at = Date.UTC(2026, 10, 21, 11, 36, 52, 463)
const anyTime = fc.integer({ min: Date.UTC(1970), max: Date.UTC(9999) })

describe('writing times', () => {
  it('writes ISO 8601 UTC with milliseconds', () => expect(isoTime(at)).toBe('2026-11-21T11:36:52.463Z'))
  it('names the UTC day', () => expect(isoDay(at)).toBe('2026-11-21'))
  it('names a rotated file by the second', () => expect(compactTime(at)).toBe('20261121T113652Z'))
  it('sorts the names of rotated files as text the way they were made', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (a, b) => {
        expect(compactTime(Math.min(a, b)) <= compactTime(Math.max(a, b))).toBe(true)
      }),
    )
  })
  it('writes local times for people, with two digits everywhere', () => {
    expect(localTime(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05')
  })
})

describe('parseIsoTime', () => {
  it('reads what isoTime writes, to the millisecond', () => {
    fc.assert(fc.property(anyTime, (ms) => parseIsoTime(isoTime(ms)) === ms))
  })

  it.each([
    ['2026-11-21T11:36:52Z', at - 463],
    ['2026-11-21T12:36:52.463+01:00', at],
    ['2026-11-21T03:36:52.463-08:00', at],
  ])('reads %s', (text, ms) => expect(parseIsoTime(text)).toBe(ms))

  it('keeps the fraction of the engine’s nanoseconds', () => {
    expect(parseIsoTime('2026-11-21T11:36:52.463250000Z')).toBeCloseTo(at + 0.25, 3)
  })

  it('takes the engine’s "never" as no time', () => expect(parseIsoTime('0001-01-01T00:00:00Z')).toBeNull())

  it.each([
    '',
    'now',
    '2026-11-21',
    '2026-11-21 11:36:52Z',
    '2026-11-21T11:36:52',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21T11:36:52,463Z',
    '2026-11-21T11:36:52Zzz',
  ])('does not take "%s" for a time', (text) => expect(parseIsoTime(text)).toBeNull())

  it('takes the 29th of February of a leap year for a day', () => {
    expect(parseIsoTime('2028-02-29T00:00:00Z')).toBe(Date.UTC(2028, 1, 29))
  })
})

describe('a clock on the wall', () => {
  it('shows the day and the minute of its zone, summer and winter', () => {
    const at = (text: string) => parseIsoTime(text) ?? Number.NaN
    expect(zonedClock(at('2026-11-21T23:30:00Z'), 'Europe/Berlin')).toEqual({ weekday: 0, minuteOfDay: 30 })
    expect(zonedClock(at('2026-07-21T21:30:00Z'), 'Europe/Berlin')).toEqual({ weekday: 2, minuteOfDay: 23 * 60 + 30 })
    expect(zonedClock(at('2026-11-21T00:00:00Z'), 'UTC')).toEqual({ weekday: 6, minuteOfDay: 0 })
  })

  it('knows which zones there are', () => {
    expect(['UTC', 'Asia/Kolkata', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
  })
})
