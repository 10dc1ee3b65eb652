/** What replays of many containers come to: totals, a list, and what stored history can and cannot tell. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { BacktestAlert, BacktestAnswer, BacktestStretch, BacktestTotal } from '@plimsoll/contracts/backtest'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { readingsEvery } from './backtest.ts'
import type { Rules } from './rules.ts'

/** Collected while containers are replayed. */
export interface Played {
  readonly means: BacktestAlert[]
  readonly peaks: BacktestAlert[]
  readonly stretches: BacktestStretch[]
  containers: number
  readonly leftOut: string[]
}

export interface Scope {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly tookMs: number
  readonly rules: BacktestAnswer['rules']
  readonly set: Rules
  /** What really fired in this time. */
  readonly really: readonly AlertView[]
}

const MAX_ALERTS = 500
const MAX_TOTALS = 1000

/** Rules of the table that need what is not stored. */
const NOT_STORED: Readonly<Record<string, string>> = {
  'health-check-failed': 'single answers of health targets are not stored',
  'host-cpu': 'levels of the host are not stored',
  'host-memory': 'levels of the host are not stored',
  'host-disk': 'levels of the host are not stored',
  'engine-unreachable': 'when the engine was away is not stored as such',
  'monitor-degraded': 'troubles of the monitor itself are not stored',
}

/** Adds a stretch; of the same time read at several resolutions the coarsest counts, what touches in one is one. */
export function withStretch(stretches: BacktestStretch[], read: BacktestStretch): void {
  const same = stretches.find(
    ({ stepMs, from, to }) => stepMs === read.stepMs && from <= read.to + stepMs && read.from <= to + stepMs,
  )
  if (same === undefined) {
    stretches.push(read)
    return
  }
  const joined = { ...same, from: Math.min(same.from, read.from), to: Math.max(same.to, read.to) }
  stretches[stretches.indexOf(same)] = joined
}

/** The answer. */
export function summed(played: Played, scope: Scope): BacktestAnswer {
  const { from, to, tookMs, rules, set } = scope
  const alerts = played.means.toSorted((a, b) => b.from - a.from)
  const resolutions = played.stretches.toSorted((a, b) => a.from - b.from || a.stepMs - b.stepMs)
  const notReplayed = Object.entries(NOT_STORED).flatMap(([rule, why]) =>
    set[rule] === undefined ? [] : [{ rule, why }],
  )
  return {
    from,
    to,
    rules,
    totals: totalsOf(played, scope),
    alerts: alerts.slice(0, MAX_ALERTS),
    alertsCount: alerts.length,
    resolutions,
    notReplayed,
    notes: notesOn(resolutions, played.leftOut.length),
    containers: played.containers,
    leftOut: played.leftOut.slice(0, MAX_ALERTS),
    tookMs,
  }
}

type Total = { -readonly [K in keyof BacktestTotal]: BacktestTotal[K] }

function totalsOf({ means, peaks }: Played, { to, really }: Scope): readonly BacktestTotal[] {
  const totals = new Map<string, Total>()
  const of = ({ rule, container, severity }: Pick<BacktestAlert, 'rule' | 'container' | 'severity'>): Total => {
    const key = `${rule}\n${container}`
    const none = { count: 0, heldBack: 0, firingMs: 0, byPeaks: { count: 0, firingMs: 0 }, fired: 0 }
    const total = totals.get(key) ?? { rule, severity, container, ...none }
    totals.set(key, total)
    return total
  }
  const lasted = (alert: BacktestAlert): number => Math.round((alert.to ?? to) - alert.from)
  for (const alert of means) {
    const total = of(alert)
    if (alert.suppressed === undefined) total.count++
    else total.heldBack++
    total.firingMs += lasted(alert)
  }
  for (const alert of peaks) {
    const total = of(alert)
    const { count, firingMs } = total.byPeaks
    total.byPeaks = { count: count + (alert.suppressed === undefined ? 1 : 0), firingMs: firingMs + lasted(alert) }
  }
  for (const { rule, container, severity, suppressed } of really) {
    if (container === null || suppressed !== undefined || NOT_STORED[rule] !== undefined) continue
    of({ rule, container, severity }).fired++
  }
  return [...totals.values()].sort((a, b) => b.count - a.count || b.fired - a.fired).slice(0, MAX_TOTALS)
}

function notesOn(stretches: readonly BacktestStretch[], leftOut: number): readonly string[] {
  const steps = [...new Set(stretches.map(({ stepMs }) => stepMs))].toSorted((a, b) => a - b)
  const notes = steps.map(resolutionNote)
  if (steps.length === 0) notes.push('Nothing is stored of this time.')
  else
    notes.push(
      'Alerts are judged by the mean of each row. "By peaks" is judged by its highest sample: what would have been sent lies between.',
    )
  notes.push(
    'Each container is replayed by itself, with the labels it has now: what a silence or a container it depends on would have held back is counted. What ended while the monitor did not run is not replayed.',
  )
  if (leftOut > 0) notes.push(`Time did not suffice for ${leftOut} containers: ask for fewer days.`)
  return notes
}

function resolutionNote(stepMs: number): string {
  const step = durationText(stepMs)
  if (stepMs < 10_000) return `Samples of every ${step}: as the monitor judges.`
  const begins = durationText(readingsEvery(stepMs))
  if (stepMs <= 10_000)
    return `Rows of ${step}: an alert's begin and end are known to ${begins}, and a peak shorter than a row only by its height.`
  const blur = stepMs > 60_000 ? ' A hold of minutes says little here: a whole row is above or below.' : ''
  return `Rows of ${step}: what lasted less is smoothed away in means and stretched to a whole row in peaks.${blur}`
}
