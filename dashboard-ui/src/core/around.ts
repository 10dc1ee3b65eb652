/** The minutes around an alert, and what else fired then. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'

/** Shown before it fired, and after it ended. */
const BEFORE_MS = 5 * 60_000
const AFTER_MS = 3 * 60_000
/** Of one that lasted for days the beginning is shown: that is where the cause is. */
const LONGEST_MS = 6 * 3_600_000

/** A window that shows how it came and how it went; of one that still fires, up to a little after `now`. */
export function aroundOf(alert: AlertView, now: EpochMs): { kind: 'fixed'; from: EpochMs; to: EpochMs } {
  const end = Math.min(alert.resolvedAt ?? now, alert.firedAt + LONGEST_MS)
  return { kind: 'fixed', from: alert.firedAt - BEFORE_MS, to: end + AFTER_MS }
}

/** Other alerts that were firing at some time while this one was, or began within its window; newest first. */
export function neighbours(alert: AlertView, all: readonly AlertView[], now: EpochMs): readonly AlertView[] {
  const { from, to } = aroundOf(alert, now)
  return all
    .filter((other) => other.id !== alert.id && other.firedAt <= to && (other.resolvedAt ?? now) >= from)
    .slice(0, 10)
}
