/** A report: what is known of each container between two times, made from the monitor's answers and nothing else. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { ContainersAnswer, DeliveryView, HistoryAnswer } from '@plimsoll/contracts/http'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Growth, growthOf } from './growth.ts'
import { type Spread, spreadOf } from './spread.ts'
import type { StressRun } from './stress.ts'
import { type Hints, type Uptime, uptimeOf } from './uptime.ts'

type Found = ContainersAnswer['containers'][number]

export interface ReportInput {
  readonly host: string
  /** Every container with its history; `view` is `null` for one the engine no longer has. */
  readonly containers: readonly { readonly view: Found | null; readonly history: HistoryAnswer }[]
  readonly alerts: readonly AlertView[]
  readonly events: readonly FleetEvent[]
  readonly delivery: DeliveryView | null
  /** Runs of the stress generator, when they were given. */
  readonly stressRuns: readonly StressRun[]
  /** What could not be asked, in words: a report with holes says so. */
  readonly missing: readonly string[]
}

export interface ContainerReport {
  readonly name: string
  readonly image: string | null
  readonly state: string
  readonly uptime: Uptime
  /** How often the engine restarted it by itself since it was created; `null` when it is gone. */
  readonly restarts: number | null
  readonly cpuPercent: Spread | null
  readonly memoryBytes: Spread | null
  readonly memoryPercent: Spread | null
  readonly responseMs: Spread | null
  readonly memoryLimitBytes: number | null
  readonly thresholds: Found['thresholds'] | null
  readonly growth: Growth | null
  /** The time one row of its history stands for: p50 and p95 are of such rows. */
  readonly rowMs: number
  /** Newest first. */
  readonly alerts: readonly AlertView[]
  readonly history: HistoryAnswer
}

export interface Tally {
  readonly fired: number
  readonly critical: number
  readonly stillFiring: number
  /** Held back by the monitor: a dependency was down, a silence, flapping. */
  readonly suppressed: number
  readonly byRule: readonly { readonly rule: string; readonly count: number; readonly firingMs: number }[]
}

export interface Sent {
  readonly sent: number
  readonly grouped: number
  readonly suppressed: number
  readonly waiting: number
  readonly failed: number
  /** The alert service tells its newest decisions only: from when on these counts are whole. */
  readonly since: EpochMs
}

export interface Report {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly host: string
  /** Those with the longest unplanned outage first, then by name. */
  readonly containers: readonly ContainerReport[]
  readonly alerts: readonly AlertView[]
  readonly tally: Tally
  /** What became of them; `null` without an alert service. */
  readonly sent: Sent | null
  /** The fastest first. */
  readonly growers: readonly (Growth & { readonly name: string })[]
  /** Those that touch the report's time, the oldest first. */
  readonly stressRuns: readonly StressRun[]
  readonly missing: readonly string[]
}

const MOST_GROWERS = 10
const names = new Intl.Collator('en', { numeric: true })

/** The report of the time from `from` to `to`. */
export function buildReport(input: ReportInput, from: EpochMs, to: EpochMs): Report {
  const alerts = input.alerts
    .filter(({ firedAt, resolvedAt }) => firedAt < to && (resolvedAt ?? to) > from)
    .sort((a, b) => b.firedAt - a.firedAt)
  const containers = input.containers
    .map((one) => containerReport(one, { alerts, events: input.events }, { from, to }))
    .sort((a, b) => unplanned(b) - unplanned(a) || names.compare(a.name, b.name))
  return {
    from,
    to,
    host: input.host,
    containers,
    alerts,
    tally: tallyOf(alerts, from, to),
    sent: sentOf(input.delivery, from, to),
    growers: containers
      .flatMap(({ name, growth }) => (growth === null ? [] : [{ name, ...growth }]))
      .sort((a, b) => b.bytesPerHour - a.bytesPerHour)
      .slice(0, MOST_GROWERS),
    stressRuns: input.stressRuns.filter((run) => run.from < to && run.to > from).sort((a, b) => a.from - b.from),
    missing: input.missing,
  }
}

const unplanned = ({ uptime }: ContainerReport): number => uptime.downMs - uptime.plannedMs

function containerReport(
  { view, history }: ReportInput['containers'][number],
  input: Pick<ReportInput, 'alerts' | 'events'>,
  range: { readonly from: EpochMs; readonly to: EpochMs },
): ContainerReport {
  const uptime = uptimeOf(history.spans, range, hintsOf(history, input))
  const spread = (name: MetricName) => spreadOf(history.columns[name] ?? [], history.maxima?.[name])
  const limitBytes = view?.memoryLimitBytes ?? null
  const bytes = history.minima?.memoryUsedBytes ?? history.columns.memoryUsedBytes ?? []
  return {
    name: history.name,
    image: view?.image ?? null,
    state: view?.state ?? 'removed',
    uptime,
    restarts: view?.restarts ?? null,
    cpuPercent: spread('cpuPercent'),
    memoryBytes: spread('memoryUsedBytes'),
    memoryPercent: spread('memoryPercent'),
    responseMs: spread('responseMs'),
    memoryLimitBytes: limitBytes,
    thresholds: view?.thresholds ?? null,
    growth: uptime.upSince === null ? null : growthOf({ at: history.at, bytes, since: uptime.upSince, limitBytes }),
    rowMs: history.stepMs,
    alerts: input.alerts.filter(({ container }) => container === history.name),
    history,
  }
}

function hintsOf({ name, events = [] }: HistoryAnswer, known: Pick<ReportInput, 'alerts' | 'events'>): Hints {
  const removals = [...events, ...known.events].filter(
    ({ kind, container }) => kind === 'removed' && container === name,
  )
  const missed = ({ container, rule }: AlertView) => container === name && /^container-(down|stopped|oom)$/.test(rule)
  return {
    removedAt: removals.map(({ at }) => at).sort((a, b) => a - b),
    alarmedAt: known.alerts.filter(missed).map(({ firedAt }) => firedAt),
  }
}

function tallyOf(alerts: readonly AlertView[], from: EpochMs, to: EpochMs): Tally {
  const rules = new Map<string, { count: number; firingMs: number }>()
  for (const { rule, firedAt, resolvedAt } of alerts) {
    const of = rules.get(rule) ?? { count: 0, firingMs: 0 }
    const firingMs = Math.min(resolvedAt ?? to, to) - Math.max(firedAt, from)
    rules.set(rule, { count: of.count + 1, firingMs: of.firingMs + firingMs })
  }
  return {
    fired: alerts.length,
    critical: alerts.filter(({ severity }) => severity === 'critical').length,
    stillFiring: alerts.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt > to).length,
    suppressed: alerts.filter(({ suppressed }) => suppressed !== undefined).length,
    byRule: [...rules].map(([rule, of]) => ({ rule, ...of })).sort((a, b) => b.count - a.count),
  }
}

function sentOf(delivery: DeliveryView | null, from: EpochMs, to: EpochMs): Sent | null {
  if (delivery?.reachable !== true) return null
  const { recent } = delivery.status
  const inTime = recent.filter(({ at }) => at >= from && at < to)
  const count = (outcome: (typeof recent)[number]['outcome']) => inTime.filter((one) => one.outcome === outcome).length
  const oldest = recent.reduce((least, { at }) => Math.min(least, at), to)
  return {
    sent: count('sent'),
    grouped: count('grouped'),
    suppressed: count('suppressed'),
    waiting: count('waiting'),
    failed: count('failed'),
    since: recent.length < 50 ? from : Math.max(from, oldest),
  }
}
