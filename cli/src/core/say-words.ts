/** What is said of silences and acknowledgements, and what to do when the monitor refuses one. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { Silence } from '@plimsoll/contracts/silence'
import { durationText } from '@plimsoll/contracts/text'
import { type EpochMs, localTime } from '@plimsoll/contracts/time'
import { type Line, piece } from './line.ts'
import { safe } from './safe-text.ts'
import { columned } from './tables.ts'
import { agoText } from './words.ts'

/** `web, rule high-*`, `every container`, `everything`. */
export function scopeText({ container, rule }: Pick<Silence, 'container' | 'rule'>): string {
  if (container === null && rule === null) return 'everything'
  const who = container ?? 'every container, the host and the monitor'
  return rule === null ? who : `${who}, rule ${rule}`
}

/** What was done, and how to undo it. */
export function silencedText(made: Silence): string {
  const forText = durationText(made.until - made.from)
  const until = `until ${localTime(made.until)} (${forText})`
  return safe(`Silenced ${scopeText(made)} ${until}: ${made.reason}. To end it sooner: plimsoll unsilence ${made.id}`)
}

export function unsilencedText(ended: Silence): string {
  return safe(`The silence of ${scopeText(ended)} has ended. What it held back and still fires is told now.`)
}

export function acknowledgedText({ rule, container, host, handled }: AlertView): string {
  const why = handled?.why ?? 'acknowledged'
  return safe(`${rule} of ${container ?? host}: ${why}. It is not repeated; that it is over is still told.`)
}

export function silenceTable(silences: readonly Silence[], now: EpochMs): readonly Line[] {
  if (silences.length === 0) return [[piece('No silences.')]]
  const rows = silences.map((one) => [
    piece(one.id, 'quiet'),
    piece(one.container ?? '*', 'strong'),
    piece(one.rule ?? '*'),
    piece(agoText(one.until - now)),
    piece(one.reason),
  ])
  return columned(['ID', 'CONTAINER', 'RULE', 'ENDS IN', 'REASON'], rows, [])
}

/** What a person can do about a refusal; nothing where its own words say it. */
export function adviceFor(code: string | null, what: 'silence' | 'alert'): string {
  if (code === 'alert-not-found') return 'plimsoll alerts --state firing shows those that do, with their ids.'
  if (code === 'not-found' && what === 'silence') return 'plimsoll silences shows those that are, with their ids.'
  if (code === 'host-not-allowed') return 'Ask it by an address it knows, or add the name to its ALLOWED_HOSTS.'
  if (code === 'too-many-requests') return 'Try again in a minute.'
  return ''
}
