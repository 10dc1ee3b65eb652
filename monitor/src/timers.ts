/** Time for loops: waits that can be ended, and work on a grid that neither drifts nor piles up. */
/** Waits `ms`, or until `signal` ends the wait. Never rejects, and leaves no timer behind. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(0, ms))
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}

/** Whether it is done within `ms`; goes on by itself if not. Leaves no timer behind. */
export async function within(ms: number, done: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const inTime = await Promise.race([done.then(() => true), over])
  clearTimeout(timer)
  return inTime
}

export interface Beat {
  /** The beat before took so long that one or more were left out. */
  readonly late: boolean
}

/**
 * Calls `work` on a grid of `intervalMs` (asked for anew after each call) of the monotonic clock until `signal` ends it. The next call waits for the one
 * before; beats that were missed meanwhile are left out, and the one after them is told that it is late.
 */
export async function onGrid(
  interval: number | (() => number),
  signal: AbortSignal,
  work: (beat: Beat) => Promise<void> | void,
): Promise<void> {
  let next = performance.now()
  let late = false
  while (!signal.aborted) {
    await work({ late })
    const intervalMs = typeof interval === 'number' ? interval : interval()
    next += intervalMs
    const behind = performance.now() - next
    late = behind > 0
    if (late) next += Math.ceil(behind / intervalMs) * intervalMs
    await pause(next - performance.now(), signal)
  }
}
