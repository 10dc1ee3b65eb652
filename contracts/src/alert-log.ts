/**
 * The line format of `logs/container_alerts.log`: logfmt, one event a line, values quoted as JSON strings when they
 * need it. The monitor encodes, the alert service decodes; nothing a container can name, label or print may forge a
 * line or a key. Keys are only ever added, and `v` names the version.
 */
import * as v from 'valibot'
import { ALERT_STATES, type AlertEvent, SEVERITIES } from './alert.ts'
import { isoTime, parseIsoTime } from './time.ts'

export const ALERT_LOG_VERSION = 1

/** The longest line that `encode` writes and `decode` takes, its newline included. */
export const MAX_LINE_BYTES = 16 * 1024
const MAX_SUMMARY_CHARS = 2000

const bare = /^[A-Za-z0-9_.:/@%+-]+$/
// Control characters, line separators and the marks that turn text around: a terminal that tails the log obeys them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

function valueText(value: string): string {
  if (bare.test(value)) return value
  const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value.toWellFormed()).replaceAll(unsafe, escaped)
}

/** An event as its line, without the newline. */
export function encode(event: AlertEvent): string {
  const pairs: [string, string | null | undefined][] = [
    ['time', isoTime(event.time)],
    ['severity', event.severity],
    ['state', event.state],
    ['container', event.container],
    ['rule', event.rule],
    ['summary', event.summary.slice(0, MAX_SUMMARY_CHARS)],
    ['value', event.value === null ? null : String(event.value)],
    ['threshold', event.threshold === null ? null : String(event.threshold)],
    ['host', event.host],
    ['suppressed', event.suppressed],
    ['by', event.by],
    ['project', event.project],
    ['id', event.id],
    ['v', String(ALERT_LOG_VERSION)],
  ]
  return pairs.flatMap(([key, value]) => (value == null ? [] : [`${key}=${valueText(value)}`])).join(' ')
}

export type Decoded = { readonly ok: true; readonly event: AlertEvent } | { readonly ok: false; readonly why: string }

const numberText = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, 'is not a number'), v.transform(Number))
const timeText = v.pipe(v.string(), v.transform(parseIsoTime), v.number('is not an ISO 8601 time'))
const name = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(256, 'is too long'))

const Line = v.object({
  time: timeText,
  severity: v.picklist(SEVERITIES, 'is not a severity'),
  state: v.picklist(ALERT_STATES, 'is not a state'),
  container: v.optional(name),
  rule: name,
  summary: v.string(),
  value: v.optional(numberText),
  threshold: v.optional(numberText),
  host: name,
  suppressed: v.optional(v.string()),
  by: v.optional(v.string()),
  project: v.optional(v.string()),
  id: v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'is not a ULID')),
})

// One pair at a time, so that what cannot be a pair is named where it stands.
const pair = /([a-z][a-z0-9_]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?: |$)/y

function pairsOf(line: string): Map<string, string> | string {
  const found = new Map<string, string>()
  pair.lastIndex = 0
  while (pair.lastIndex < line.length) {
    const at = pair.lastIndex
    const match = pair.exec(line)
    if (match === null) return `no key=value at column ${at + 1}`
    const [, key = '', raw = ''] = match
    if (found.has(key)) return `${key} stands twice`
    if (!raw.startsWith('"')) found.set(key, raw)
    else {
      const text = unquoted(raw)
      if (text === null) return `${key} is not a JSON string`
      found.set(key, text)
    }
  }
  return found
}

function unquoted(raw: string): string | null {
  try {
    return JSON.parse(raw) as string
  } catch {
    return null
  }
}

/**
 * A line (without its newline) as its event, or the reason why it is none. Unknown keys are passed over; a key that
 * stands twice, a missing or wrong value, and a version of the future are refused.
 */
export function decode(line: string): Decoded {
  if (line.length > MAX_LINE_BYTES) return { ok: false, why: 'longer than 16 KiB' }
  const pairs = pairsOf(line)
  if (typeof pairs === 'string') return { ok: false, why: pairs }
  const version = pairs.get('v')
  if (version !== String(ALERT_LOG_VERSION))
    return { ok: false, why: `v is ${version ?? 'missing'}, expected ${ALERT_LOG_VERSION}` }
  const read = v.safeParse(Line, Object.fromEntries(pairs))
  if (!read.success) {
    const issue = read.issues[0]
    const key = v.getDotPath(issue) ?? 'line'
    return { ok: false, why: pairs.has(key) ? `${key} ${issue.message}` : `${key} is missing` }
  }
  const { suppressed, by, project, ...rest } = read.output
  return {
    ok: true,
    event: {
      ...rest,
      container: rest.container ?? null,
      value: rest.value ?? null,
      threshold: rest.threshold ?? null,
      ...(suppressed === undefined ? {} : { suppressed }),
      ...(by === undefined ? {} : { by }),
      ...(project === undefined ? {} : { project }),
    },
  }
}
