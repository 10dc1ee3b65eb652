/**
 * How one container's life goes on with each event of the engine. Events may be lost, come twice or out of order: each
 * handler first asks whether it is news. What inspect says is brought in by `reconcile.ts`.
 */
import type { Health } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { isAlive, type Life, type Waiting } from './berth.ts'
import { endingDue, endOf, isPlanned, noteKill } from './ending.ts'
import type { EngineEvent } from './engine-words.ts'
import { maskedText } from './evidence-log.ts'
import { turn } from './spans.ts'
import { note, type Step } from './told.ts'

/** Inspect usually answers within 10 ms; a start or a change of health is told without it after this. */
const INSPECT_WAIT_MS = 300
/** One out-of-memory kill came as ten events in 130 ms. */
const ONE_OOM_MS = 1_000
/** A container whose main process was killed for memory died 100 ms after the `oom` event. */
const OOM_WAIT_MS = 400
/** An end this soon after a kill for memory is that kill's. */
const OOM_BEFORE_DIE_MS = 3_000
/** The engine's restart hurts containers a little before we notice and until after it is back. */
const ENGINE_DOWN_MARGIN_MS = 15_000

/** Brings an event into a life. `create`, `rename` and `destroy` change the registry and are `fleet.ts`'s. */
export function applyEvent(step: Step, life: Life, event: EngineEvent): void {
  switch (event.action) {
    case 'start':
      started(step, life, event.at)
      return
    case 'die':
      died(step, life, event)
      return
    case 'stop':
      life.stopAt = event.at
      if (life.ending !== null && isPlanned(life, life.ending.at)) judgeEnding(step, life)
      return
    case 'kill':
      noteKill(life, event.at, Number(event.attributes.signal) || 0)
      // `rm -f` says so in inspect before the process is gone, and by nothing else if the container is removed by itself.
      step.told.inspect.add(life.id)
      return
    case 'pause':
      paused(step, life, event.at)
      return
    case 'unpause':
      unpaused(step, life, event.at)
      return
    case 'oom':
      ranOutOfMemory(step, life, event.at)
      return
    case 'health_status':
      healthChanged(step, life, event)
      return
    case 'update':
    case 'disconnect':
      step.told.inspect.add(life.id)
      return
    case 'create':
    case 'rename':
    case 'destroy':
      return
  }
}

function started(step: Step, life: Life, at: EpochMs): void {
  step.told.inspect.add(life.id)
  // Of a run whose end was told before its start came.
  if (life.finishedAt !== null && at <= life.finishedAt) return
  // Inspect told of this run already, or the event of an end was lost. The event's time does not say which: on a loaded
  // machine it was seconds behind the start that inspect dates. Inspect is asked.
  if (isAlive(life)) return
  if (life.ending !== null) judgeEnding(step, life)
  beginRun(step, life, at)
  life.starting = { at, dueAt: step.now + INSPECT_WAIT_MS }
  life.eventNo = step.fleet.heard
}

/** A new run: what was said of the one before no longer holds. The start is told by `tellRunning`. */
export function beginRun(step: Step, life: Life, at: EpochMs): void {
  life.state = 'running'
  life.startedAt = at
  life.pid = null
  life.removal = false
  life.error = ''
  life.oomAt = null
  life.oomTold = null
  // The engine sends no event for this: health begins anew with each run.
  if (life.health !== 'none') life.health = 'starting'
  life.healthChange = null
  turn(life.named.spans, { condition: 'up', at, why: 'running' })
  note(step, life, { kind: 'started', at, text: 'started' })
  step.told.changed.add(life)
}

/** Tells of the run, with the start time that goes with it from now on. */
export function tellRunning(step: Step, life: Life): void {
  life.starting = null
  if (life.startedAt === null) return
  step.told.observations.push({ kind: 'running', subject: life.subject, at: life.startedAt })
}

function died(step: Step, life: Life, event: EngineEvent): void {
  if (life.ending !== null) return
  // Inspect told of this end already, or the start of this run was lost: inspect knows which.
  if (!isAlive(life)) step.told.inspect.add(life.id)
  // Of a run before the present one, come late.
  if (!isAlive(life) || (life.startedAt !== null && event.at < life.startedAt)) return
  // A label named exitCode overwrites the event's attribute: inspect alone knows then.
  const code = life.labels.exitCode === undefined ? Number.parseInt(event.attributes.exitCode ?? '', 10) : Number.NaN
  life.eventNo = step.fleet.heard
  endRun(step, life, event.at, Number.isNaN(code) ? null : code)
}

/** The run is over, the verdict waits a moment for the `stop` event and for inspect. */
export function endRun(step: Step, life: Life, at: EpochMs, eventExitCode: number | null): void {
  if (life.starting !== null) tellRunning(step, life)
  const oomKilled = life.oomAt !== null && at - life.oomAt < OOM_BEFORE_DIE_MS
  life.state = 'exited'
  life.pid = null
  life.finishedAt = at
  life.exitCode = eventExitCode
  life.healthChange = null
  life.oomTold = null
  life.ending = { at, eventExitCode, dueAt: endingDue(life, at, step.now), exitCode: null, oomKilled }
  turn(life.named.spans, { condition: 'down', at, why: 'ended' })
  step.told.changed.add(life)
  step.told.inspect.add(life.id)
  if (eventExitCode !== null && isPlanned(life, at)) judgeEnding(step, life)
}

