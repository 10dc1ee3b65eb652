import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  duration,
  emailAddress,
  flag,
  httpUrl,
  line,
  listOf,
  oneOf,
  pairsOf,
  percent,
  port,
  size,
  wholeNumber,
} from './setting-kinds.ts'
import type { Kind } from './settings.ts'

/** The value, or the messages. */
function read<T>(kind: Kind<T>, text: string): T | string[] {
  const parsed = v.safeParse(kind, text)
  return parsed.success ? parsed.output : parsed.issues.map((issue) => issue.message)
}
const refused = expect.arrayContaining([expect.stringMatching(/^expected/)])

describe('duration', () => {
  const kind = duration({ min: '250ms', max: '14d' })
  it.each([
    ['5', 5000],
    ['0.5', 500],
    ['250ms', 250],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['14d', 1_209_600_000],
    [' 2s ', 2000],
  ])('reads %s as %i ms', (text, ms) => expect(read(kind, text)).toBe(ms))

  it.each(['', '0', '249ms', '15d', '-1', '5 s', '5S', '1e3', 'NaN', 'Infinity', '0x10', '5ss', 's'])(
    'refuses "%s"',
    (text) => expect(read(kind, text)).toEqual(refused),
  )

  it('takes a bare number as milliseconds where that is what people write', () => {
    expect(read(duration({ min: '1ms', max: '60s', bare: 'ms' }), '1000')).toBe(1000)
  })

  it('says which unit a bare number has', () => {
    const [message] = read(duration({ min: '1ms', max: '60s', bare: 'ms' }), 'x') as string[]
    expect(message).toBe(
      'expected a duration from 1ms to 60s, such as 250ms, 2s, 5m or 14d (a bare number is milliseconds)',
    )
  })
})

describe('numbers', () => {
  it.each([
    ['40', 40],
    ['40%', 40],
    ['40 %', 40],
    ['0', 0],
    ['99.5', 99.5],
  ])('reads the percentage %s', (text, value) => expect(read(percent({ max: 100 }), text)).toBe(value))

  it.each(['-1', '101', '1e1', '.5', '4 0', '%', 'NaN', '40%%'])('refuses the percentage "%s"', (text) =>
    expect(read(percent({ max: 100 }), text)).toEqual(refused),
  )

  it('lets a percentage go beyond 100 where the range says so: docker stats counts cores', () => {
    expect(read(percent({ min: 1, max: 6400 }), '250')).toBe(250)
    expect(read(percent({ min: 1, max: 6400 }), '0')).toEqual(refused)
  })

  it('reads whole numbers of its range, and nothing else', () => {
    const kind = wholeNumber({ min: -10, max: 1000 })
    fc.assert(fc.property(fc.integer({ min: -10, max: 1000 }), (n) => read(kind, String(n)) === n))
    for (const text of ['', '1.5', '1001', '-11', '1_000', '0x1f', '１']) expect(read(kind, text)).toEqual(refused)
  })

  it('reads ports from 0 to 65535', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), (n) => read(port(), String(n)) === n))
    for (const text of ['65536', '-1', '80.0', '', 'http']) expect(read(port(), text)).toEqual(refused)
  })

  it.each([
    ['512k', 524_288],
    ['10m', 10_485_760],
    ['10MB', 10_485_760],
    ['10 MiB', 10_485_760],
    ['1.5g', 1_610_612_736],
    ['2048', 2048],
    ['2048b', 2048],
  ])('reads the size %s as %i bytes', (text, bytes) => expect(read(size({ min: '1k', max: '10g' }), text)).toBe(bytes))

  it.each(['', '1', '11g', '1t', '-1m', 'm', '1e6'])('refuses the size "%s"', (text) =>
    expect(read(size({ min: '1k', max: '10g' }), text)).toEqual(refused),
  )
})

describe('words', () => {
  it.each([
    ['true', true],
    ['YES', true],
    ['on', true],
    ['1', true],
    ['False', false],
    ['no', false],
    ['off', false],
    ['0', false],
  ])('reads the flag %s as %s', (text, value) => expect(read(flag(), text)).toBe(value))

  it('refuses a flag that is neither', () => expect(read(flag(), 'maybe')).toEqual(['expected true or false']))

  it('finds one of several words in any case, and lists them when it does not', () => {
    expect(read(oneOf(['low', 'STARTTLS']), 'LOW')).toBe('low')
    expect(read(oneOf(['low', 'STARTTLS']), 'starttls')).toBe('STARTTLS')
    expect(read(oneOf(['low', 'high']), 'mega')).toEqual(['expected one of: low, high'])
  })

  it('keeps a line as it is, and refuses what would break out of one', () => {
    expect(read(line(), ' grüße, 世界 "x" ')).toBe('grüße, 世界 "x"')
    for (const at of ['\n', '\r', '\0', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029'])
      expect(read(line(), `a${at}b`)).toEqual(['expected one line of text'])
  })
})

describe('addresses', () => {
  it.each([
    ['http://target-app:8080', 'http://target-app:8080'],
    ['https://a/b//', 'https://a/b'],
    ['http://[::1]:8001/', 'http://[::1]:8001'],
    ['http://a/?next=/', 'http://a/?next=/'],
  ])('reads %s as %s', (text, url) => expect(read(httpUrl(), text)).toBe(url))

  it.each(['', 'a', '//a', 'http://', 'http:///a', 'ftp://a', 'http://a b', 'javascript:alert(1)', 'http://:80'])(
    'refuses "%s" as an address',
    (text) => expect(read(httpUrl(), text)).toEqual(refused),
  )

  it.each(['ops@example.com', 'Ops <ops@example.com>', '"Ops, Team" <ops@example.com>', 'o+x@example'])(
    'takes %s as an e-mail address',
    (text) => expect(read(emailAddress(), text)).toBe(text),
  )

  it.each([
    '',
    'ops',
    '@example.com',
    'a@b@c',
    'a b@c',
    'a@b, c@d',
    'Ops <ops>',
    'ops@example.com>',
    'a@b\r\nBcc: c@d',
    'x\u2028 <a@b>',
  ])('refuses "%s" as an e-mail address', (text) => expect(read(emailAddress(), text)).toEqual(refused))
})

describe('several values', () => {
  it('splits a list at commas and drops empty entries', () => {
    expect(read(listOf(emailAddress()), ' a@b ,, c@d,')).toEqual(['a@b', 'c@d'])
    expect(read(listOf(line()), ' , ')).toEqual(['expected at least one entry'])
  })

  it('names every wrong entry of a list', () => {
    expect(read(listOf(port()), '80,x,81,y')).toEqual([
      '"x": expected a port from 0 to 65535',
      '"y": expected a port from 0 to 65535',
    ])
  })

  it('reads pairs in order, and splits each at its first equals sign', () => {
    const pairs = read(pairsOf(httpUrl()), 'web = http://web/?a=b , api=https://api')
    expect([...(pairs as ReadonlyMap<string, string>)]).toEqual([
      ['web', 'http://web/?a=b'],
      ['api', 'https://api'],
    ])
  })

  it('names every wrong pair, and says nothing of those that are right', () => {
    expect(read(pairsOf(port()), 'a=1,a=2,b,=3,c=x,d=4')).toEqual([
      '"a=2": a stands twice',
      '"b": expected name=value',
      '"=3": expected name=value',
      '"c=x": expected a port from 0 to 65535',
    ])
    expect(read(pairsOf(port()), '')).toEqual(['expected at least one name=value'])
  })
})
