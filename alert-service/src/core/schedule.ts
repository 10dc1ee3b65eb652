/** When the loop must look again: the pace of what is not critical, and the wake-up for what is due. */
import type { EpochMs } from '@plimsoll/contracts/time'

/** The first moment of the grid `startedAt + n * everyMs` after `now`, also when the clock was set back before it. */
export function nextCheckAt(startedAt: EpochMs, everyMs: number, now: EpochMs): EpochMs {
  const passed = Math.floor((now - startedAt) / everyMs)
  return startedAt + (passed + 1) * everyMs
}

/** Whether a check is due; one that is further away than it can be was planned before the clock was set back. */
export function isDue(checkAt: EpochMs, everyMs: number, now: EpochMs): boolean {
  return now >= checkAt || checkAt - now > everyMs
}

/** How long to sleep until the earliest of `moments` (null is never), at most `longestMs`. */
export function sleepMs(moments: readonly (EpochMs | null)[], now: EpochMs, longestMs: number): number {
  const next = Math.min(...moments.map((at) => at ?? Number.POSITIVE_INFINITY))
  return Math.max(0, Math.min(next - now, longestMs))
}
