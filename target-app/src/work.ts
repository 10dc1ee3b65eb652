/** The work that single requests ask for, bounded so that many of them slow the app but never stop it. */
import { TargetError } from './errors.ts'

/** Requests in `/work/cpu` at once; one more is told to come again. */
const MAX_BUSY = 64
/** A turn of the event loop that such a request takes before it lets others have theirs. */
const SLICE_MS = 5

/** Uses the event loop for `ms` in all, in slices. */
export function createCpuWork(): (ms: number) => Promise<void> {
  let busy = 0
  return async (ms) => {
    if (busy >= MAX_BUSY) throw new TargetError('too-busy', `${MAX_BUSY} requests are at work already`)
    busy++
    try {
      for (let left = ms; left > 0; left -= SLICE_MS) {
        hold(Math.min(left, SLICE_MS))
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      busy--
    }
  }
}

function hold(ms: number): void {
  const end = performance.now() + ms
  let x = 1.1
  while (performance.now() < end) for (let i = 0; i < 1000; i++) x = Math.sqrt(x * x + 1e-9)
}

/**
 * Blocks the event loop for `ms`, so that every answer waits, as a long synchronous call does. After each it refuses
 * for as long again: however many ask, the app answers half of the time.
 */
export function createBlocker(now: () => number, block: (ms: number) => void = hold): (ms: number) => void {
  let freeAt = 0
  return (ms) => {
    if (now() < freeAt)
      throw new TargetError('too-busy', `blocked a moment ago; free in ${Math.ceil(freeAt - now())} ms`)
    block(ms)
    freeAt = now() + ms
  }
}

export interface Cache {
  /** Whether the key was there and fresh; afterwards it is. */
  readonly get: (key: number) => boolean
}

const CACHE_KEYS = 500
const CACHE_FRESH_MS = 30_000

/** A small cache that forgets the oldest key when full and every key after 30 s. */
export function createCache(now: () => number): Cache {
  const madeAt = new Map<number, number>()
  return {
    get: (key) => {
      const made = madeAt.get(key)
      if (made !== undefined && now() - made < CACHE_FRESH_MS) return true
      madeAt.delete(key)
      madeAt.set(key, now())
      const oldest = madeAt.keys().next().value
      if (madeAt.size > CACHE_KEYS && oldest !== undefined) madeAt.delete(oldest)
      return false
    },
  }
}
