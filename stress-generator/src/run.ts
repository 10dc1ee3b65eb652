/** Runs steps one after the other: waits for the target, drives each, and says what came of it. */
import type { Display } from './display.ts'
import { drive, type End, type Step } from './drive.ts'
import { createHttpLoad } from './http-load.ts'
import { PROFILES } from './profiles.ts'
import { type RunReport, reportOf, summaryLines } from './report.ts'
import { reasonOf, type Target } from './target.ts'

/** A target that is just starting is waited for. */
const WAIT_FOR_TARGET_MS = 15_000
const RETRY_MS = 500

export interface RunDeps {
  readonly url: string
  readonly concurrency: number
  readonly target: Target
  readonly prefix: string
  readonly display: Display
  /** Milliseconds on a steady clock. */
  readonly now: () => number
  /** The time of day, for the report. */
  readonly isoNow: () => string
  /** Waits, and no longer than until `signal` fires. Does not throw. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/** `null` when the target answers, else why it still does not. */
async function awaitTarget({ target, url, display, now, wait, signal }: RunDeps): Promise<string | null> {
  const start = now()
  let said = false
  for (;;) {
    try {
      await target.look()
      return null
    } catch (error) {
      const reason = reasonOf(error)
      if (signal.aborted || now() - start > WAIT_FOR_TARGET_MS) return reason
      if (!said) display.say(`waiting for ${url}: ${reason}`)
      said = true
      await wait(RETRY_MS, signal)
    }
  }
}

async function leftBehind({ target, prefix }: RunDeps): Promise<number | null> {
  try {
    return (await target.look()).loads.filter(({ id }) => id.startsWith(prefix)).length
  } catch {
    return null
  }
}

async function runStep(step: Step, deps: RunDeps): Promise<RunReport> {
  const { display, now, wait, signal } = deps
  const startedAt = deps.isoNow()
  const http = createHttpLoad(deps.url, deps.concurrency)
  display.say(`${step.level}: ${PROFILES[step.level].doc}; ${step.seconds} s against ${deps.url}`)
  const driven = await drive(step, { ...deps, http, now, wait, show: display.show }, signal)
  return reportOf({
    step,
    driven,
    startedAt,
    http: { ...http.count(), ...http.percentiles() },
    leftBehind: await leftBehind(deps),
  })
}

/** The reports of the steps that ran, and how the last one ended. */
export async function runSteps(
  steps: readonly Step[],
  deps: RunDeps,
): Promise<{ readonly reports: readonly RunReport[]; readonly end: End }> {
  const reports: RunReport[] = []
  const unreachable = await awaitTarget(deps)
  if (unreachable !== null) {
    if (deps.signal.aborted) return { reports, end: 'stopped' }
    deps.display.say(`${deps.url} cannot be reached: ${unreachable}. Is the target app up, and TARGET_URL right?`)
    return { reports, end: 'target-lost' }
  }
  for (const step of steps) {
    const report = await runStep(step, deps)
    reports.push(report)
    for (const line of summaryLines(report)) deps.display.say(line)
    if (report.end !== 'done') return { reports, end: report.end }
  }
  return { reports, end: 'done' }
}
