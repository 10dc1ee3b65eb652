/** The one loop: read what is new, decide, put it into the outbox in one transaction, and wake the senders. */
import { decode } from '@plimsoll/contracts/alert-log'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { isDue, nextCheckAt, sleepMs } from './core/schedule.ts'
import { type Line, type Place, START } from './core/tail.ts'
import type { Sender } from './deliver.ts'
import type { Counters } from './io/alert-store.ts'
import type { Backlog, Reading } from './io/follow.ts'
import { type Desk, take, takeDue } from './take.ts'

/** What the loop needs of a follower; `io/follow.ts` is the real one. */
export interface LogReader {
  readonly read: (place: Place | null) => Reading
  readonly backlog: (place: Place) => Backlog
  readonly close: () => void
}

export interface PumpDeps {
  readonly desk: Desk
  readonly reader: LogReader
  readonly senders: readonly Sender[]
  readonly log: Log
  readonly now: () => EpochMs
  /** How often the log is looked at when nothing hints: the latency of a critical line. */
  readonly pollMs: number
  /** `CHECK_INTERVAL`: the pace of what is not critical. */
  readonly checkMs: number
}

/** What a tick reads before it lets deliveries go on. */
const BATCHES_A_TICK = 8
const PRUNE_MS = 10 * 60 * 1000

/** Runs from `start` to `close`; `hint` makes it look at once. */
export class Pump {
  readonly #deps: PumpDeps
  readonly #startedAt: EpochMs
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #checkAt: EpochMs
  #pruneAt: EpochMs
  #host: string | null = null
  #badWhy: string | null = null
  /** Why the log cannot be read or the memory not written; null while all is well. */
  #problem: string | null = null

  constructor(deps: PumpDeps) {
    this.#deps = deps
    this.#startedAt = deps.now()
    this.#checkAt = this.#startedAt
    this.#pruneAt = this.#startedAt
  }

  get problem(): string | null {
    return this.#problem
  }

  start(): void {
    const { store } = this.#deps.desk
    // A restart is how a person says "it is mended": nothing waits for an old deadline.
    store.transaction(() => {
      store.retryRefused()
      for (const { channel } of this.#deps.senders)
        store.saveLane(channel.name, { ...store.lane(channel.name), nextTryAt: null })
    })
    this.#wakeIn(0)
  }

  /** Something may have changed: look now. */
  hint(): void {
    if (!this.#closed) this.#wakeIn(0)
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await Promise.all(this.#deps.senders.map((sender) => sender.close(graceMs)))
    this.#deps.reader.close()
  }

  #wakeIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tick(), ms)
  }

  #tick(): void {
    let wait = this.#deps.pollMs
    try {
      const caughtUp = this.#readOn()
      if (!caughtUp) wait = 0
      const now = this.#deps.now()
      const { checkMs } = this.#deps
      // A log that never lets us catch up must not keep back what is due.
      const isTime = isDue(this.#checkAt, checkMs, now) && (caughtUp || Math.abs(now - this.#checkAt) > checkMs)
      if (isTime) this.#check(now)
      wait = Math.min(wait, sleepMs([this.#checkAt], now, wait))
      this.#recovered()
    } catch (err) {
      this.#failed(err)
    }
    for (const sender of this.#deps.senders) sender.poke()
    if (!this.#closed) this.#wakeIn(wait)
  }

  #readOn(): boolean {
    const { desk, reader } = this.#deps
    for (let i = 0; i < BATCHES_A_TICK; i++) {
      const before = desk.store.place()
      const reading = reader.read(before)
      for (const note of reading.notes) this.#deps.log.warn(note)
      if (reading.place !== before) this.#takeAll(reading)
      if (reading.caughtUp) return true
    }
    return false
  }

  #takeAll({ lines, place }: Reading): void {
    const { store } = this.#deps.desk
    store.transaction(() => {
      const counters = lines.reduce((sum, line) => this.#takeLine(line, sum), store.counters())
      store.savePlace(place, counters)
    })
  }

  #takeLine({ text }: Line, counters: Counters): Counters {
    const decoded = text === null ? ({ ok: false, why: 'longer than 16 KiB' } as const) : decode(text)
    const lines = counters.lines + 1
    if (decoded.ok) {
      this.#rememberHost(decoded.event.host)
      const verdict = take(this.#deps.desk, decoded.event, this.#deps.now())
      const twice = verdict.do === 'drop' && verdict.reason === 'duplicate' ? 1 : 0
      return { ...counters, lines, duplicates: counters.duplicates + twice }
    }
    if (decoded.why !== this.#badWhy) {
      const shown = text?.slice(0, 200) ?? null
      this.#deps.log.warn({ line: shown }, `a line of the alert log is passed over: ${decoded.why}`)
    }
    this.#badWhy = decoded.why
    return { ...counters, lines, badLines: counters.badLines + 1 }
  }

  /** What the service says of itself carries the host that its log is about. */
  #rememberHost(host: string): void {
    if (host !== this.#host) this.#deps.desk.store.saveFact('host', host)
    this.#host = host
  }

  #check(now: EpochMs): void {
    const { desk, checkMs } = this.#deps
    desk.store.transaction(() => takeDue(desk, now))
    this.#checkAt = nextCheckAt(this.#startedAt, checkMs, now)
    if (now < this.#pruneAt) return
    this.#pruneAt = now + PRUNE_MS
    desk.store.transaction(() => desk.store.prune(now))
  }

  #failed(err: unknown): void {
    const text = err instanceof Error ? err.message : String(err)
    const problem = `the alert log cannot be read, or the memory not written: ${text}`
    if (problem !== this.#problem) this.#deps.log.error({ err }, problem)
    this.#problem = problem
  }

  #recovered(): void {
    if (this.#problem !== null) this.#deps.log.info('reading the alert log again')
    this.#problem = null
  }

  /** Where the reader is, for `/status`. */
  progress(): Backlog & Counters & { readonly offset: number } {
    const { desk, reader } = this.#deps
    const place = desk.store.place() ?? START
    return { ...reader.backlog(place), ...desk.store.counters(), offset: place.offset }
  }
}
