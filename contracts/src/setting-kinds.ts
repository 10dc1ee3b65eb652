/** The kinds of values a setting can have. Each says what it expected in words a user can act on. */
import * as v from 'valibot'
import type { Kind } from './settings.ts'

function kind<T>(expected: string, read: (text: string) => T | undefined): Kind<T> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value.trim())
      if (value !== undefined) return value
      addIssue({ message: `expected ${expected}` })
      return NEVER
    }),
  )
}

function numberIn(text: string, min: number, max: number): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return undefined
  const n = Number(text)
  return n >= min && n <= max ? n : undefined
}

const millis = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const inMs = (text: string): number => {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return found === null ? Number.NaN : Number(found[1]) * millis[found[2] as keyof typeof millis]
}

/**
 * A duration in milliseconds: `250ms`, `2s`, `5m`, `1h`, `14d`; a bare number is in `bare` (seconds unless said).
 * `min` and `max` are written the same way and are inclusive.
 */
export function duration(range: { min: string; max: string; bare?: 's' | 'ms' }): Kind<number> {
  const bare = range.bare ?? 's'
  const unit = bare === 's' ? 'seconds' : 'milliseconds'
  return kind(
    `a duration from ${range.min} to ${range.max}, such as 250ms, 2s, 5m or 14d (a bare number is ${unit})`,
    (text) => {
      const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * millis[bare] : inMs(text)
      return ms >= inMs(range.min) && ms <= inMs(range.max) ? ms : undefined
    },
  )
}

/** A percentage as a number, with or without a `%` sign. */
export function percent(range: { min?: number; max: number }): Kind<number> {
  const min = range.min ?? 0
  return kind(`a percentage from ${min} to ${range.max}`, (text) => numberIn(text.replace(/\s*%$/, ''), min, range.max))
}

export function wholeNumber(range: { min: number; max: number }): Kind<number> {
  return kind(`a whole number from ${range.min} to ${range.max}`, (text) => {
    const n = numberIn(text, range.min, range.max)
    return n !== undefined && Number.isInteger(n) ? n : undefined
  })
}

/** A TCP port; 0 lets the system choose one. */
export function port(): Kind<number> {
  return kind('a port from 0 to 65535', (text) =>
    /^\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined,
  )
}

const sizes: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** A size in bytes, as Docker writes them: `512k`, `10m`, `1g`, binary; a bare number is bytes. */
export function size(range: { min: string; max: string }): Kind<number> {
  const bytes = (text: string): number => {
    const found = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(text)
    return found === null
      ? Number.NaN
      : Math.round(Number(found[1]) * (sizes[(found[2] ?? '').toLowerCase()] ?? Number.NaN))
  }
  return kind(`a size from ${range.min} to ${range.max}, such as 512k, 10m or 1g`, (text) => {
    const n = bytes(text)
    return n >= bytes(range.min) && n <= bytes(range.max) ? n : undefined
  })
}

export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return kind(`one of: ${values.join(', ')}`, (text) =>
    values.find((value) => value.toLowerCase() === text.toLowerCase()),
  )
}

/** `true`, `yes`, `on`, `1` and their opposites. */
export function flag(): Kind<boolean> {
  return kind('true or false', (text) => {
    if (/^(true|yes|on|1)$/i.test(text)) return true
    return /^(false|no|off|0)$/i.test(text) ? false : undefined
  })
}

// Line breaks of every kind (U+0085, U+2028 and U+2029 are some too) and the other control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** Free text in one line. Line breaks and other control characters are refused: they end up in headers and log lines. */
export function line(): Kind<string> {
  return kind('one line of text', (text) => (control.test(text) ? undefined : text))
}

/** An `http://` or `https://` address, as given but for slashes that end its path. */
export function httpUrl(): Kind<string> {
  return kind('an http:// or https:// address', (text) =>
    /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text) ? text.replace(/^([^?#]*?)\/+$/, '$1') : undefined,
  )
}

const address = /^[^\s<>@,;"]+@[^\s<>@,;"]+$/

/** One e-mail address, bare or as `Name <address>`. */
export function emailAddress(): Kind<string> {
  return kind('an e-mail address, such as ops@example.com or Plimsoll <ops@example.com>', (text) => {
    // A line break here would forge a mail header.
    if (control.test(text)) return undefined
    const bare = /<([^<>]*)>$/.exec(text)?.[1] ?? text
    return address.test(bare) ? text : undefined
  })
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** Each text by `each`; the wrong ones are added to `problems` by name. */
function parseEntry<T>(each: Kind<T>, text: string, shown: string, problems: string[]): T[] {
  const parsed = v.safeParse(each, text)
  if (parsed.success) return [parsed.output]
  problems.push(`"${shown}": ${parsed.issues.map((issue) => issue.message).join('; ')}`)
  return []
}

/** Reads what `read` reads, or reports every problem it found. */
function manyOf<T>(read: (entries: readonly string[], problems: string[]) => T, none: string): Kind<T> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const entries = entriesOf(dataset.value)
      const problems: string[] = []
      const found = read(entries, problems)
      if (entries.length === 0) problems.push(none)
      for (const message of problems) addIssue({ message })
      return problems.length === 0 ? found : NEVER
    }),
  )
}

/** A list split at commas, its empty entries dropped; refused when nothing is left. Each wrong entry is named. */
export function listOf<T>(each: Kind<T>): Kind<T[]> {
  return manyOf(
    (entries, problems) => entries.flatMap((entry) => parseEntry(each, entry, entry, problems)),
    'expected at least one entry',
  )
}

/** `name=value,name=value` with each name once, in order. Each wrong entry is named. */
export function pairsOf<T>(each: Kind<T>): Kind<ReadonlyMap<string, T>> {
  return manyOf<ReadonlyMap<string, T>>((entries, problems) => {
    const pairs = new Map<string, T>()
    for (const entry of entries) {
      const at = entry.indexOf('=')
      const name = entry.slice(0, Math.max(at, 0)).trim()
      if (name === '') problems.push(`"${entry}": expected name=value`)
      else if (pairs.has(name)) problems.push(`"${entry}": ${name} stands twice`)
      else for (const value of parseEntry(each, entry.slice(at + 1).trim(), entry, problems)) pairs.set(name, value)
    }
    return pairs
  }, 'expected at least one name=value')
}
