/** What a run came to: as a value for a file, and as lines for people. Pure. */
import { durationText, latencyText, percentText, UNKNOWN } from '@plimsoll/contracts/text'
import type { Driven, End, Step } from './drive.ts'
import type { HttpCount, Percentiles } from './http-load.ts'
import { PROFILES } from './profiles.ts'
import { meanOf, shareOf } from './score.ts'

export interface AimReport {
  readonly label: string
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly mean: number | null
  readonly lowest: number | null
  readonly highest: number | null
  readonly secondsJudged: number
  readonly secondsInBand: number
  /** In percent. */
  readonly share: number | null
}

/** One line of `STRESS_REPORT`'s JSON array is one of these. */
export interface RunReport {
  readonly level: string
  readonly startedAt: string
  readonly secondsAsked: number
  readonly secondsRun: number
  readonly end: End
  readonly reason: string | null
  readonly aims: readonly AimReport[]
  readonly http: (HttpCount & Percentiles & { readonly perSecond: number }) | null
  readonly health: Percentiles & { readonly probes: number; readonly failed: number }
  readonly database: Driven['database']
  /** How often the target ended and came back, and how often the profile wanted it to. */
  readonly restarts: number
  readonly restartsWanted: number
  /** Loads of ours still there afterwards; `null` when the target could not be asked. */
  readonly leftBehind: number | null
}

export interface RunFacts {
  readonly step: Step
  readonly driven: Driven
  readonly startedAt: string
  readonly http: HttpCount & Percentiles
  readonly leftBehind: number | null
}

/** The nearest-rank percentile of unsorted milliseconds; `null` for none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? null
}

function healthOf({ probes, failed, times }: Driven['health']): RunReport['health'] {
  return { probes, failed, p50: percentile(times, 50), p95: percentile(times, 95), p99: percentile(times, 99) }
}

/** The facts of a run as they are reported. */
export function reportOf({ step, driven, startedAt, http, leftBehind }: RunFacts): RunReport {
  const secondsRun = Math.round(driven.elapsedMs / 100) / 10
  return {
    level: step.level,
    startedAt,
    secondsAsked: step.seconds,
    secondsRun,
    end: driven.end,
    reason: driven.end === 'target-lost' ? driven.reason : null,
    aims: [...driven.scores.values()].map((score) => ({
      label: score.label,
      unit: score.unit,
      min: score.min,
      max: score.max,
      mean: meanOf(score),
      lowest: score.lowest,
      highest: score.highest,
      secondsJudged: score.judged,
      secondsInBand: score.inBand,
      share: shareOf(score),
    })),
    http: http.answers + http.failures === 0 ? null : { ...http, perSecond: http.answers / Math.max(1, secondsRun) },
    health: healthOf(driven.health),
    database: driven.database,
    restarts: driven.restarts,
    restartsWanted: PROFILES[step.level].restarts,
    leftBehind,
  }
}

const number = (n: number | null) => (n === null ? UNKNOWN : n >= 100 ? n.toFixed(0) : n.toFixed(1))
const times = ({ p50, p95, p99 }: Percentiles) =>
  `p50 ${latencyText(p50)}, p95 ${latencyText(p95)}, p99 ${latencyText(p99)}`

function endText({ end, reason }: RunReport): string {
  switch (end) {
    case 'done':
      return 'ran to its end'
    case 'stopped':
      return 'stopped on request'
    case 'target-lost':
      return `given up (${reason ?? 'no reason known'})`
  }
}

function aimText({ label, unit, min, max, mean, lowest, highest, ...aim }: AimReport): string {
  const range = `${number(mean)} ${unit} (${number(lowest)} to ${number(highest)}), aim ${min}–${max}`
  return `  ${label}: ${range}; in band ${percentText(aim.share, 0)} of ${aim.secondsJudged} s`
}

function databaseText({ database: { queries, errors, lastError } }: RunReport): string[] {
  if (queries + errors === 0) return []
  return [`  database: ${queries} queries, ${errors} failed${lastError === null ? '' : ` (the last: ${lastError})`}`]
}

function restartText({ restarts, restartsWanted }: RunReport): string[] {
  if (restarts === 0 && restartsWanted === 0) return []
  const wanted = restartsWanted === 0 ? 'it was not meant to' : `wanted at least ${restartsWanted}`
  return [`  the target ended and came back ${restarts} times (${wanted})`]
}

/** The summary of a run, for people; made for 80 columns. */
export function summaryLines(report: RunReport): string[] {
  const { level, http, health, leftBehind } = report
  const seconds = durationText(report.secondsRun * 1000)
  const leavings =
    leftBehind === null
      ? 'the target could not be asked what is left; its loads end by themselves within 2 s'
      : leftBehind === 0
        ? 'nothing left behind'
        : `${leftBehind} loads left behind; they end by themselves within 2 s`
  return [
    `${level}: ${endText(report)} after ${seconds}`,
    ...report.aims.map(aimText),
    ...(report.aims.length === 0 && report.restartsWanted === 0 ? ['  too short to be judged'] : []),
    ...(http === null
      ? []
      : [
          `  http: ${http.answers} answers, ${number(http.perSecond)}/s, ${times(http)}; 5xx ${http.serverErrors}, failed ${http.failures}`,
        ]),
    ...databaseText(report),
    `  health: ${health.probes} probes, ${health.failed} failed, ${times(health)}`,
    ...restartText(report),
    `  ${leavings}`,
  ]
}
