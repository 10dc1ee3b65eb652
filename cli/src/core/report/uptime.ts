/** How long a container was up, down and unknown within a stretch of time, to the millisecond, and each outage in it. */
import type { Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { kindOf, type SpanKind } from '../span-kind.ts'

export interface Outage {
  /** When it began; before the report's time if it did. */
  readonly from: EpochMs
  /** `null` while it lasts. */
  readonly to: EpochMs | null
  /** How much of it lies within the report's time. */
  readonly withinMs: number
  readonly why: string
  /** Somebody wanted it: a stop, a deploy. */
  readonly planned: boolean
}

export interface Uptime {
  readonly upMs: number
  readonly downMs: number
  readonly plannedMs: number
  readonly pausedMs: number
  /** Nobody can tell: the engine was away, the monitor did not run, or nothing was known yet. */
  readonly unknownMs: number
  /** It had nothing to do: not started yet, its work done, stopped before anyone watched, or removed. Not an outage. */
  readonly absentMs: number
  /** Up as a share of up, down and paused; `null` when it was never seen in any of them. */
  readonly percent: number | null
  readonly outages: readonly Outage[]
  /** How often it came up again after it was down. */
  readonly starts: number
  /** When it last came up; `null` when it is not up at the end. */
  readonly upSince: EpochMs | null
}

/** What the stretches alone do not tell. */
export interface Hints {
  /** When the container was removed under this name. */
  readonly removedAt: readonly EpochMs[]
  /** Since when alerts told that it is down against somebody's will. */
  readonly alarmedAt: readonly EpochMs[]
}

const NO_HINTS: Hints = { removedAt: [], alarmedAt: [] }

interface Stretch extends Span {
  readonly kind: SpanKind
  readonly withinMs: number
}

/** The last stretch ends where the container was removed: what comes after is no outage of it. */
function untilRemoval(spans: readonly Span[], removedAt: readonly EpochMs[]): readonly Span[] {
  const last = spans.at(-1)
  const at = last?.condition === 'down' ? removedAt.find((time) => time >= last.from) : undefined
  if (last === undefined || at === undefined) return spans
  return [...spans.slice(0, -1), { ...last, to: at }, { ...last, from: at, why: 'removed' }]
}

/** The stretches cut to the report's time; what lies outside of it is left out. */
function within(spans: readonly Span[], range: Range, hints: Hints): readonly Stretch[] {
  const { from, to } = range
  const ordered = untilRemoval(
    [...spans].sort((a, b) => a.from - b.from),
    hints.removedAt,
  )
  return ordered.flatMap((span, i) => {
    const end = span.to ?? to
    const withinMs = Math.min(end, to) - Math.max(span.from, from)
    const alarmed = hints.alarmedAt.some((at) => at >= span.from && at <= end)
    // A removal follows the last run's end.
    const isLast = ordered.slice(i + 1).every(({ why }) => why === 'removed')
    return withinMs > 0 ? [{ ...span, kind: kindOf(span, { isLast, alarmed }), withinMs }] : []
  })
}

interface Range {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Adds up the stretches from `from` to `to`; what they do not cover is unknown. */
export function uptimeOf(spans: readonly Span[], range: Range, hints: Hints = NO_HINTS): Uptime {
  const { from, to } = range
  const stretches = within(spans, range, hints)
  const total = (kind: SpanKind) => stretches.reduce((sum, one) => sum + (one.kind === kind ? one.withinMs : 0), 0)
  const [upMs, unplannedMs, plannedMs, pausedMs] = [total('up'), total('down'), total('planned'), total('paused')]
  const covered = stretches.reduce((sum, { withinMs }) => sum + withinMs, 0)
  const downMs = unplannedMs + plannedMs
  const seenMs = upMs + downMs + pausedMs
  const last = stretches.at(-1)
  return {
    upMs,
    downMs,
    plannedMs,
    pausedMs,
    unknownMs: total('unknown') + Math.max(0, to - from - covered),
    absentMs: total('absent'),
    percent: seenMs === 0 ? null : (upMs / seenMs) * 100,
    outages: stretches.filter(({ condition, kind }) => condition === 'down' && kind !== 'absent').map(outageOf(to)),
    starts: stretches.filter((one, i) => one.kind === 'up' && stretches[i - 1]?.condition === 'down').length,
    upSince: last?.kind === 'up' ? last.from : null,
  }
}

function outageOf(end: EpochMs): (stretch: Stretch) => Outage {
  return ({ from, to, withinMs, why, kind }) => ({
    from,
    to: to === null || to > end ? null : to,
    withinMs,
    why,
    planned: kind === 'planned',
  })
}
