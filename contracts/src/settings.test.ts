import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duration, line, listOf, percent, port } from './setting-kinds.ts'
import { declare, readSettings, type SettingsSource, unquote } from './settings.ts'

const declared = declare({
  CPU_THRESHOLD: { doc: 'a percentage', fallback: '40', parse: percent({ max: 100 }) },
  INTERVAL: { doc: 'a duration', fallback: '2s', parse: duration({ min: '1s', max: '1h' }) },
  REGION: { doc: 'off unless given', fallback: null, parse: line() },
  PASSWORD: { doc: 'a secret', fallback: null, parse: line(), secret: true },
  TOKENS: { doc: 'several secrets', fallback: null, parse: listOf(port()), secret: true },
})

const files: Readonly<Record<string, string>> = { '/run/secrets/pw': 'hunter2\n', '/empty': ' \n', '/two': 'a\nb\n' }

function read(env: SettingsSource['env']) {
  return readSettings(declared, {
    env,
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return text
    },
  })
}

describe('readSettings', () => {
  it('takes the fallbacks when nothing is set, and null where there is none', () => {
    expect(read({})).toEqual({
      ok: true,
      settings: { CPU_THRESHOLD: 40, INTERVAL: 2000, REGION: null, PASSWORD: null, TOKENS: null },
    })
  })

  it.each([
    ['', 40],
    ['  ', 40],
    ['""', 40],
    ["''", 40],
    ['55', 55],
    ['"55"', 55],
    ["'55'", 55],
    [' "55 %" ', 55],
  ])(
    'reads CPU_THRESHOLD=%s as %s: empty is absent, and the quotes of a Compose list entry come off',
    (text, value) => {
      expect(read({ CPU_THRESHOLD: text })).toMatchObject({ ok: true, settings: { CPU_THRESHOLD: value } })
    },
  )

  it('reports every problem at once, by name and value', () => {
    expect(read({ CPU_THRESHOLD: 'high', INTERVAL: '2 weeks', REGION: 'eu' })).toEqual({
      ok: false,
      problems: [
        'CPU_THRESHOLD="high": expected a percentage from 0 to 100',
        'INTERVAL="2 weeks": expected a duration from 1s to 1h, such as 250ms, 2s, 5m or 14d (a bare number is seconds)',
      ],
    })
  })

  it('takes a secret from the file that NAME_FILE names', () => {
    expect(read({ PASSWORD_FILE: '/run/secrets/pw' })).toMatchObject({ ok: true, settings: { PASSWORD: 'hunter2' } })
  })

  it('takes an empty secret file as absent, as it does an empty variable', () => {
    expect(read({ PASSWORD_FILE: '/empty' })).toMatchObject({ ok: true, settings: { PASSWORD: null } })
  })

  it('reads NAME_FILE for secrets only', () => {
    expect(read({ REGION_FILE: '/run/secrets/pw' })).toMatchObject({ ok: true, settings: { REGION: null } })
  })

  it('says when a secret file cannot be read, and when a secret is given twice', () => {
    expect(read({ PASSWORD_FILE: '/gone' })).toEqual({
      ok: false,
      problems: ['PASSWORD_FILE="/gone": cannot be read (no such file)'],
    })
    expect(read({ PASSWORD: 'x', PASSWORD_FILE: '/run/secrets/pw' })).toEqual({
      ok: false,
      problems: ['PASSWORD and PASSWORD_FILE are both set: keep one of them'],
    })
  })

  it('never repeats a secret in a problem, nor an entry of a list of secrets', () => {
    expect(read({ PASSWORD_FILE: '/two', TOKENS: '1,hunter2,"a": b' })).toEqual({
      ok: false,
      problems: [
        'PASSWORD=(secret): expected one line of text',
        'TOKENS=(secret): expected a port from 0 to 65535; expected a port from 0 to 65535',
      ],
    })
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z":=]{6,20}$/), (secret) => {
        const answer = read({ TOKENS: `80,${secret}` })
        expect(answer.ok ? '' : answer.problems.join()).not.toContain(secret)
      }),
    )
  })

  it('ignores variables that nobody declared', () => {
    expect(read({ CPU_TRESHOLD: 'x', constructor: 'x' })).toMatchObject({ ok: true })
  })
})

describe('unquote', () => {
  it('takes off one matching pair of quotes and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unquote(`"${text}"`)).toBe(text)
        expect(unquote(`  '${text}'  `)).toBe(text)
      }),
    )
    expect(unquote('"')).toBe('"')
    expect(unquote('"a\'')).toBe('"a\'')
    expect(unquote('say "x"')).toBe('say "x"')
  })
})