/** Judges the end that waits, with what is known by now. */
export function judgeEnding(step: Step, life: Life): void {
  const { ending } = life
  if (ending === null) return
  life.ending = null
  const down = step.fleet.engineDown
  const withEngine =
    down !== null && ending.at >= down.from - ENGINE_DOWN_MARGIN_MS && ending.at <= down.to + ENGINE_DOWN_MARGIN_MS
  const end = endOf(life, ending, withEngine)
  life.exitCode = end.exitCode
  const { spans } = life.named
  const last = spans.at(-1)
  if (last?.condition === 'down') spans[spans.length - 1] = { ...last, why: end.why }
  note(step, life, { kind: end.planned ? 'stopped' : 'died', at: end.at, text: end.why })
  step.told.observations.push({ kind: 'ended', subject: life.subject, end })
  step.told.changed.add(life)
}

export function paused(step: Step, life: Life, at: EpochMs): void {
  if (life.state === 'paused') return
  // Come late, or after a start that was lost: inspect knows which.
  if (life.state !== 'running' || (life.startedAt !== null && at < life.startedAt)) {
    step.told.inspect.add(life.id)
    return
  }
  life.state = 'paused'
  life.eventNo = step.fleet.heard
  turn(life.named.spans, { condition: 'paused', at, why: 'paused' })
  note(step, life, { kind: 'paused', at, text: 'paused' })
  step.told.observations.push({ kind: 'paused', subject: life.subject, at })
  step.told.changed.add(life)
}

export function unpaused(step: Step, life: Life, at: EpochMs): void {
  if (life.state !== 'paused') return
  life.state = 'running'
  life.eventNo = step.fleet.heard
  turn(life.named.spans, { condition: 'up', at, why: 'running' })
  note(step, life, { kind: 'unpaused', at, text: 'goes on after a pause' })
  tellRunning(step, life)
  step.told.changed.add(life)
}

function ranOutOfMemory(step: Step, life: Life, at: EpochMs): void {
  const again = life.oomAt !== null && Math.abs(at - life.oomAt) < ONE_OOM_MS
  life.oomAt = at
  if (life.ending !== null) life.ending.oomKilled = true
  if (again) return
  note(step, life, { kind: 'oom', at, text: 'a process was killed for memory' })
  // Whether the container outlives its process is known a moment later; if it does not, its end says all.
  if (isAlive(life)) life.oomTold = { at, dueAt: step.now + OOM_WAIT_MS }
}

function tellOom(step: Step, life: Life, at: EpochMs): void {
  life.oomTold = null
  step.told.observations.push({ kind: 'oom', subject: life.subject, at })
}

function healthChanged(step: Step, life: Life, event: EngineEvent): void {
  if (event.health === null || !isAlive(life)) {
    step.told.inspect.add(life.id)
    return
  }
  if (life.startedAt !== null && event.at < life.startedAt) return
  life.health = event.health
  life.eventNo = step.fleet.heard
  life.healthChange = { at: event.at, dueAt: step.now + INSPECT_WAIT_MS }
  step.told.inspect.add(life.id)
  step.told.changed.add(life)
}

/** Longer output is cut: it goes into one line of a log, and a health check may print what it likes. */
const MAX_OUTPUT_CHARS = 500

/** Tells of the health as it stands, with what the check printed when that is known. */
export function tellHealth(step: Step, life: Life, at: EpochMs, output: string | null): void {
  const health: Health = life.health
  life.healthChange = null
  // It goes into mails and chats too.
  const said = output === null ? null : maskedText(output.trim(), MAX_OUTPUT_CHARS)
  const text = said === null || said === '' ? health : `${health}: ${said}`
  note(step, life, { kind: 'health', at, text })
  step.told.observations.push({ kind: 'health', subject: life.subject, at, health, output: said })
  step.told.changed.add(life)
}

/** Carries out what has waited long enough. */
export function applyTime(step: Step, life: Life): void {
  if (life.starting !== null && step.now >= life.starting.dueAt) tellRunning(step, life)
  if (life.oomTold !== null && step.now >= life.oomTold.dueAt) tellOom(step, life, life.oomTold.at)
  if (life.ending !== null && step.now >= life.ending.dueAt && step.fleet.awaySince === null) judgeEnding(step, life)
  if (life.healthChange !== null && step.now >= life.healthChange.dueAt) {
    tellHealth(step, life, life.healthChange.at, null)
  }
}

const earlier = (due: EpochMs | null, wait: Waiting | null): EpochMs | null =>
  wait === null || (due !== null && due <= wait.dueAt) ? due : wait.dueAt

/** Our clock's time at which `applyTime` has something to do; `null` while nothing waits. Asked of all after each event. */
export function dueOf(life: Life): EpochMs | null {
  return earlier(earlier(earlier(earlier(null, life.starting), life.ending), life.healthChange), life.oomTold)
}
