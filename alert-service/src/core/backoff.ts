/** How long to wait before the next try. */

const FIRST_MS = 1000
const LONGEST_MS = 60_000

/**
 * Doubling from a second to a minute, `failures` counted from 1, without end: an outage of hours must not need a
 * person. Half of the wait is chance (`random` in [0, 1)), so that many senders do not come back at one moment.
 * A wait that the server asked for (`askedMs`) is never cut short.
 */
export function backoffMs(failures: number, random: number, askedMs: number | null = null): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 16), LONGEST_MS)
  return Math.max(askedMs ?? 0, Math.round(full / 2 + (full / 2) * random))
}
