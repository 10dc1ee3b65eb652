/**
 * What sampling costs in the engine's daemons, as an estimate: nobody can read which of their work was for whom, so
 * their CPU time during rounds is set against their CPU time between rounds, when sampling pauses.
 */

/** The daemons' CPU time in stretches of both kinds, older stretches counting less and less. */
export interface EngineCost {
  readonly during: { readonly cpuMs: number; readonly ms: number }
  readonly between: { readonly cpuMs: number; readonly ms: number }
}

export const NO_ENGINE_COST: EngineCost = { during: { cpuMs: 0, ms: 0 }, between: { cpuMs: 0, ms: 0 } }

/** A stretch counts half after this much time. */
const HALF_LIFE_MS = 60_000
/** The daemons' clocks tick every 10 ms: before so much time of pauses an estimate would be mostly their rounding. */
const ENOUGH_MS = 8_000

export interface Stretch {
  readonly kind: keyof EngineCost
  readonly cpuMs: number
  readonly ms: number
}

/** The account with one more stretch. One in which a clock ran backwards (a daemon was restarted) does not count. */
export function addStretch(cost: EngineCost, { kind, cpuMs, ms }: Stretch): EngineCost {
  if (!(ms > 0) || !(cpuMs >= 0)) return cost
  const fade = 0.5 ** (ms / HALF_LIFE_MS)
  const faded = (of: keyof EngineCost) => ({ cpuMs: cost[of].cpuMs * fade, ms: cost[of].ms * fade })
  const next = { during: faded('during'), between: faded('between') }
  const { [kind]: grown } = next
  return { ...next, [kind]: { cpuMs: grown.cpuMs + cpuMs, ms: grown.ms + ms } }
}

/**
 * The share of one core that sampling takes in the daemons: all their time during rounds, less what they would have
 * taken in that time anyway. `null` before there is enough to tell. What a daemon does for a round after it has answered
 * (collecting its garbage) falls into the pause, so the estimate is rather low than high.
 */
export function engineCpuPercent({ during, between }: EngineCost): number | null {
  if (between.ms < ENOUGH_MS || during.ms === 0) return null
  const causedMs = during.cpuMs - (between.cpuMs / between.ms) * during.ms
  return (Math.max(0, causedMs) / (during.ms + between.ms)) * 100
}
