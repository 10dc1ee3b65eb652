/** The up/down strip: the stretches of a container's life within a window, and its outages as a list. */
import type { ContainerView, Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

/**
 * What the page knows of a container's stretches, oldest first: the fetched history, what ended while the page
 * watched, and the one that lasts. A stretch known twice counts once, with its later telling.
 */
export function lifeOf(history: readonly Span[], ended: readonly Span[], view: ContainerView | null): readonly Span[] {
  const byStart = new Map<EpochMs, Span>()
  for (const span of [...history, ...ended, ...(view === null ? [] : [view.span])]) {
    const known = byStart.get(span.from)
    // An open end is the older telling of a stretch that has ended since.
    if (known === undefined || known.to === null) byStart.set(span.from, span)
  }
  const spans = [...byStart.values()].sort((a, b) => a.from - b.from)
  // Only the last stretch can still last: what an older telling left open ended where the next began.
  return spans.map((span, i) => {
    const next = spans[i + 1]
    return span.to === null && next !== undefined ? { ...span, to: next.from } : span
  })
}

/** A stretch as it lies in a window: `left` and `width` are shares of it, 0 to 1. */
export interface Placed {
  readonly span: Span
  readonly left: number
  readonly width: number
}

/** The stretches that touch the window, cut to it. What lasts reaches to `now`: of the future nothing is known. */
export function placed(
  spans: readonly Span[],
  range: { readonly from: EpochMs; readonly to: EpochMs },
  now: EpochMs,
): readonly Placed[] {
  const length = range.to - range.from
  const open = Math.min(range.to, now)
  return spans.flatMap((span) => {
    const from = Math.max(span.from, range.from)
    const to = Math.min(span.to ?? open, range.to)
    if (to < from || length <= 0) return []
    return [{ span, left: (from - range.from) / length, width: (to - from) / length }]
  })
}

/** How the monitor's reasons for an end that nobody has to be woken for read. */
const planned =
  /on purpose|ended with the engine|at first sight|created, not started|between two runs|^renamed|^removed/

/** Whether it was meant, or nobody was there to see it: the monitor says so in the reason. A deploy is not an outage. */
export function isPlanned(span: Span): boolean {
  return planned.test(span.why)
}

/** Whether it had run before and did not: what was created and is about to start for the first time is not away. */
export function isAway(span: Span): boolean {
  return span.condition === 'down' && !span.why.startsWith('created')
}

/** The times it was away, newest first. */
export function outages(spans: readonly Span[]): readonly Span[] {
  return spans.filter(isAway).toReversed()
}

/** The share of known time in the window that it was up, 0 to 1; `null` when nothing is known. */
export function uptimeShare(
  spans: readonly Span[],
  range: { readonly from: EpochMs; readonly to: EpochMs },
  now: EpochMs,
): number | null {
  let known = 0
  let up = 0
  for (const { span, width } of placed(spans, range, now)) {
    if (span.condition === 'unknown' || (span.condition === 'down' && !isAway(span))) continue
    known += width
    if (!isAway(span)) up += width
  }
  return known === 0 ? null : up / known
}
