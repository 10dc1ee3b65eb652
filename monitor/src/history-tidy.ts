/** Puts stored history in order (moves it into chunks, forgets what is old) in small steps that leave the loop alone. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { HistoryStore } from './io/history/store.ts'
import type { Keep } from './io/history/trimmer.ts'

/** A step holds the loop about this long, and leaves it alone this long afterwards. */
const SLICE_MS = 4
const BREATH_MS = 40
const TRIM_EVERY_MS = 60_000

export interface TidyParts {
  readonly keep: Keep
  readonly clock: () => EpochMs
  /** The file there is now; `null` when there is none. */
  readonly store: () => HistoryStore | null
  /** Told at the end of each tidying: with what went wrong, or `null`. */
  readonly onEnd: (failure: unknown) => void
}

export class HistoryTidy {
  readonly #parts: TidyParts
  #timer: NodeJS.Timeout | null = null
  #trimmedAt = Number.NEGATIVE_INFINITY

  constructor(parts: TidyParts) {
    this.#parts = parts
  }

  /** Begins, unless it is under way. */
  begin(): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#step()
    }, BREATH_MS)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #step(): void {
    const { store, clock, onEnd } = this.#parts
    const file = store()
    if (file === null) return
    try {
      if (this.#slice(file, clock())) this.begin()
      else onEnd(null)
    } catch (cause) {
      onEnd(cause)
    }
  }

  /** One step; `true` when there is more to do. */
  #slice(store: HistoryStore, now: EpochMs): boolean {
    const began = performance.now()
    // Trimming comes first: on a full disk it makes the room that moving needs.
    if (now - this.#trimmedAt >= TRIM_EVERY_MS || now < this.#trimmedAt) {
      if (store.trim(this.#parts.keep, now)) return true
      this.#trimmedAt = now
    }
    return store.move(now, () => performance.now() - began > SLICE_MS)
  }
}
