/** Whether the monitor is silent: it must write a status line every ten seconds, so a file that rests is an alarm. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'

export interface Silence {
  /** Since when we watch without a break: a silence is never longer than that. */
  readonly watchingSince: EpochMs
  readonly lookedAt: EpochMs
  /** The alert that fires now; null while the monitor writes. */
  readonly firing: AlertEvent | null
}

export interface Look {
  readonly now: EpochMs
  /** When the status log was last written; null when there is none. */
  readonly writtenAt: EpochMs | null
  readonly longestMs: number
  readonly host: string
  /** For an alert that begins now. */
  readonly newId: string
}

/** Looks further apart than this: the machine slept, and the monitor with it. */
const BREAK_MS = 30_000

function eventOf(look: Look, over: Pick<AlertEvent, 'id' | 'state' | 'summary' | 'value'>): AlertEvent {
  const about = { severity: 'critical', container: null, rule: 'monitor-silent', host: look.host } as const
  return { time: look.now, ...about, threshold: look.longestMs / 1000, ...over }
}

export function startSilence(now: EpochMs, firing: AlertEvent | null): Silence {
  return { watchingSince: now, lookedAt: now, firing }
}

/** The state after a look, and the event to tell, if any. */
export function lookForSilence(known: Silence, look: Look): readonly [Silence, AlertEvent | null] {
  const { now, writtenAt, longestMs } = look
  const slept = now - known.lookedAt > BREAK_MS || now < known.lookedAt
  const watchingSince = slept ? now : known.watchingSince
  const watched: Silence = { ...known, watchingSince, lookedAt: now }
  const silentMs = now - Math.max(writtenAt ?? 0, watchingSince)
  const age = writtenAt === null ? null : now - writtenAt
  if (known.firing === null) {
    if (silentMs <= longestMs) return [watched, null]
    const since = age === null ? 'since the alert service started' : `for ${durationText(age)}`
    const summary = `the monitor has written nothing ${since}: nobody watches the containers`
    const event = eventOf(look, { id: look.newId, state: 'firing', summary, value: Math.round(silentMs / 1000) })
    return [{ ...watched, firing: event }, event]
  }
  if (age === null || age > longestMs) return [watched, null]
  const lasted = durationText(now - known.firing.time + longestMs)
  const summary = `the monitor writes again, after ${lasted}`
  return [{ ...watched, firing: null }, eventOf(look, { id: known.firing.id, state: 'resolved', summary, value: null })]
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 48 bits of `now`, then the 80 bits of `random` (10 bytes). */
export function ulid(now: EpochMs, random: Uint8Array): string {
  const bits = [...random.slice(0, 10)].reduce((sum, byte) => (sum << 8n) | BigInt(byte), BigInt(Math.trunc(now)))
  return Array.from({ length: 26 }, (_, i) => alphabet[Number((bits >> BigInt((25 - i) * 5)) & 31n)]).join('')
}
