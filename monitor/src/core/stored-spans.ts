/**
 * Spans that outlive the process: those of earlier runs and those of this one, joined without holes. Time in which the
 * monitor did not run is unknown, unless the engine says that the container has been in one condition all along.
 */
import type { Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

export const NOT_RUNNING = 'the monitor did not run'

const endOf = (span: Span): EpochMs => span.to ?? Number.POSITIVE_INFINITY

/**
 * This run's spans as they are stored beside those of earlier runs, which know until `knownTo` (`null`: there are none).
 * What this run was told of the time before (an engine's `StartedAt` days ago) does not overwrite what was seen then.
 */
export function afterEarlier(live: readonly Span[], knownTo: EpochMs | null): readonly Span[] {
  if (knownTo === null) return live
  return live.flatMap((span) => {
    if (endOf(span) <= knownTo) return []
    return [span.from < knownTo ? { ...span, from: knownTo } : span]
  })
}

/** The first span that differs from what was stored last; those before it need not be written again. */
export function firstChanged(stored: readonly Span[], live: readonly Span[]): number {
  let i = 0
  while (i < live.length && i < stored.length && isSame(stored[i], live[i])) i++
  return i
}

function isSame(a: Span | undefined, b: Span | undefined): boolean {
  return a?.from === b?.from && a?.to === b?.to && a?.condition === b?.condition && a?.why === b?.why
}

/**
 * Stored spans of any order as a strip from `from` to `to`: sorted, each beginning where the one before it ends; where
 * two overlap the later one wins from its begin on; a hole is unknown. What touches in one condition is one span.
 * The strip begins with the first knowledge of it when that is later than `from`; the last span keeps its `null` end.
 */
export function stripOf(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Span[] {
  const strip: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (endOf(span) <= span.from) continue
    append(strip, span)
  }
  return strip.filter((span) => span.from <= to && endOf(span) >= from)
}

function append(strip: Span[], span: Span): void {
  const last = strip.at(-1)
  if (last === undefined) {
    strip.push(span)
  } else if (endOf(last) < span.from) {
    append(strip, { from: endOf(last), to: span.from, condition: 'unknown', why: NOT_RUNNING })
    append(strip, span)
  } else if (last.condition === span.condition) {
    strip[strip.length - 1] = { ...last, to: endOf(last) > endOf(span) ? last.to : span.to }
  } else if (endOf(last) === span.from) {
    strip.push(span)
  } else {
    // They overlap: the earlier one ends here, or never was.
    strip.pop()
    if (last.from < span.from) strip.push({ ...last, to: span.from })
    append(strip, span)
  }
}
