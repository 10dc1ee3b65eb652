/** How a run ended: whether somebody wanted it, with which exit code, and why, in words. */
import { exitCodeText, memoryText, signalText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Ending, Life } from './berth.ts'
import type { Inspected } from './engine-words.ts'
import type { End } from './observation.ts'

/** `stop` and `die` come in either order, milliseconds apart; seconds on a machine under heavy load. */
const STOP_AROUND_DIE_MS = 5_000
/** A kill this long before the end was for something else (`docker kill --signal HUP` reloads a configuration). */
const KILL_BEFORE_DIE_MS = 10_000
/** The engine kills so long after it asked nicely; some programs are given minutes to end. */
const STOP_TIMEOUT_MS = 120_000
const SIGKILL = 9

/** How long a `die` waits for its `kill`, which comes first, and for inspect. */
export const SETTLE_MS = 120
/**
 * After a signal by the engine a `stop` is likely, or inspect says `removing` (of 60 containers removed by force at once, one
 * inspect came too late for SETTLE_MS and was told as a kill); still well inside the second in which a crash is alarmed.
 */
export const SETTLE_AFTER_SIGNAL_MS = 700

/** Our clock's time at which an ending is judged at the latest. */
export function endingDue(life: Life, at: EpochMs, now: EpochMs): EpochMs {
  const signalled = wasAsked(life, at) || signalFor(life, at) !== null
  return now + (signalled ? SETTLE_AFTER_SIGNAL_MS : SETTLE_MS)
}

/** Whether the engine sent it a signal other than KILL before its end: `docker stop` does, and tells of itself only later. */
export function wasAsked({ askedAt, startedAt }: Life, at: EpochMs): boolean {
  return askedAt !== null && askedAt > at - STOP_TIMEOUT_MS && askedAt >= (startedAt ?? askedAt)
}

/** Brings in a `kill` event. */
export function noteKill(life: Life, at: EpochMs, signal: number): void {
  life.kill = { at, signal }
  if (signal !== SIGKILL) life.askedAt = at
}

/** The signal the engine was asked for shortly before `at`, in this run. */
function signalFor(life: Life, at: EpochMs): number | null {
  const { kill, startedAt } = life
  if (kill === null || kill.at > at + STOP_AROUND_DIE_MS || kill.at < at - KILL_BEFORE_DIE_MS) return null
  return startedAt !== null && kill.at < startedAt ? null : kill.signal
}

/** Whether a `stop` event or a removal surrounds the end. Exit code 137 proves nothing: every stop of a process that ignores TERM has it. */
export function isPlanned(life: Life, at: EpochMs): boolean {
  if (life.removal) return true
  if (life.stopAt === null || (life.startedAt !== null && life.stopAt < life.startedAt)) return false
  return Math.abs(life.stopAt - at) <= STOP_AROUND_DIE_MS
}

/** An ending, judged. `withEngine` when the engine itself went down around it, which takes its containers along. */
export function endOf(life: Life, ending: Ending, withEngine: boolean): End {
  const exitCode = ending.exitCode ?? ending.eventExitCode
  const signal = signalFor(life, ending.at)
  const oomKilled = ending.oomKilled
  const planned = !oomKilled && (withEngine || isPlanned(life, ending.at))
  const facts = { at: ending.at, planned, exitCode, signal, oomKilled }
  return { ...facts, why: `${causeOf(life, facts, withEngine)}, ${codeText(facts)}` }
}

/** The exit code; with its signal's name only where the cause does not name it already. */
function codeText({ planned, oomKilled, signal, exitCode }: Omit<End, 'why'>): string {
  const named = !planned && !oomKilled && signal !== null && exitCode === 128 + signal
  return named ? `exit code ${exitCode}` : exitCodeText(exitCode)
}

function causeOf(life: Life, facts: Omit<End, 'why'>, withEngine: boolean): string {
  if (facts.oomKilled) return `killed: out of memory${limitText(life)}`
  if (facts.planned && withEngine) return 'ended with the engine'
  if (facts.planned) return life.removal ? 'removed on purpose' : 'stopped on purpose'
  if (facts.signal !== null) return `killed by ${signalText(facts.signal)}`
  const { exitCode } = facts
  // An exit code above 128 is a shell's way to name a signal, or a program's own choice: the code is told, not a verdict.
  return exitCode !== null && exitCode > 128 ? 'ended without the engine being asked' : 'exited by itself'
}

/** What a container exits with when it does what `docker stop` asks: its own 0, or the signal's. */
const OBEDIENT: readonly number[] = [0, 143]

/**
 * An end that nobody watched, by the traces it left. A container with a restart policy that stays down was told to, as
 * was one that ended the way a stop ends it; of a 137 nobody can tell, so it counts as a kill.
 */
export function endUnwatched(answer: Inspected, at: EpochMs): End {
  const { exitCode, oomKilled } = answer
  const planned = !oomKilled && (answer.restartPolicy || answer.state === 'removing' || OBEDIENT.includes(exitCode))
  const how = oomKilled ? 'killed: out of memory' : planned ? 'stopped' : 'ended'
  const why = `${how} while nobody watched, ${exitCodeText(exitCode)}`
  return { at, planned, exitCode, signal: null, oomKilled, why }
}

function limitText(life: Life): string {
  return life.memoryLimitBytes === null ? '' : ` under a limit of ${memoryText(life.memoryLimitBytes)}`
}
