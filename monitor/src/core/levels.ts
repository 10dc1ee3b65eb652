/** Samples and probes as readings of the rules that hold a number against a threshold, or count failures. */
import { METRICS, type MetricName, type Numbers, type Unit } from '@plimsoll/contracts/metrics'
import { durationText, latencyText, memoryText, percentText, rateText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Known, Watches } from './known.ts'
import type { Observation, ProbeResult, Subject } from './observation.ts'
import { matches } from './pattern.ts'
import { type Rule, type Rules, STARTUP_GRACE_MS, type Watches as Watching } from './rules.ts'
import { oneLine } from './sentences.ts'
import type { Reading } from './watch.ts'

const NO_LABELS: readonly never[] = []

/** A reading of a rule, with the time it holds for. */
export interface Told {
  readonly rule: string
  readonly reading: Reading
  readonly at: EpochMs
}

function levelsOf(
  rule: Rule,
  { thresholds, labelled }: Pick<Subject, 'thresholds' | 'labelled'>,
): { fires: number; clears: number } {
  const fires = firesAbove(rule, thresholds, labelled ?? [])
  const { clearBelow } = rule
  if (clearBelow === null) return { fires, clears: fires }
  return { fires, clears: 'ratio' in clearBelow ? fires * clearBelow.ratio : clearBelow.level }
}

function firesAbove(
  { above, insteadOfSetting }: Rule,
  thresholds: Subject['thresholds'],
  own: readonly string[],
): number {
  if (above === null || typeof above === 'number') return above ?? 0
  return own.includes(above) ? thresholds[above] : (insteadOfSetting ?? thresholds[above])
}

/** A value with its sentence, and how values of its kind are shown. */
export interface Measured {
  readonly value: number
  readonly text: string
  readonly show: (value: number) => string
}

