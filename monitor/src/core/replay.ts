/**
 * Which events are news. After a reconnect the engine repeats what it still has from a time on, that time included, and
 * it keeps only the last 256: if the newest that we know is not among them, it was restarted or has been very busy.
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { EngineEvent } from './engine-words.ts'

/** More than the engine keeps itself. */
const MAX_KEYS = 512
/** The engine compares in nanoseconds, we know its times to a fraction of a microsecond. */
const OVERLAP_MS = 1

const keyOf = (event: EngineEvent): string => `${event.at} ${event.action} ${event.id}`

export class Replay {
  readonly #seen = new Set<string>()
  #newest: { readonly at: EpochMs; readonly key: string } | null = null
  /** The newest we knew when this connection began, until it is repeated. */
  #awaited: string | null = null
  #before: EpochMs | null = null
  #first = true

  /** Where to begin listening: at the first connection all the engine still has, to know its newest event. */
  since(): EpochMs {
    return this.#newest === null ? OVERLAP_MS : this.#newest.at - OVERLAP_MS
  }

  /** A connection begins; `clock` is the engine's time now. At the first one, older events are history, not news. */
  begin(clock: EpochMs | null): void {
    this.#awaited = this.#newest?.key ?? null
    // An engine that does not tell its time: what comes before its list does is history.
    this.#before = this.#first ? (clock ?? Number.POSITIVE_INFINITY) : null
    this.#first = false
  }

  isNews(event: EngineEvent): boolean {
    const key = keyOf(event)
    if (key === this.#awaited) this.#awaited = null
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    if (this.#seen.size > MAX_KEYS) this.#seen.delete(this.#seen.values().next().value ?? '')
    if (this.#newest === null || event.at >= this.#newest.at) this.#newest = { at: event.at, key }
    return this.#before === null || event.at > this.#before
  }

  /** The repeated events are through: whether the engine has forgotten the newest that we knew. */
  end(): boolean {
    const forgot = this.#awaited !== null
    this.#awaited = null
    if (this.#before === Number.POSITIVE_INFINITY) this.#before = null
    return forgot
  }
}
