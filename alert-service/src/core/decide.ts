/** What becomes of a line of the alert log: told now, held for a message, or not told, always with the reason. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type AlertMemory, type HoldReason, newMemory } from './memory.ts'

export interface Policy {
  /** `ALERT_COOLDOWN`: between two alike, the second waits. */
  readonly cooldownMs: number
  /** `BUFFER_TIMEOUT`: how long what is not critical is collected. */
  readonly bufferMs: number
  /** An older line is history: it is told, marked late, but no longer by itself and at once. */
  readonly lateMs: number
}

export const LATE_MS = 60 * 60 * 1000

/** What is known when a line comes in. */
export interface Known {
  readonly memory: AlertMemory | null
  /** When an alert of the same kind at the same place was last told. */
  readonly alikeToldAt: EpochMs | null
  /** When the open buffer will be told; `null` while nothing is collected. */
  readonly bufferDueAt: EpochMs | null
}

export type DropReason =
  | 'duplicate'
  | 'held-back-by-monitor'
  | 'never-told'
  | 'acknowledged'
  | 'silenced'
  | 'over-before-cooldown'

export type Verdict =
  | { readonly do: 'send'; readonly why: string; readonly memory: AlertMemory }
  | {
      readonly do: 'hold'
      readonly because: HoldReason
      readonly dueAt: EpochMs
      readonly why: string
      readonly memory: AlertMemory
    }
  | { readonly do: 'drop'; readonly reason: DropReason; readonly why: string; readonly memory: AlertMemory }
  /** Not told, and its firing, which was waiting, is not told either. */
  | { readonly do: 'withdraw'; readonly reason: DropReason; readonly why: string; readonly memory: AlertMemory }

interface Case {
  readonly event: AlertEvent
  readonly memory: AlertMemory
  readonly known: Known
  readonly now: EpochMs
  readonly policy: Policy
}

function drop(c: Case, reason: DropReason, why: string): Verdict {
  const memory: AlertMemory =
    reason === 'duplicate'
      ? c.memory
      : { ...c.memory, handling: { ...c.memory.handling, [c.event.state]: 'suppressed' } }
  return { do: 'drop', reason, why, memory }
}

function send(c: Case, why: string): Verdict {
  return { do: 'send', why, memory: c.memory }
}

function hold(c: Case, because: HoldReason, dueAt: EpochMs, why: string): Verdict {
  const memory: AlertMemory = {
    ...c.memory,
    handling: { ...c.memory.handling, [c.event.state]: 'held' },
    held: c.event.state === 'firing' ? { because, dueAt } : c.memory.held,
  }
  return { do: 'hold', because, dueAt, why, memory }
}

function collect(c: Case): Verdict {
  const dueAt = Math.min(c.known.bufferDueAt ?? Number.POSITIVE_INFINITY, c.now + c.policy.bufferMs)
  return hold(c, 'buffer', dueAt, `not critical: collected for BUFFER_TIMEOUT (${durationText(c.policy.bufferMs)})`)
}

function late(c: Case): Verdict | null {
  const age = c.now - c.event.time
  if (age <= c.policy.lateMs) return null
  return hold(c, 'late', c.now, `${durationText(age)} old when it was read: told late, together with others`)
}

function cooling(c: Case): Verdict | null {
  const { alikeToldAt } = c.known
  // A clock that was set back must not stretch the wait beyond one cooldown.
  const dueAt = Math.min(alikeToldAt ?? Number.NEGATIVE_INFINITY, c.now) + c.policy.cooldownMs
  if (alikeToldAt === null || c.now >= dueAt) return null
  const cooldown = `ALERT_COOLDOWN (${durationText(c.policy.cooldownMs)})`
  return hold(c, 'cooldown', dueAt, `within ${cooldown} of the last one: told then, if it still fires`)
}

function decideFiring(c: Case): Verdict {
  const told = late(c) ?? cooling(c)
  if (told !== null) return told
  return c.event.severity === 'critical' ? send(c, 'critical: told at once') : collect(c)
}

function decideResolved(c: Case): Verdict {
  const { handling, held } = c.memory
  if (handling.firing === undefined || handling.firing === 'suppressed')
    return drop(c, 'never-told', 'its firing was not told, so its end is not either')
  if (handling.firing === 'held' && held !== null) {
    if (held.because !== 'cooldown')
      return hold(c, 'with-its-firing', held.dueAt, 'over before its firing was told: told as one line')
    const memory: AlertMemory = {
      ...c.memory,
      handling: { ...handling, firing: 'suppressed', resolved: 'suppressed' },
      held: null,
    }
    const why = `over within ALERT_COOLDOWN (${durationText(c.policy.cooldownMs)}) of the last one`
    return { do: 'withdraw', reason: 'over-before-cooldown', why, memory }
  }
  return late(c) ?? (c.event.severity === 'critical' ? send(c, 'critical: its end is told at once') : collect(c))
}

/** Somebody has seen it, or wants to hear nothing of it: what still waits is not told, what was told is not repeated. */
function decideHandled(c: Case, state: 'acknowledged' | 'silenced'): Verdict {
  if (c.memory.handling.firing !== 'held') return drop(c, state, `${state}: not repeated any more`)
  const handling = { ...c.memory.handling, firing: 'suppressed', [state]: 'suppressed' } as const
  return {
    do: 'withdraw',
    reason: state,
    why: `${state} before it was told`,
    memory: { ...c.memory, handling, held: null },
  }
}

function isDuplicate({ event, memory }: Case): boolean {
  const before = memory.handling[event.state]
  // What the monitor held back before may be told now; anything else is the same line again.
  return before === 'told' || before === 'held' || (before === 'suppressed' && event.suppressed !== undefined)
}

function withEvent(memory: AlertMemory, event: AlertEvent): AlertMemory {
  if (event.state === 'firing') return { ...memory, firing: event, severity: event.severity }
  return event.state === 'resolved' ? { ...memory, endedAt: event.time } : memory
}

/** What becomes of `event`, why, and what to remember of its alert afterwards. */
export function decide(event: AlertEvent, known: Known, now: EpochMs, policy: Policy): Verdict {
  const before = known.memory ?? newMemory(event)
  const memory = withEvent(before, event)
  const c: Case = { event, memory, known, now, policy }
  if (isDuplicate(c)) return drop(c, 'duplicate', 'the same line came before: told once')
  if (event.suppressed !== undefined) {
    const by = event.by === undefined ? '' : ` (by ${event.by})`
    return drop(c, 'held-back-by-monitor', `held back by the monitor: ${event.suppressed}${by}`)
  }
  switch (event.state) {
    case 'firing':
      return decideFiring(c)
    case 'resolved':
      return decideResolved(c)
    case 'acknowledged':
    case 'silenced':
      return decideHandled(c, event.state)
  }
}
