/** The up/down strip of a container: stretches of time without holes, the last of them open. */
import type { Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

/** A container that restarts every second for a day must not fill the memory: the oldest stretches go first. */
export const MAX_SPANS = 2000

export interface Turn {
  readonly condition: Span['condition']
  readonly at: EpochMs
  readonly why: string
}

/**
 * Ends the last stretch and begins one in another condition. A turn to the condition it is in already changes nothing;
 * a turn dated before the last stretch began happens where that began, for time does not run backwards on the strip.
 */
export function turn(spans: Span[], to: Turn): void {
  const last = spans.at(-1)
  if (last?.condition === to.condition) return
  const at = Math.max(to.at, last?.from ?? to.at)
  if (last !== undefined) {
    spans.pop()
    if (at > last.from) spans.push({ ...last, to: at })
  }
  const before = spans.at(-1)
  if (before?.condition === to.condition && before.to === at) spans[spans.length - 1] = { ...before, to: null }
  else spans.push({ from: at, to: null, condition: to.condition, why: to.why })
  if (spans.length > MAX_SPANS) spans.splice(0, spans.length - MAX_SPANS)
}

/** Takes back a stretch that nobody could tell of, once it is known what really was: the one before goes on. */
export function forgetUnknown(spans: Span[]): void {
  if (spans.at(-1)?.condition !== 'unknown') return
  const unknown = spans.pop()
  const before = spans.at(-1)
  if (before === undefined) {
    if (unknown !== undefined) spans.push(unknown)
  } else spans[spans.length - 1] = { ...before, to: null }
}

/** The stretches that touch `from` … `to`. */
export function spansBetween(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Span[] {
  return spans.filter((span) => span.from <= to && (span.to ?? Number.POSITIVE_INFINITY) >= from)
}
