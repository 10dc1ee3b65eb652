/** How a channel stands: what it sent, why it does not, when it is tried again, and how many messages it has left. */
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { backoffMs } from './backoff.ts'
import type { SendResult } from './channel.ts'

export interface Lane {
  readonly state: 'ok' | 'retrying' | 'blocked'
  readonly sent: number
  readonly lastSentAt: EpochMs | null
  /** The last try; `null` before the first. */
  readonly triedAt: EpochMs | null
  /** In a row. */
  readonly failures: number
  /** Not before; `null` is at once. */
  readonly nextTryAt: EpochMs | null
  readonly error: string | null
  readonly advice: string | null
  /** Messages that may go out now, refilled with time up to the hour's cap; `null` is all of them. */
  readonly left: { readonly messages: number; readonly at: EpochMs } | null
}

export const FRESH: Lane = {
  state: 'ok',
  sent: 0,
  lastSentAt: null,
  triedAt: null,
  failures: 0,
  nextTryAt: null,
  error: null,
  advice: null,
  left: null,
}

/** AWS: "wait up to 10 minutes" when the day's quota is used up. */
export const QUOTA_WAIT_MS = 10 * 60 * 1000
/** Nobody mends credentials within seconds, and each try may lock an account. A restart tries at once. */
export const BLOCKED_WAIT_MS = 15 * 60 * 1000
/** A refused message is tried again this slowly, and at every start. */
export const REFUSED_WAIT_MS = 6 * 60 * 60 * 1000

const HOUR_MS = 60 * 60 * 1000

/** Whether the channel must not be tried yet. A wait that began in the future began before the clock was set back. */
export function mustWait(lane: Lane, now: EpochMs): boolean {
  return lane.nextTryAt !== null && now < lane.nextTryAt && now >= (lane.triedAt ?? now)
}

/** Messages that may go out now under a cap of `perHour`, which refills evenly. */
export function messagesLeft(lane: Lane, perHour: number, now: EpochMs): number {
  if (lane.left === null) return perHour
  const elapsedMs = now < lane.left.at ? HOUR_MS : now - lane.left.at
  const refilled = (elapsedMs / HOUR_MS) * perHour
  return Math.min(perHour, lane.left.messages + refilled)
}

/** Once a burst has used up a sixth of the hour's cap, messages go out this far apart, each with all that waits. */
const SPACED_MS = 15_000
const BURST = 1 / 6

/** Whether so many messages went out that what waits must go together, and not at once. */
export function isScarce(lane: Lane, perHour: number, now: EpochMs): boolean {
  return messagesLeft(lane, perHour, now) < perHour * (1 - BURST)
}

/** When the next message may go out; `null` is at once. */
export function allowedAt(lane: Lane, perHour: number, now: EpochMs): EpochMs | null {
  const left = messagesLeft(lane, perHour, now)
  if (left < 1) return now + Math.ceil(((1 - left) / perHour) * HOUR_MS)
  const spaced = isScarce(lane, perHour, now) ? Math.min(lane.lastSentAt ?? 0, now) + SPACED_MS : 0
  return spaced > now ? spaced : null
}

function waitMs(failures: number, result: SendResult & { ok: false }, random: number): number {
  switch (result.failure) {
    case 'retry':
      return backoffMs(failures, random, result.retryAfterMs)
    case 'quota':
      return QUOTA_WAIT_MS
    case 'blocked':
      return BLOCKED_WAIT_MS
    case 'refused':
      return 0
  }
}

/** The circumstances of a try. */
export interface Try {
  readonly now: EpochMs
  readonly random: number
  readonly perHour: number
  /** The part of a message that this was: one copy of many counts as that much. */
  readonly part: number
}

/** The lane after a try. A refused message says nothing about the channel: others may pass at once. */
export function afterTry(lane: Lane, result: SendResult, at: Try): Lane {
  const left = { messages: messagesLeft(lane, at.perHour, at.now) - at.part, at: at.now }
  if (result.ok) return { ...FRESH, sent: lane.sent + 1, lastSentAt: at.now, triedAt: at.now, left }
  const failures = result.failure === 'refused' ? 0 : lane.failures + 1
  return {
    ...lane,
    state: result.failure === 'refused' ? 'ok' : result.failure === 'blocked' ? 'blocked' : 'retrying',
    failures,
    triedAt: at.now,
    nextTryAt: result.failure === 'refused' ? null : at.now + waitMs(failures, result, at.random),
    error: result.error,
    advice: result.advice,
  }
}

/** What a failure means, in words for the log: said when it changes, not at every try. */
export function failureText(lane: Lane, now: EpochMs): string {
  const again = lane.nextTryAt === null ? '' : ` Next try in ${durationText(lane.nextTryAt - now)}.`
  return `${lane.error ?? 'failed'}. What to do: ${lane.advice ?? 'see the log of the other side'}. The alerts are kept.${again}`
}
