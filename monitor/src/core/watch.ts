/**
 * How one rule of one container goes from calm to pending to firing and back. Knows nothing of containers: it is
 * given readings and times, and answers with the next state and with why it changed.
 */
import type { Severity } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import { GAP_MS, type Rule, SILENT_MS } from './rules.ts'

/** What an observation says of a rule. */
export interface Reading {
  /** `between` is not above the threshold and not yet below the clear level: it neither fires nor clears. */
  readonly verdict: 'bad' | 'between' | 'good'
  /** The value and the threshold that go into the alert; `null` where the rule has none. */
  readonly value: number | null
  readonly threshold: number | null
  /** The start of the sentence: `CPU 93.4 % of one core`, `restarted, healthy`. */
  readonly text: string
  /** The end of the sentence: `threshold 40 %`; `null` without one. */
  readonly limit: string | null
  /** Whether it took time: the sentence then says for how long (`for 15 s`). */
  readonly lasting: boolean
  /** Known for certain: fires without the rule's hold. */
  readonly atOnce?: true
}

/** Readings of one verdict without a break. */
export interface Streak {
  readonly since: EpochMs
  readonly lastAt: EpochMs
  readonly samples: number
}

/** A rule that is not calm. Calm is no state at all, so that it costs no memory. */
export type Watch =
  | { readonly state: 'pending'; readonly bad: Streak; readonly reading: Reading }
  | {
      readonly state: 'firing'
      readonly id: string
      readonly severity: Severity
      readonly firedAt: EpochMs
      /** The last reading of any verdict, and the streak of good ones, if the last one was good. */
      readonly lastAt: EpochMs
      readonly good: Streak | null
      readonly reading: Reading
      /** Why its lines are not delivered; `null` when they are. */
      readonly held: Held | null
    }

/** An alert that is held back by another, its cause. */
export interface Held {
  /** `flapping`, `container-restart-loop`, `dependency-down`. */
  readonly reason: string
  /** The id of the alert that is told in its place. */
  readonly by: string
  /** When that alert was seen to be over; `null` while it fires. */
  readonly freeSince: EpochMs | null
}

/** What became of a watch, and why. `heldMs` is how long it had been so, by the readings' own times. */
export type Outcome =
  | { readonly kind: 'calm' }
  | { readonly kind: 'kept'; readonly watch: Watch }
  | { readonly kind: 'fires'; readonly reading: Reading; readonly heldMs: number; readonly at: EpochMs }
  | { readonly kind: 'clears'; readonly reading: Reading; readonly heldMs: number }
  /** Nothing happened for the rule's `clearForMs`. */
  | { readonly kind: 'calms'; readonly quiet: string; readonly heldMs: number }
  /** No reading for SILENT_MS. */
  | { readonly kind: 'falls-silent'; readonly reading: Reading; readonly silentMs: number }

// A clock that is set back must not make a hold last for ever, and what nobody looked at for long is not known to have
// held: the streak then begins anew.
function extend(rule: Rule, streak: Streak | null, at: EpochMs): Streak {
  const broken = streak !== null && (at < streak.since || (isSampled(rule) && at - streak.lastAt > GAP_MS))
  if (streak === null || broken) return { since: at, lastAt: at, samples: 1 }
  return { since: streak.since, lastAt: Math.max(at, streak.lastAt), samples: streak.samples + 1 }
}

/** The next state of a rule after a reading at `at`. `null` is a calm watch. */
export function take(watch: Watch | null, rule: Rule, reading: Reading, at: EpochMs): Outcome {
  if (watch?.state === 'firing') return takeFiring(watch, rule, reading, at)
  if (reading.verdict === 'between' && watch !== null && !isSampled(rule)) return { kind: 'kept', watch }
  if (reading.verdict !== 'bad') return { kind: 'calm' }
  const bad = extend(rule, watch === null ? null : watch.bad, at)
  return firesOrWaits(rule, bad, reading, at)
}

function takeFiring(watch: Watch & { state: 'firing' }, rule: Rule, reading: Reading, at: EpochMs): Outcome {
  if (reading.verdict !== 'good') {
    return { kind: 'kept', watch: { ...watch, good: null, lastAt: at, reading } }
  }
  const good = extend(rule, watch.good, at)
  const next = { ...watch, good, lastAt: at, reading }
  return rule.quiet === null ? clearsOrWaits(rule, next, at) : { kind: 'kept', watch: next }
}

/** The next state of a rule when only time passed. */
export function wait(watch: Watch, rule: Rule, now: EpochMs): Outcome {
  if (isSampled(rule)) return waitSampled(watch, now)
  // What an event told lasts until another tells otherwise, so time alone ends its holds.
  if (watch.state === 'pending') return firesOrWaits(rule, watch.bad, watch.reading, now)
  if (rule.quiet !== null) return calmsOrWaits(rule.quiet, rule.clearForMs, watch, now)
  return clearsOrWaits(rule, watch, now)
}

/** Quiet does not count while the last that was told is neither good nor bad: a container that is down has no quiet. */
function calmsOrWaits(quiet: string, forMs: number, watch: Watch & { state: 'firing' }, now: EpochMs): Outcome {
  const heldMs = now - watch.lastAt
  if (watch.reading.verdict === 'between' || heldMs < forMs) return { kind: 'kept', watch }
  return { kind: 'calms', quiet, heldMs }
}

function waitSampled(watch: Watch, now: EpochMs): Outcome {
  if (watch.state === 'pending') {
    return now - watch.bad.lastAt > GAP_MS ? { kind: 'calm' } : { kind: 'kept', watch }
  }
  const silentMs = now - watch.lastAt
  return silentMs < SILENT_MS ? { kind: 'kept', watch } : { kind: 'falls-silent', reading: watch.reading, silentMs }
}

function firesOrWaits(rule: Rule, bad: Streak, reading: Reading, at: EpochMs): Outcome {
  const heldMs = at - bad.since
  const held = reading.atOnce === true || heldMs >= rule.forMs
  if (held && bad.samples >= rule.minSamples) return { kind: 'fires', reading, heldMs, at }
  return { kind: 'kept', watch: { state: 'pending', bad, reading } }
}

function clearsOrWaits(rule: Rule, watch: Watch & { state: 'firing' }, at: EpochMs): Outcome {
  const { good } = watch
  const heldMs = good === null ? 0 : at - good.since
  if (good !== null && heldMs >= rule.clearForMs && good.samples >= rule.clearSamples) {
    return { kind: 'clears', reading: watch.reading, heldMs }
  }
  return { kind: 'kept', watch }
}

/** Whether the rule lives on readings that come again and again, and so knows silence. */
export function isSampled(rule: Rule): boolean {
  return rule.watches.kind !== 'event'
}
