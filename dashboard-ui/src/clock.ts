/** Times for people, in the reader's own zone. */
import type { EpochMs } from '@plimsoll/contracts/time'

const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** What stands on an axis `spanMs` long: seconds on a short one, days on a long one. */
export function clockText(at: EpochMs, spanMs: number): string {
  if (spanMs <= 300_000) return seconds.format(at)
  if (spanMs <= 36 * 3_600_000) return minutes.format(at)
  return spanMs <= 4 * 86_400_000 ? `${days.format(at)} ${minutes.format(at)}` : days.format(at)
}

/** `13:02:11` today, `20 Nov 13:02:11` on another day. */
export function momentText(at: EpochMs, now: EpochMs): string {
  const sameDay = days.format(at) === days.format(now) && Math.abs(now - at) < 86_400_000 * 2
  return sameDay ? seconds.format(at) : `${days.format(at)} ${seconds.format(at)}`
}

/** The whole of it, for a hint: `21 Nov 2026, 13:02:11`. */
export function wholeText(at: EpochMs): string {
  return whole.format(at)
}

/** For a machine-readable `datetime`. */
export function isoText(at: EpochMs): string {
  return new Date(at).toISOString()
}
