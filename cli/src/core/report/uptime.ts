/** How long a container was up, down and unknown within a stretch of time, to the millisecond, and each outage in it. */
import type { Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

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
  /** It did not exist: created but never started, or removed. Not an outage. */
  readonly absentMs: number
  /** Up as a share of up, down and paused; `null` when it was never seen in any of them. */
  readonly percent: number | null
  readonly outages: readonly Outage[]
  /** How often it came up again after it was down. */
  readonly starts: number
  /** When it last came up; `null` when it is not up at the end. */
  readonly upSince: EpochMs | null
}

// The monitor's own words (monitor/src/core/ending.ts, registry.ts); what is not known to be wanted is an outage.
const PLANNED = /^(stopped on purpose|removed on purpose|ended with the engine)/
const ABSENT = /^(created, not started|removed$|renamed to )/

type Kind = 'up' | 'down' | 'planned' | 'paused' | 'unknown' | 'absent'

function kindOf({ condition, why }: Span): Kind {
  if (condition !== 'down') return condition
  if (ABSENT.test(why)) return 'absent'
  return PLANNED.test(why) ? 'planned' : 'down'
}

interface Stretch extends Span {
  readonly kind: Kind
  readonly withinMs: number
}

/** The stretches cut to the report's time; what lies outside of it is left out. */
function within(spans: readonly Span[], from: EpochMs, to: EpochMs): readonly Stretch[] {
  return [...spans]
    .sort((a, b) => a.from - b.from)
    .flatMap((span) => {
      const withinMs = Math.min(span.to ?? to, to) - Math.max(span.from, from)
      return withinMs > 0 ? [{ ...span, kind: kindOf(span), withinMs }] : []
    })
}

/** Adds up the stretches from `from` to `to`; what they do not cover is unknown. */
export function uptimeOf(spans: readonly Span[], from: EpochMs, to: EpochMs): Uptime {
  const stretches = within(spans, from, to)
  const total = (kind: Kind) => stretches.reduce((sum, one) => sum + (one.kind === kind ? one.withinMs : 0), 0)
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
