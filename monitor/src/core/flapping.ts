/** An alert that fires and resolves again and again is told once, as `flapping`, until it calms. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Flaps, isOfARun, type Known } from './known.ts'
import { FLAPPING } from './rules.ts'
import type { Reading, Watch } from './watch.ts'

type Flap = NonNullable<Flaps[string]>

/** A container that goes down again and again has a rule of its own (`container-restart-loop`). */
export function canFlap(rule: string): boolean {
  return isOfARun(rule)
}

/** The changes within the window, with one more. */
export function withChange(flap: Flap | null, now: EpochMs): Flap {
  const recent = (flap?.changes ?? []).filter((at) => at > now - FLAPPING.withinMs && at <= now)
  return { changes: [...recent, now].slice(-4 * FLAPPING.changes), watch: flap?.watch ?? null }
}

/** What flaps now, by the rule that changes. */
export function flapping(known: Known): [string, Watch][] {
  return Object.entries(known.flaps).flatMap(([rule, flap]) =>
    flap.watch === null ? [] : [[rule, flap.watch] as [string, Watch]],
  )
}

/** What a change within the window says; calm is the absence of changes. */
export function flapReading(rule: string, changes: number): Reading {
  const text = `${rule} fired or resolved ${changes} times in 5 min and is held back until it calms`
  return { verdict: 'bad', value: changes, threshold: FLAPPING.changes, text, limit: null, lasting: false }
}
