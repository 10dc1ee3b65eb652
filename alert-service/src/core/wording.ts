/** The words that every message uses, whatever its format: times, states, values, links. */
import { durationText, latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import type { Fact } from './evidence.ts'
import type { Story } from './story.ts'

/** An image inside a mail, and what it says to those who do not see it. */
export interface Picture {
  readonly cid: string
  readonly alt: string
}

export interface MessageContext {
  /** By the id of the alert. */
  readonly pictures?: ReadonlyMap<string, Picture>
  readonly facts?: ReadonlyMap<string, readonly Fact[]>
  readonly now: EpochMs
  /** Where the page is, without a slash at the end. */
  readonly publicUrl: string
  /** The link that acknowledges an alert, signed: for what few people read, as mails. Absent where there is none. */
  readonly acknowledgeLink?: (id: string) => string
}

// Control characters, line separators and the marks that turn text around: none may reach a header or a chat.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g

/** `text` in one harmless line. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(unsafe, ' ').replaceAll(/\s+/g, ' ').trim()
}

/** At most `chars` characters, an ellipsis at the end when it was longer. */
export function short(text: string, chars: number): string {
  const all = [...oneLine(text)]
  return all.length <= chars
    ? all.join('')
    : `${all
        .slice(0, chars - 1)
        .join('')
        .trimEnd()}…`
}

/** `2026-11-21 11:13:55 UTC` */
export function clock(at: EpochMs): string {
  return `${isoTime(at).slice(0, 19).replace('T', ' ')} UTC`
}

/** One word for where an alert stands. */
export function word(story: Story): string {
  const severity = story.severity === 'critical' ? 'CRITICAL' : 'Warning'
  switch (story.kind) {
    case 'firing':
      return severity
    case 'still':
      return `Still ${severity}`
    case 'resolved':
      return 'Resolved'
    case 'over':
      return 'Over'
  }
}

/** How the value of a rule is written; a user's own rule has a bare number. */
const written: Readonly<Record<string, (value: number) => string>> = {
  'container-oom': memoryText,
  'slow-response': latencyText,
  'high-cpu': percentText,
  'high-memory': percentText,
  'cpu-throttled': percentText,
  'host-cpu': percentText,
  'host-memory': percentText,
  'host-disk': percentText,
  'monitor-silent': (seconds) => durationText(seconds * 1000),
}

/** Whose value is an exit code, which its sentence says better. */
const wordless: readonly string[] = ['container-down', 'container-stopped']

/** What was held against what: `value 96.2 %, threshold 40.0 %`; null where the rule has neither. */
export function valueText({ rule, value, threshold }: Pick<Story, 'rule' | 'value' | 'threshold'>): string | null {
  if (value === null || wordless.includes(rule)) return null
  const write = written[rule] ?? String
  return threshold === null ? `value ${write(value)}` : `value ${write(value)}, threshold ${write(threshold)}`
}

/** Where the page shows the alert, with its evidence. */
export function linkOf({ id }: Pick<Story, 'id'>, { publicUrl }: MessageContext): string {
  return `${publicUrl}/#/alerts/${id}`
}

/** Alerts of the alert service's own, which the monitor does not know and cannot acknowledge. */
const ownRules: readonly string[] = ['monitor-silent', 'alert-test']

/** The link that acknowledges the alert; null when it is over, or there is none. */
export function acknowledgeOf({ id, kind, rule }: Story, { acknowledgeLink }: MessageContext): string | null {
  const fires = kind === 'firing' || kind === 'still'
  return acknowledgeLink === undefined || !fires || ownRules.includes(rule) ? null : acknowledgeLink(id)
}
