/** Which look two looks are held against: the one before, unless nothing true can be said across the two. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Counters } from './counters.ts'

/** A look as it was taken. */
export interface Taken {
  /** Names the run of the container: its start, as the engine dates it. */
  readonly startedAt: EpochMs | null
  readonly source: 'files' | 'engine'
  /** On our own clock that nobody sets, in milliseconds. */
  readonly takenMs: number
  readonly counters: Counters
}

/** Looks further apart than so many intervals have time between them that nobody measured. */
const GAP = { intervals: 5, leastMs: 10_000 } as const
/**
 * How much further the engine's clock may move than ours between two answers: they come hundreds of milliseconds late
 * from a busy engine. What is more was a clock being set.
 */
const CLOCK_MS = 1_500

/**
 * The look that `now` can be held against, or `null` when `now` begins anew: the first of a run (a restart under the same
 * id is another), after a gap (the process was suspended, the engine away), from another source (its clocks and moments
 * are others), and when the engine's clock was set.
 */
export function baselineOf(before: Taken | undefined, now: Taken, intervalMs: number): Counters | null {
  if (before === undefined || before.startedAt !== now.startedAt || before.source !== now.source) return null
  const elapsedMs = now.takenMs - before.takenMs
  if (elapsedMs > Math.max(GAP.intervals * intervalMs, GAP.leastMs)) return null
  // The files are dated with our steady clock, and it is that which counts.
  if (now.source === 'files') return before.counters
  const engineMs = now.counters.at - before.counters.at
  return Math.abs(engineMs - elapsedMs) > CLOCK_MS + elapsedMs / 2 ? null : before.counters
}
