/**
 * Asks the engine for what evidence needs, few at a time, and listens to what the watcher hears: the log of a
 * container that ended unasked is read at once, before it is known whether an alert comes of it, for one started with
 * `--rm` is gone within milliseconds.
 */
import type { EvidenceLogs } from '@plimsoll/contracts/evidence'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Life } from './core/berth.ts'
import { wasAsked } from './core/ending.ts'
import type { EngineEvent } from './core/engine-words.ts'
import type { Got } from './core/evidence.ts'
import { evidenceLogs, MAX_LINES } from './core/evidence-log.ts'
import type { InspectedMore } from './core/inspect-more.ts'
import { oneLine } from './core/sentences.ts'
import type { Fleet } from './core/told.ts'
import type { Engine, LogSource } from './io/engine.ts'

/** Under way at one time, beside the watcher's own asking, and waiting for that. */
const PARALLEL = 4
const MAX_WAITING = 32
/** What was read or heard so lately needs no asking again. */
const FRESH_MS = 3_000
/** An event that comes this late is told again after a reconnect: what it tells of is long over. */
const NEWS_MS = 5_000
const MAX_FORESEEN = 64
/** As many containers as the judge knows. */
const MAX_KNOWN = 2_000

const TOO_MANY = { ok: false, why: 'too many alerts at once' } as const
const GONE = { ok: false, why: 'the engine no longer has the container' } as const

interface Foreseen {
  readonly at: EpochMs
  readonly life: Life
  readonly logs: Promise<Got<EvidenceLogs>>
}

export class EvidenceAsking {
  readonly #engine: Engine & LogSource
  readonly #fleet: Fleet
  readonly #now: () => EpochMs
  readonly #foreseen = new Map<string, Foreseen>()
  readonly #known = new Map<string, { readonly at: EpochMs; readonly more: InspectedMore }>()
  readonly #waiting: (() => void)[] = []
  #underWay = 0

  constructor(engine: Engine & LogSource, fleet: Fleet, now: () => EpochMs) {
    this.#engine = engine
    this.#fleet = fleet
    this.#now = now
  }

  /** The engine for the watcher: what it answers and tells is noted on the way. */
  heard(): Engine & LogSource {
    const engine = this.#engine
    return {
      ...engine,
      inspect: async (id) => {
        const answer = await engine.inspect(id)
        if (answer?.more != null) this.#remember(id, answer.more)
        return answer
      },
      events: (since, onEvent) =>
        engine.events(since, (event) => {
          // Before anything else is asked: of one started with --rm every millisecond counts.
          this.#foresee(event)
          onEvent(event)
        }),
    }
  }

  /** A container that ended just now, though the fleet may not have it any more. */
  lifeOf(id: string): Life | undefined {
    return this.#foreseen.get(id)?.life
  }

  /** The newest lines of a container, with those read at its end where that was just now. */
  async logs(id: string): Promise<Got<EvidenceLogs>> {
    const foreseen = this.#foreseen.get(id)
    if (foreseen !== undefined && this.#now() - foreseen.at < FRESH_MS) {
      const got = await foreseen.logs
      if (got.ok) return got
    }
    return await this.#read(id)
  }

  /** What inspect says; what it said last where the engine no longer has the container or is not to be asked. */
  async more(id: string): Promise<Got<InspectedMore>> {
    const known = this.#known.get(id)
    if (known !== undefined && this.#now() - known.at < FRESH_MS) return { ok: true, value: known.more }
    const got = await this.#inTurn(async (): Promise<Got<InspectedMore>> => {
      const answer = await this.#engine.inspect(id)
      if (answer?.more == null) return GONE
      this.#remember(id, answer.more)
      return { ok: true, value: answer.more }
    })
    return got.ok || known === undefined ? got : { ok: true, value: known.more }
  }

  /** Lets go of what was read for alerts that did not come. */
  forgetOld(): void {
    for (const [id, { at }] of this.#foreseen) if (this.#now() - at > FRESH_MS) this.#foreseen.delete(id)
  }

  #foresee(event: EngineEvent): void {
    if (event.action !== 'die' || Math.abs(this.#now() - event.at) > NEWS_MS) return
    const life = this.#fleet.byId.get(event.id)
    // One that was asked to end is stopped on purpose, as a rule; if not, its log is read when the alert fires.
    if (life === undefined || wasAsked(life, event.at)) return
    this.#foreseen.delete(event.id)
    this.#foreseen.set(event.id, { at: this.#now(), life, logs: this.#read(event.id) })
    const [oldest] = this.#foreseen.keys()
    if (this.#foreseen.size > MAX_FORESEEN && oldest !== undefined) this.#foreseen.delete(oldest)
  }

  #remember(id: string, more: InspectedMore): void {
    const { health } = more
    // Of a check that is content nobody asks what it printed, and there may be two thousand.
    const content = health?.checks.every(({ exitCode }) => exitCode === 0) ?? false
    const kept = content && health !== null ? { ...more, health: { ...health, checks: [] } } : more
    this.#known.delete(id)
    this.#known.set(id, { at: this.#now(), more: kept })
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest)
  }

  #read(id: string): Promise<Got<EvidenceLogs>> {
    return this.#inTurn(async () => {
      const log = await this.#engine.logs(id, MAX_LINES)
      if (log === null) return GONE
      return { ok: true, value: evidenceLogs(log, this.#known.get(id)?.more.secrets) }
    })
  }

  /** Waits for a turn; refuses when too many wait. Never rejects. */
  async #inTurn<T>(ask: () => Promise<Got<T>>): Promise<Got<T>> {
    if (this.#underWay >= PARALLEL) {
      if (this.#waiting.length >= MAX_WAITING) return TOO_MANY
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#underWay++
    try {
      return await ask()
    } catch (error) {
      return { ok: false, why: reasonOf(error) }
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#underWay--
      else next()
    }
  }
}

function reasonOf(error: unknown): string {
  const why = oneLine(error instanceof Error ? error.message : String(error))
  if (/logging driver.*not support/i.test(why)) return 'its logging driver keeps nothing that could be read'
  return `the engine did not answer: ${why}`
}
