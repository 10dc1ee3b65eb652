/** Samples and probes as readings of the rules that hold a number against a threshold, or count failures. */
import type { MetricName, Numbers } from '@plimsoll/contracts/metrics'
import { latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Known } from './known.ts'
import type { ProbeResult, Subject } from './observation.ts'
import { type PlayedRule, RULES, type Rule, STARTUP_GRACE_MS } from './rules.ts'
import { oneLine } from './sentences.ts'
import type { Reading } from './watch.ts'

/** A reading of a rule, with the time it holds for. */
export interface Told {
  readonly rule: PlayedRule
  readonly reading: Reading
  readonly at: EpochMs
}

function level(rule: Rule, subject: Subject): { fires: number; clears: number } {
  const fires = typeof rule.above === 'number' ? rule.above : rule.above === null ? 0 : subject.thresholds[rule.above]
  const { clearBelow } = rule
  if (clearBelow === null) return { fires, clears: fires }
  return { fires, clears: 'ratio' in clearBelow ? fires * clearBelow.ratio : clearBelow.level }
}

interface Measured {
  readonly value: number
  readonly text: string
  readonly show: (value: number) => string
}

function against(rule: Rule, subject: Subject, { value, text, show }: Measured): Reading {
  const { fires, clears } = level(rule, subject)
  const verdict = value > fires ? 'bad' : value < clears ? 'good' : 'between'
  const limit = verdict === 'good' ? `below ${show(clears)}` : `threshold ${show(fires)}`
  return { verdict, value: rounded(value), threshold: fires, text, limit, lasting: true }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** A threshold as it was given: 40 is `40 %`, 12.5 stays `12.5 %`. */
function wholePercent(value: number): string {
  return percentText(value, Number.isInteger(rounded(value)) ? 0 : 1)
}

function sentenceOf(metric: MetricName, value: number, numbers: Numbers): string {
  if (metric === 'cpuPercent') return `CPU ${percentText(value)} of one core`
  if (metric === 'memoryPercent') {
    const { memoryUsedBytes, memoryLimitBytes } = numbers
    return `memory ${percentText(value)} (${memoryText(memoryUsedBytes)} of ${memoryText(memoryLimitBytes)})`
  }
  if (metric === 'throttledPercent') return `held back by its CPU limit in ${percentText(value)} of periods`
  return `${metric} ${rounded(value)}`
}

/** What a sample says. A number that is unknown says nothing: neither well nor ill. */
export function sampleReadings(subject: Subject, numbers: Numbers, at: EpochMs): Told[] {
  const told: Told[] = []
  for (const [name, rule] of Object.entries<Rule>(RULES)) {
    if (rule.watches.kind !== 'metric') continue
    const { metric } = rule.watches
    const value = numbers[metric]
    if (value === null) continue
    const text = sentenceOf(metric, value, numbers)
    told.push({ rule: name as PlayedRule, reading: against(rule, subject, { value, text, show: wholePercent }), at })
  }
  return told
}

const { watches: latency } = RULES['slow-response']

/** The container with the answer of a probe remembered; answers that left the window are forgotten. */
export function withAnswer(known: Known, result: ProbeResult): Known {
  const kept = known.answers.filter(([at]) => at > result.at - latency.windowMs && at <= result.at)
  const answers = result.responseMs === null ? kept : [...kept, [result.at, result.responseMs] as const]
  return { ...known, answers: answers.slice(-1000), warm: known.warm || result.ok }
}

/** Whether a failed probe is that of a container still starting. */
function isStarting(known: Known, at: EpochMs): boolean {
  return !known.warm && known.startedAt !== null && at - known.startedAt < STARTUP_GRACE_MS
}

/** What a probe says; `known` has its answer already. */
export function probeReadings(known: Known, result: ProbeResult): Told[] {
  const { at, ok } = result
  const told: Told[] = []
  if (ok || !isStarting(known, at)) told.push({ rule: 'health-check-failed', reading: checked(result), at })
  const value = percentile(
    known.answers.map(([, ms]) => ms),
    latency,
  )
  if (value !== null) {
    const text = `p${latency.percentile} of responses ${latencyText(value)} over ${latency.windowMs / 1000} s`
    const reading = against(RULES['slow-response'], known.subject, { value, text, show: latencyText })
    told.push({ rule: 'slow-response', reading, at })
  }
  return told
}

function checked(result: ProbeResult): Reading {
  const many = RULES['health-check-failed'].minSamples
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
