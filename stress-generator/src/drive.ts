/** The loop that drives a profile: look, judge, steer, renew, twice a second, until its time is over. */
import type { LoadAnswer } from '@plimsoll/contracts/load'
import { httpRateOf, remember, seenNow, valuesOf } from './history.ts'
import type { HttpCount, HttpLoad, Percentiles } from './http-load.ts'
import { type Others, othersOf } from './observe.ts'
import { type Level, type Measure, type Phase, type PhaseAt, PROFILES, type Profile, phaseAt } from './profiles.ts'
import { type DatabaseDone, databaseOf, freshState, type Health, MAX_TIMES, type State } from './run-state.ts'
import { judge, type Scores } from './score.ts'
import { bandWith, NO_COMMANDS, steer } from './steer.ts'
import { reasonOf, type Target } from './target.ts'

const TICK_MS = 500
const TICKS_PER_SECOND = 1000 / TICK_MS
/** A target may be in trouble this long before the run is given up; longer where its end is the point of the profile. */
const AWAY_MS = 10_000
const AWAY_ON_PURPOSE_MS = 30_000

export interface Step {
  readonly level: Level
  readonly seconds: number
}

export interface Progress {
  readonly level: Level
  readonly phase: Phase
  readonly elapsedMs: number
  readonly totalMs: number
  readonly values: Readonly<Record<Measure, number | null>>
  readonly http: HttpCount & Percentiles & { readonly perSecond: number | null }
  /** How well the aims were hit so far. */
  readonly scores: Scores
  /** Why the target does not answer, or not as asked, right now. */
  readonly trouble: string | null
  readonly restarts: number
}

export type End = 'done' | 'stopped' | 'target-lost'

export interface Driven {
  readonly end: End
  /** Why, where the end was not as planned. */
  readonly reason: string | null
  readonly elapsedMs: number
  readonly scores: Scores
  readonly restarts: number
  readonly health: Health
  readonly database: DatabaseDone
}

export interface DriveDeps {
  readonly target: Target
  readonly http: HttpLoad
  readonly prefix: string
  /** Milliseconds on a steady clock. */
  readonly now: () => number
  /** Waits, and no longer than until `signal` fires. Does not throw. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Called once a second. */
  readonly show: (progress: Progress) => void
}

/** Probes beside the loop, one at a time: a slow answer must not keep the leases from being renewed. */
async function probe(state: State, { target, now }: DriveDeps): Promise<void> {
  if (state.probing) return
  state.probing = true
  const result = await target.probe()
  state.probing = false
  state.health.probes++
  if (!result.ok) state.health.failed++
  else if (state.health.times.push(result.ms) > MAX_TIMES) state.health.times.shift()
  state.history = remember(state.history, now(), { probe: result })
}

/** The target's newest words, or `null` and the reason in `state.trouble`. */
async function look(state: State, { target, http, now }: DriveDeps): Promise<LoadAnswer | null> {
  try {
    const answer = await target.look()
    if (state.bootId !== null && state.bootId !== answer.bootId) {
      state.restarts++
      // Another life: what was asked of the last one says nothing of this.
      state.commands = NO_COMMANDS
      state.steeredFrom = null
      state.database = null
    }
    state.database = { first: state.database?.first ?? answer.database, last: answer.database }
    state.bootId = answer.bootId
    state.history = remember(state.history, now(), { look: answer, count: http.count() })
    return answer
  } catch (error) {
    state.trouble = { sinceMs: state.trouble?.sinceMs ?? now(), reason: reasonOf(error) }
    state.history = { ...remember(state.history, now(), { count: http.count() }), looks: [] }
    return null
  }
}

function judgeSecond(state: State, { phase, sinceMs }: PhaseAt, others: Others): void {
  if (sinceMs < phase.settleSeconds * 1000) return
  const values = valuesOf(state.history)
  for (const aim of phase.aims)
    state.scores = judge(state.scores, { phase, aim, band: bandWith(others, aim) }, values[aim.measure])
}

