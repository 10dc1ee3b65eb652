/** How often to sample: as often as wanted, and less often before the engine is made to work more than the budget allows. */

/** Defaults of the interval by what is read most: files cost nearly nothing, the engine a millisecond an answer. */
export const DEFAULT_INTERVAL_MS = { files: 1_000, engine: 2_000 } as const
export const LONGEST_INTERVAL_MS = 60_000

/**
 * For one part of CPU time in our process, an answer of statistics takes 2.3 in the daemons: measured with 100
 * containers, 356 µs here of 1 190 µs in all. Assumed until it has been estimated on this machine.
 */
const ENGINE_TO_OWN = 2.3
/** The interval grows while there is still this much room. */
const ROOM = 0.9
/** Smaller changes than this are not worth a change of pace. */
const STEP = 0.1

/** What one round costs, averaged over the last rounds. */
export interface RoundCost {
  /** CPU time of our process. */
  readonly ownMs: number
  /** Of the daemons, as an estimate; `null` before there is one. */
  readonly engineMs: number | null
}

/** How much one round counts: the last five or so make the average. */
const WEIGHT = 0.2

/** The cost with one more round in it. */
export function averaged(before: RoundCost | null, round: RoundCost): RoundCost {
  if (before === null) return round
  return { ownMs: before.ownMs + (round.ownMs - before.ownMs) * WEIGHT, engineMs: round.engineMs }
}

export interface PaceFacts {
  readonly wantedMs: number
  /** Of rounds that ask the engine; `null` when no container is asked for there: then there is nothing to save. */
  readonly cost: RoundCost | null
  /** Share of one core that our process and the daemons may take for sampling together. */
  readonly budgetPercent: number
}

export interface Pace {
  readonly intervalMs: number
  /** Why it is longer than wanted, in words; `null` when it is not. */
  readonly why: string | null
}

/** The interval from here on. `now` is kept when it is as good. */
export function nextPace(now: Pace, { wantedMs, cost, budgetPercent }: PaceFacts): Pace {
  if (cost === null) return now.intervalMs === wantedMs ? now : { intervalMs: wantedMs, why: null }
  const roundMs = cost.ownMs + (cost.engineMs ?? cost.ownMs * ENGINE_TO_OWN)
  const affordableMs = roundMs / ((budgetPercent / 100) * ROOM)
  if (affordableMs <= wantedMs) {
    // Back to what is wanted only with some room, or it would go to and fro.
    const settled = now.intervalMs === wantedMs || affordableMs > wantedMs * (1 - STEP)
    return settled && now.intervalMs <= wantedMs * (1 + STEP) ? now : { intervalMs: wantedMs, why: null }
  }
  if (Math.abs(affordableMs - now.intervalMs) <= now.intervalMs * STEP && now.why !== null) return now
  const intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.ceil(affordableMs / 100) * 100)
  const why = `a round costs ${roundMs.toFixed(0)} ms of CPU here and in the engine: every ${intervalMs / 1000} s keeps to ${budgetPercent} % of a core`
  return { intervalMs: Math.max(wantedMs, intervalMs), why }
}

/** The share of the last rounds that came too late, with one more in it; some ten rounds make it. */
export function lateShare(before: number, late: boolean): number {
  return before + ((late ? 1 : 0) - before) * 0.1
}

/** Most rounds late is no hiccup but more than the machine can do. */
const MOSTLY = 0.5

/** That sampling cannot keep up, in words; `null` while it does. */
export function behindText(share: number, lastRoundMs: number | null, intervalMs: number): string | null {
  if (share < MOSTLY || lastRoundMs === null) return null
  const took = `a round takes ${(lastRoundMs / 1000).toFixed(1)} s, the interval is ${intervalMs / 1000} s`
  return `cannot keep up: ${took}; a longer SAMPLE_INTERVAL would be kept`
}
