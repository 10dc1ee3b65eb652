import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALERT_STATES, type AlertEvent, SEVERITIES } from './alert.ts'
import { decode, encode, MAX_LINE_BYTES } from './alert-log.ts'

const event: AlertEvent = {
  time: Date.UTC(2026, 10, 21, 11, 13, 55, 99),
  severity: 'critical',
  state: 'firing',
  container: 'monitored-app',
  rule: 'container-oom',
  summary: 'killed: out of memory at its own limit of 256 MiB',
  value: 268_435_456,
  threshold: 268_435_456,
  host: 'web1',
  id: '01KAH0000000000000000000AB',
}
const line =
  'time=2026-11-21T11:13:55.099Z severity=critical state=firing container=monitored-app rule=container-oom ' +
  'summary="killed: out of memory at its own limit of 256 MiB" value=268435456 threshold=268435456 host=web1 ' +
  'id=01KAH0000000000000000000AB v=1'

describe('a line of the alert log', () => {
  it('reads as it has since version 1', () => {
    expect(encode(event)).toBe(line)
    expect(decode(line)).toEqual({ ok: true, event })
  })

  it('leaves out what is unknown', () => {
    const about = { ...event, container: null, value: null, threshold: null }
    expect(encode(about)).not.toMatch(/container=|value=|threshold=|suppressed=|by=/)
    expect(decode(encode(about))).toEqual({ ok: true, event: about })
  })

  it('names the Compose project where there is one', () => {
    const shop = { ...event, project: 'shop' }
    expect(encode(shop)).toBe(line.replace(' id=', ' project=shop id='))
    expect(decode(encode(shop))).toEqual({ ok: true, event: shop })
  })

  it('passes over keys of later versions', () => {
    expect(decode(line.replace(' v=1', ' evidence="a.json" v=1'))).toEqual({ ok: true, event })
  })
})

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
// Any text at all, lone surrogates too; what is not text is made text, as JSON for people would.
const anyText = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.toWellFormed())
const hostile = fc.constantFrom(
  '" id=x v=2',
  'a\nv=1',
  'x\r\ntime=now',
  '\u2028',
  '\u001b[31m',
  'state=resolved',
  '\\"',
  '\\',
)
const freeText = fc.oneof(
  anyText,
  hostile,
  fc.tuple(anyText, hostile, anyText).map((parts) => parts.join('')),
)
const name = freeText.filter((text) => text.length > 0 && text.length <= 256)
const anyEvent: fc.Arbitrary<AlertEvent> = fc
  .record({
    time: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    severity: fc.constantFrom(...SEVERITIES),
    state: fc.constantFrom(...ALERT_STATES),
    container: fc.option(name),
    rule: name,
    summary: freeText,
    value: fc.option(number),
    threshold: fc.option(number),
    host: name,
    id: fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    suppressed: fc.option(freeText, { nil: undefined }),
    by: fc.option(freeText, { nil: undefined }),
    project: fc.option(freeText, { nil: undefined }),
  })
  .map(({ suppressed, by, project, ...rest }) => ({
    ...rest,
    value: rest.value === 0 ? 0 : rest.value, // a line knows no -0
    threshold: rest.threshold === 0 ? 0 : rest.threshold,
    ...(suppressed === undefined ? {} : { suppressed }),
    ...(by === undefined ? {} : { by }),
    ...(project === undefined ? {} : { project }),
  }))

describe('for any event, whatever a container names, labels or prints', { timeout: 30_000 }, () => {
  it('the line is one line that no terminal obeys, and decodes to the same event', () => {
    fc.assert(
      fc.property(anyEvent, (some) => {
        const text = encode(some)
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u)
        expect(Buffer.byteLength(text) + 1).toBeLessThanOrEqual(MAX_LINE_BYTES)
        expect(decode(text)).toEqual({ ok: true, event: some })
      }),
      { numRuns: 500 },
    )
  })

  it('a line cut short anywhere is none', () => {
    fc.assert(
      fc.property(anyEvent, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (some, share) => {
        const text = encode(some)
        expect(decode(text.slice(0, Math.floor(text.length * share))).ok).toBe(false)
      }),
    )
  })

  it('any other line is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decode(text).ok).toBe(false)
      }),
    )
  })

  it('a summary without end is cut, so that the line stays within its bound', () => {
    const text = encode({ ...event, summary: '\u0007'.repeat(100_000) })
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_LINE_BYTES)
    expect(decode(text).ok).toBe(true)
  })
})

describe('what is refused, and with which reason', () => {
  it.each([
    [line.replace(' v=1', ''), 'v is missing, expected 1'],
    [line.replace(' v=1', ' v=2'), 'v is 2, expected 1'],
    [`${line} v=1`, 'v stands twice'],
    [line.replace('state=firing', 'state=firing state=resolved'), 'state stands twice'],
    [line.replace('state=firing', 'state=over'), 'state is not a state'],
    [line.replace('severity=critical', 'severity=info'), 'severity is not a severity'],
    [line.replace(/ rule=[^ ]+/, ''), 'rule is missing'],
    [line.replace('value=268435456', 'value=much'), 'value is not a number'],
    [line.replace('id=01KAH0000000000000000000AB', 'id=../../etc'), 'id is not a ULID'],
    [line.replace(/time=[^ ]+/, 'time=yesterday'), 'time is not an ISO 8601 time'],
    [line.slice(5), 'no key=value at column 1'],
    [line.replace('MiB"', 'MiB'), /^no key=value at column/],
    [line.replace('summary="killed', 'summary="\\xkilled'), 'summary is not a JSON string'],
    ['', 'v is missing, expected 1'],
    [`${line} x="${'x'.repeat(MAX_LINE_BYTES)}"`, 'longer than 16 KiB'],
  ])('%#: refused with its reason', (text, why) => {
    const decoded = decode(text)
    expect(decoded.ok ? 'an event' : decoded.why).toMatch(why)
  })
})
