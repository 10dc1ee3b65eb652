/** How a service ends: on SIGTERM or SIGINT in order and within a deadline, on an unexpected error with its cause logged. */
import closeWithGrace from 'close-with-grace'
import type { Log } from './log.ts'

/** Compose waits 10 s before it kills; people wait less. */
export const STOP_DEADLINE_MS = 1800

/**
 * Calls `close` once when the process is told to stop or fails, and exits 0 or 1 when `close` is done or its deadline
 * has passed. A second signal exits at once.
 */
export function stopGracefully(log: Log, close: () => Promise<void>): void {
  closeWithGrace({ delay: STOP_DEADLINE_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'unexpected error, stopping')
    else log.info({ signal }, 'stopping')
    await close()
  })
}
