/**
 * Quiet hours of a rules file: times of the week in which what fires is written and shown, but not delivered; what
 * still fires when they end is told then. Joining: `rule-file.ts` puts them into the rules they are for.
 */
import type { Severity } from '@plimsoll/contracts/alert'
import { type EpochMs, isTimeZone, zonedClock } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import { matches } from './pattern.ts'
import type { Rule } from './rules.ts'
import { oneLine } from './sentences.ts'
import type { Held } from './watch.ts'

export interface QuietHours {
  /** The days of the week they begin on, 0 is Sunday. */
  readonly days: readonly number[]
  /** Minutes of the day in the zone; they end on the next day when `to` is not after `from`. */
  readonly from: number
  readonly to: number
  readonly timezone: string
  /** The containers and rules they are for, `*` for any letters; `null` for all. */
  readonly containers: readonly string[] | null
  readonly rules: readonly string[] | null
  /** Whether critical alerts are held back too. */
  readonly critical: boolean
  readonly reason: string
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
/** Stands in `by=` of what they hold back: there is no alert or silence to name. */
const BY = 'quiet-hours'

const clock = v.pipe(
  v.string('expected a time of the day in quotes, such as "22:00"'),
  v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time of the day from "00:00" to "24:00"'),
  v.transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))),
)
const patterns = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.*-]{1,128}$/, 'expected a name; * stands for any letters'))),
  v.minLength(1),
  v.maxLength(100),
)
const One = v.strictObject({
  days: v.exactOptional(v.pipe(v.array(v.picklist(DAYS, `expected days: ${DAYS.join(', ')}`)), v.minLength(1))),
  from: v.exactOptional(clock),
  to: v.exactOptional(clock),
  timezone: v.exactOptional(
    v.pipe(v.string(), v.check(isTimeZone, 'expected a time zone, such as Europe/Berlin or UTC')),
  ),
  containers: v.exactOptional(patterns),
  rules: v.exactOptional(patterns),
  critical: v.exactOptional(v.boolean('expected true or false')),
  reason: v.pipe(v.string(), v.trim(), v.minLength(1, 'says why, for whoever wonders later'), v.maxLength(200)),
})

/** What the file says under `quiet`. Without `days` it is every day, without `from` and `to` the whole of each. */
export const QuietList = v.pipe(
  v.array(
    v.pipe(
      One,
      v.transform((one): QuietHours => {
        const { days, from = 0, to = 24 * 60, timezone = 'UTC', containers = null, rules = null } = one
        const numbers = (days ?? DAYS).map((day) => DAYS.indexOf(day))
        const { critical = false, reason } = one
        return { days: numbers, from, to, timezone, containers, rules, critical, reason: oneLine(reason) }
      }),
    ),
    'expected a list of quiet hours',
  ),
  v.maxLength(50),
)

/** The rules, each with the quiet hours that are for it; a problem for each pattern that is for none. */
export function withQuietHours(
  rules: Readonly<Record<string, Rule>>,
  quiet: readonly QuietHours[],
): { readonly rules: Readonly<Record<string, Rule>>; readonly problems: readonly string[] } {
  const names = Object.keys(rules)
  const problems = quiet.flatMap((one, i) =>
    (one.rules ?? [])
      .filter((pattern) => !names.some((name) => matches(pattern, name)))
      .map((pattern) => `quiet.${i}.rules: there is no rule ${pattern}`),
  )
  const entries = Object.entries(rules).map(([name, rule]): [string, Rule] => {
    const own = quiet.filter((one) => one.rules === null || one.rules.some((pattern) => matches(pattern, name)))
    return [name, own.length === 0 ? rule : { ...rule, heldDuring: own }]
  })
  return { rules: Object.fromEntries(entries), problems }
}

/** Whether it is one of these hours now. By the clock of the zone, so that a change to summer time moves nothing. */
export function isQuietAt({ days, from, to, timezone }: QuietHours, now: EpochMs): boolean {
  const { weekday, minuteOfDay } = zonedClock(now, timezone)
  if (from < to) return days.includes(weekday) && minuteOfDay >= from && minuteOfDay < to
  const yesterday = (weekday + 6) % 7
  return (days.includes(weekday) && minuteOfDay >= from) || (days.includes(yesterday) && minuteOfDay < to)
}

/** What holds an alert of the rule back now; `null` when it may be heard. `container` is `null` for alerts of none. */
export function quietHold(
  rule: Rule | undefined,
  about: { readonly container: string | null; readonly severity: Severity },
  now: EpochMs,
): Held | null {
  const { container, severity } = about
  const found = rule?.heldDuring?.find(
    (quiet) =>
      (quiet.critical || severity !== 'critical') &&
      (quiet.containers === null ||
        (container !== null && quiet.containers.some((pattern) => matches(pattern, container)))) &&
      isQuietAt(quiet, now),
  )
  return found === undefined ? null : { reason: `quiet hours: ${found.reason}`, by: BY, freeSince: null }
}

export function isOfQuietHours({ by }: Held): boolean {
  return by === BY
}