/** An OOM is asked for once: not again of the life that came after it. */
function loadsOf(phase: Phase, survived: boolean): Phase {
  return survived ? phase : { ...phase, faults: phase.faults.filter(({ fault }) => fault !== 'oom') }
}

async function act(state: State, at: PhaseAt, answer: LoadAnswer, deps: DriveDeps): Promise<void> {
  const { target, http, prefix, now } = deps
  const { phase, turn } = at
  const begins = turn !== state.turn.number
  if (begins) {
    state.turn = { number: turn, bootId: answer.bootId }
    state.steeredFrom = null
  }
  state.steeredFrom ??= now()
  const seen = seenNow(state.history)
  const others = othersOf(answer, prefix, seen?.cpuLimitPercent ?? null)
  const steeredMs = now() - state.steeredFrom
  if (seen !== null) state.commands = steer(state.commands, { phase, limits: answer.limits, seen, others, steeredMs })
  http.set(phase.httpPerSecond)
  try {
    await target.renew(loadsOf(phase, state.turn.bootId === answer.bootId), state.commands)
    if (begins && phase.crash) await target.crash()
    state.trouble = null
  } catch (error) {
    state.trouble = { sinceMs: state.trouble?.sinceMs ?? now(), reason: reasonOf(error) }
  }
}

const NO_OTHERS: Others = { cpuLimitPercent: 0, memoryPercent: 0, queriesPerSecond: 0 }

async function tick(state: State, at: PhaseAt, second: boolean, deps: DriveDeps): Promise<void> {
  const answer = await look(state, deps)
  if (second) void probe(state, deps)
  // Without a target autocannon would only dial; the profile goes on when it is back.
  if (answer === null) deps.http.stop()
  if (second) {
    const cpu = seenNow(state.history)?.cpuLimitPercent ?? null
    judgeSecond(state, at, answer === null ? NO_OTHERS : othersOf(answer, deps.prefix, cpu))
  }
  if (answer !== null) await act(state, at, answer, deps)
}

function lost(state: State, profile: Profile, now: number): boolean {
  return state.trouble !== null && now - state.trouble.sinceMs > (profile.restarts > 0 ? AWAY_ON_PURPOSE_MS : AWAY_MS)
}

function progressOf(
  state: State,
  { step, phase, elapsedMs }: { step: Step; phase: Phase; elapsedMs: number },
  http: HttpLoad,
): Progress {
  return {
    level: step.level,
    phase,
    elapsedMs,
    totalMs: step.seconds * 1000,
    values: valuesOf(state.history),
    http: { ...http.count(), ...http.percentiles(), perSecond: httpRateOf(state.history) },
    scores: state.scores,
    trouble: state.trouble?.reason ?? null,
    restarts: state.restarts,
  }
}

/**
 * Drives one profile for its time, or until `signal` fires or the target is lost; then ends every load of ours. Does
 * not throw for anything the target does.
 */
export async function drive(step: Step, deps: DriveDeps, signal: AbortSignal): Promise<Driven> {
  const profile: Profile = PROFILES[step.level]
  const state = freshState()
  const start = deps.now()
  const elapsed = () => deps.now() - start
  let end: End = 'done'
  for (let count = 0; elapsed() < step.seconds * 1000; count++) {
    const at = phaseAt(profile, elapsed())
    const second = count % TICKS_PER_SECOND === 0
    await tick(state, at, second, deps)
    if (second) deps.show(progressOf(state, { step, phase: at.phase, elapsedMs: elapsed() }, deps.http))
    if (signal.aborted) end = 'stopped'
    else if (lost(state, profile, deps.now())) end = 'target-lost'
    if (end !== 'done') break
    // After a slow tick the next one comes at its own time, not at once several times over.
    await deps.wait(Math.max(20, (count + 1) * TICK_MS - elapsed()), signal)
    if (signal.aborted) end = 'stopped'
    if (end !== 'done') break
  }
  deps.http.stop()
  await deps.target.endAll()
  const { scores, restarts, health, trouble } = state
  return {
    end,
    reason: trouble?.reason ?? null,
    elapsedMs: elapsed(),
    scores,
    restarts,
    health,
    database: databaseOf(state),
  }
}
