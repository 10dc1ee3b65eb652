/** Whether a stretch of a container's life is an outage, and whether somebody wanted it. */
import type { Span } from '@plimsoll/contracts/container'

export type SpanKind = 'up' | 'down' | 'planned' | 'paused' | 'unknown' | 'absent'

// The monitor's own words (monitor/src/core/ending.ts, reconcile.ts, registry.ts). What is not known to be wanted, or
// to be no outage at all, is one.
const PLANNED = /^(stopped on purpose|removed on purpose|ended with the engine)/
const ABSENT = /^(created, not started|was stopped at first sight|removed$|renamed to )/
const DONE = /^exited by itself, exit code 0$/

/**
 * What a stretch is. A job that ended well and was not started again has done its work, unless an alert told that it
 * is missed.
 */
export function kindOf({ condition, why }: Span, { isLast, alarmed }: { isLast: boolean; alarmed: boolean }): SpanKind {
  if (condition !== 'down') return condition
  if (ABSENT.test(why) || (DONE.test(why) && isLast && !alarmed)) return 'absent'
  return PLANNED.test(why) ? 'planned' : 'down'
}