/** A value held against the levels of a rule. */
export function against(
  rule: Rule,
  subject: Pick<Subject, 'thresholds' | 'labelled'>,
  { value, text, show }: Measured,
): Reading {
  const { fires, clears } = levelsOf(rule, subject)
  const verdict = value > fires ? 'bad' : value < clears ? 'good' : 'between'
  const limit = verdict === 'good' ? `below ${show(clears)}` : `threshold ${show(fires)}`
  return { verdict, value: rounded(value), threshold: fires, text, limit, lasting: true }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** A threshold as it was given: 40 is `40 %`, 12.5 stays `12.5 %`. */
export function percentLimit(value: number): string {
  return percentText(value, Number.isInteger(rounded(value)) ? 0 : 1)
}

const shows: Readonly<Record<Unit, (value: number) => string>> = {
  percent: percentText,
  bytes: memoryText,
  bytesPerSecond: rateText,
  milliseconds: latencyText,
  count: (value) => String(rounded(value)),
}

function sentenceOf(metric: MetricName, value: number, numbers: Numbers): string {
  if (metric === 'cpuPercent') return `CPU ${percentText(value)} of one core`
  if (metric === 'memoryPercent') {
    const { memoryUsedBytes, memoryLimitBytes } = numbers
    return `memory ${percentText(value)} (${memoryText(memoryUsedBytes)} of ${memoryText(memoryLimitBytes)})`
  }
  if (metric === 'throttledPercent') return `held back by its CPU limit in ${percentText(value)} of periods`
  return `${metric} ${shows[METRICS[metric].unit](value)}`
}

/**
 * What a sample says. A number that is unknown says nothing: neither well nor ill. With `watches` given, what is well
 * is left out where the rule is calm: it would stay calm, and the sentence that nobody reads costs most of the judging.
 */
export function sampleReadings(
  rules: Rules,
  { subject, numbers, at }: Observation & { kind: 'sample' },
  watches: Watches | null = null,
): Told[] {
  const told: Told[] = []
  for (const name in rules) {
    const rule = rules[name]
    if (rule?.watches.kind !== 'metric' || !isFor(rule, subject.name)) continue
    const { metric } = rule.watches
    const value = numbers[metric]
    if (value === null) continue
    const calm = watches !== null && watches[name] === undefined
    if (calm && value <= firesAbove(rule, subject.thresholds, subject.labelled ?? NO_LABELS)) continue
    const { unit } = METRICS[metric]
    const text = sentenceOf(metric, value, numbers)
    const show = unit === 'percent' ? percentLimit : shows[unit]
    told.push({ rule: name, reading: against(rule, subject, { value, text, show }), at })
  }
  return told
}

/** Where the rules on thresholds fire unless a label says otherwise: the marks of the page. */
export function marksOf(rules: Rules, set: Subject['thresholds']): Subject['thresholds'] {
  return {
    cpuPercent: rules['high-cpu']?.insteadOfSetting ?? set.cpuPercent,
    memoryPercent: rules['high-memory']?.insteadOfSetting ?? set.memoryPercent,
    responseMs: rules['slow-response']?.insteadOfSetting ?? set.responseMs,
  }
}

/** Whether the rule is for the container of this name. */
export function isFor({ only }: Rule, name: string): boolean {
  return only === null || only.some((pattern) => matches(pattern, name))
}

type Latency = Watching & { kind: 'latency' }

function latencies(rules: Rules, name: string): [string, Rule, Latency][] {
  return Object.entries(rules).flatMap(([key, rule]) =>
    rule.watches.kind === 'latency' && isFor(rule, name) ? [[key, rule, rule.watches] as [string, Rule, Latency]] : [],
  )
}

/** More answers than a container is asked for in the longest window. */
const MAX_ANSWERS = 2000

/** The container with the answer of a probe remembered; answers that left the longest window are forgotten. */
export function withAnswer(rules: Rules, known: Known, result: ProbeResult): Known {
  const windowMs = latencies(rules, known.subject.name).reduce((most, [, , one]) => Math.max(most, one.windowMs), 0)
  const kept = known.answers.filter(([at]) => at > result.at - windowMs && at <= result.at)
  const answers = result.responseMs === null ? kept : [...kept, [result.at, result.responseMs] as const]
  return { ...known, answers: answers.slice(-MAX_ANSWERS), warm: known.warm || result.ok }
}

/** Whether a failed probe is that of a container still starting. */
function isStarting(known: Known, at: EpochMs): boolean {
  return !known.warm && known.startedAt !== null && at - known.startedAt < STARTUP_GRACE_MS
}

/** What a probe says; `known` has its answer already. */
export function probeReadings(rules: Rules, known: Known, result: ProbeResult): Told[] {
  const { at, ok } = result
  const told: Told[] = []
  const checks = rules['health-check-failed']
  if (checks !== undefined && (ok || !isStarting(known, at))) {
    told.push({ rule: 'health-check-failed', reading: checked(result, checks.minSamples), at })
  }
  for (const [name, rule, watches] of latencies(rules, known.subject.name)) {
    const inWindow = known.answers.filter(([when]) => when > at - watches.windowMs)
    const value = percentile(inWindow.map(answerMs), watches)
    if (value === null) continue
    const over = durationText(watches.windowMs)
    const text = `p${watches.percentile} of responses ${latencyText(value)} over ${over}`
    told.push({ rule: name, reading: against(rule, known.subject, { value, text, show: latencyText }), at })
  }
  return told
}

function answerMs([, ms]: readonly [EpochMs, number]): number {
  return ms
}

function checked(result: ProbeResult, many: number): Reading {
  const text = result.ok
    ? `health check answers again in ${latencyText(result.responseMs)}`
    : `${many} health checks in a row failed, the last with: ${oneLine(result.detail)}`
  return { verdict: result.ok ? 'good' : 'bad', value: null, threshold: null, text, limit: null, lasting: false }
}

/**
 * The p-th percentile of at least `atLeast` values, else `null`. It is the value at the rank rounded down, so that of
 * up to 20 answers (30 s of probes hold 15) it is the second slowest: one slow answer alone is no alert.
 */
export function percentile(
  values: readonly number[],
  wanted: { readonly percentile: number; readonly atLeast: number },
): number | null {
  if (values.length < Math.max(1, wanted.atLeast)) return null
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((wanted.percentile / 100) * (sorted.length - 1))] ?? null
}
