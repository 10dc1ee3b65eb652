/** The sentences of alerts: one line for a person, with the numbers in it. */
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { End } from './observation.ts'
import type { Reading } from './watch.ts'

const MAX_FOREIGN_CHARS = 300

/** Why an alert of a rule ends that was taken out of the rules file. */
export const RULE_GONE = 'the rule was taken out'
/** Why an alert ends that was held back, when what held it back is over. */
export const TOLD_ANEW = 'no longer held back, told anew'

/** Text of others (a health check's output, an error) in one line of bounded length, without control characters. */
export function oneLine(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
  return line.length > MAX_FOREIGN_CHARS ? `${line.slice(0, MAX_FOREIGN_CHARS).toWellFormed()}…` : line
}

function heldText(reading: Reading, heldMs: number): string {
  return reading.lasting && heldMs >= 1000 ? ` for ${durationText(heldMs)}` : ''
}

/** `CPU 93.4 % of one core for 15 s, threshold 40 %`. */
export function firingSummary(reading: Reading, heldMs: number): string {
  return `${reading.text}${heldText(reading, heldMs)}${reading.limit === null ? '' : `, ${reading.limit}`}`
}

/** `CPU 12.0 % of one core, below 36 % for 15 s; lasted 2 min 5 s`. */
export function clearedSummary(reading: Reading, heldMs: number, lastedMs: number): string {
  const limit = reading.limit === null ? '' : `, ${reading.limit}`
  return `${reading.text}${limit}${heldText(reading, heldMs)}; lasted ${durationText(lastedMs)}`
}

/** Why an alert ended without its value becoming good: `ended: exited by itself, exit code 1; lasted 12 s`. */
export function overSummary(why: string, lastedMs: number): string {
  return `${why}; lasted ${durationText(lastedMs)}`
}

// An end told of later than this was found out afterwards, and its sentence says when it was.
const LATE_MS = 10_000

/** Why it is down, and when, if that was a while ago. */
export function endText(end: End, now: EpochMs): string {
  const ago = now - end.at
  return ago < LATE_MS ? oneLine(end.why) : `${oneLine(end.why)}, ${durationText(ago)} ago`
}
