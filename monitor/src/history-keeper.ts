/**
 * Keeps the history: gathers samples, writes them every 10 s, tidies in small steps between, and answers for any
 * range. While the file cannot be written it goes on in memory, says so, and catches up once it can.
 */
import { join } from 'node:path'
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import type { Numbers } from '@plimsoll/contracts/metrics'
import { METRIC_NAMES } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { addSample, type Bucket, beginOf, FINEST_MS, newRollup, takeBuckets } from './core/rollup.ts'
import type { Series } from './core/series.ts'
import { HistoryTidy } from './history-tidy.ts'
import { HISTORY_FILE, isUnusable, setAside } from './io/history/file.ts'
import { HistoryStore } from './io/history/store.ts'
import type { Keep } from './io/history/trimmer.ts'

/** What an answer is made from: the file, and what has come in since it was last written. */
export interface Sources {
  readonly store: HistoryStore | null
  readonly buckets: readonly Bucket[]
  readonly events: readonly FleetEvent[]
  readonly alerts: readonly AlertView[]
}

export interface KeeperOptions {
  readonly dir: string
  readonly keep: Keep
  readonly clock: () => EpochMs
  /** The strips of the containers there are, asked for at each write. */
  readonly strips: () => readonly { readonly series: Series; readonly spans: readonly Span[] }[]
  /** Told when the trouble changes; `null` is well again. */
  readonly onTrouble: (trouble: string | null) => void
}

/** Without rounds (the engine is away) events and spans are written this long after the last time. */
const AT_LATEST_MS = FINEST_MS + 250
/** Kept in memory while the disk is full: as long as the rings of full rate reach. What comes after pushes the oldest out. */
const MAX_PENDING = Math.ceil((15 * 60_000) / FINEST_MS)
const MAX_PENDING_EVENTS = 1000
const MAX_PENDING_ALERTS = 1000
/** A file that was set aside stays a warning for so long. */
const WARN_MS = 24 * 60 * 60_000

export class HistoryKeeper {
  readonly #options: KeeperOptions
  readonly #rollup = newRollup(METRIC_NAMES)
  readonly #tidy: HistoryTidy
  readonly #series = new Map<string, Series>()
  #pending: Bucket[] = []
  #events: FleetEvent[] = []
  #alerts = new Map<string, AlertView>()
  #store: HistoryStore | null = null
  #timer: NodeJS.Timeout | null = null
  #soon: NodeJS.Immediate | null = null
  #failure: string | null = null
  /** Why stored history cannot be moved or trimmed; what comes in is stored meanwhile. */
  #untidy: string | null = null
  #warning: { readonly text: string; readonly until: EpochMs } | null = null
  #told: string | null = null
  #closed = false

  constructor(options: KeeperOptions) {
    this.#options = options
    const { keep, clock } = options
    this.#tidy = new HistoryTidy({ keep, clock, store: () => this.#store, onEnd: (cause) => this.#tidied(cause) })
  }

  /** Why it is kept in memory only, or what became of the file, to be read after `history: `; `null` when all is well. */
  get trouble(): string | null {
    return this.#failure ?? this.#untidy ?? this.#warning?.text ?? null
  }

  /** Opens the file; from here on it is written at least every 10 s. */
  start(): void {
    this.flush()
  }

  /**
   * A round of samples at `at` is in, the next comes `intervalMs` later. After the last round of each 10 s they are
   * written: then a bucket is written once, whole, and a kill at any moment costs 10 s at most.
   */
  roundEnded(at: EpochMs, intervalMs: number): void {
    if (beginOf(at + intervalMs, FINEST_MS) === beginOf(at, FINEST_MS) || this.#soon !== null) return
    // Not now: the round still has its own work to end.
    this.#soon = setImmediate(() => {
      this.#soon = null
      this.flush()
    })
  }

  /** Takes a sample in; costs about as much as adding its numbers up. */
  sample(series: Series, at: EpochMs, numbers: Numbers): void {
    if (this.#series.get(series.key) !== series) this.#series.set(series.key, series)
    addSample(this.#rollup, { key: series.key, at, numbers })
  }

  event(event: FleetEvent): void {
    this.#events.push(event)
    if (this.#events.length > MAX_PENDING_EVENTS) this.#events.shift()
  }

  /** An alert as it is now: new, changed or resolved. */
  alert(view: AlertView): void {
    this.#alerts.set(view.id, view)
    const oldest = this.#alerts.keys().next().value
    if (this.#alerts.size > MAX_PENDING_ALERTS && oldest !== undefined) this.#alerts.delete(oldest)
  }

  /** Writes what came in. On failure it stays in memory, and is tried again with the next. */
  flush(): void {
    if (this.#closed) return
    const now = this.#options.clock()
    this.#pending.push(...takeBuckets(this.#rollup))
    try {
      // Somebody deleted it: what is written to it now would be gone with it.
      if (this.#store?.isGone()) this.#drop()
      this.#store ??= this.#open(now)
      this.#store.write({
        now,
        buckets: this.#pending,
        series: this.#series,
        strips: this.#options.strips(),
        events: this.#events,
        alerts: [...this.#alerts.values()],
      })
      this.#written()
    } catch (cause) {
      this.#failed(cause)
    }
    if (this.#warning !== null && now > this.#warning.until) this.#warning = null
    this.#tell()
    this.#arm()
  }

  #written(): void {
    this.#pending = []
    this.#events = []
    this.#alerts.clear()
    this.#series.clear()
    this.#failure = null
    this.#tidy.begin()
  }

  #open(now: EpochMs): HistoryStore {
    const store = new HistoryStore(this.#options.dir, now)
    if (store.warning !== null) this.#warn(store.warning)
    return store
  }

  /** A spoiled file is set aside, and the next try begins a new one; a full disk is only waited for. */
  #failed(cause: unknown): void {
    const why = messageOf(cause)
    this.#failure = `kept in memory only, the last 15 minutes of it: ${join(this.#options.dir, HISTORY_FILE)}: ${why}`
    this.#pending = this.#pending.slice(-MAX_PENDING)
    const unwritten = [...this.#pending, ...this.#rollup.open.values()]
    for (const key of this.#series.keys()) if (!unwritten.some(({ rowOf }) => rowOf.has(key))) this.#series.delete(key)
    if (this.#store === null || !isUnusable(cause)) return
    this.#drop()
    const { dir, clock } = this.#options
    try {
      const kept = setAside(join(dir, HISTORY_FILE), clock())
      this.#warn(`the file was spoiled (${why}); it is kept as ${kept}, a new one begins`)
    } catch (error) {
      this.#warn(`the file is spoiled (${why}) and cannot be moved away: ${String(error)}`)
    }
  }

  #warn(text: string): void {
    this.#warning = { text, until: this.#options.clock() + WARN_MS }
  }

  #drop(): void {
    const store = this.#store
    this.#store = null
    try {
      store?.close()
    } catch {
      // What could be written was; the file is opened anew or left.
    }
  }

  #tell(): void {
    const trouble = this.trouble
    if (trouble === this.#told) return
    this.#told = trouble
    this.#options.onTrouble(trouble)
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), AT_LATEST_MS)
    this.#timer.unref()
  }

  #tidied(cause: unknown): void {
    if (isUnusable(cause)) this.#failed(cause)
    else this.#untidy = cause === null ? null : `what is stored cannot be put in order: ${messageOf(cause)}`
    this.#tell()
  }

  /** Reads with `read`, which also gets what is not written yet; without a file, or when it is spoiled, with that alone. */
  read<T>(read: (from: Sources) => T): T {
    const unwritten = {
      buckets: [...this.#pending, ...this.#rollup.open.values()],
      events: this.#events,
      alerts: [...this.#alerts.values()],
    }
    try {
      if (this.#store !== null) return read({ ...unwritten, store: this.#store })
    } catch (cause) {
      if (!isUnusable(cause)) throw cause
      this.#failed(cause)
      this.#tell()
    }
    return read({ ...unwritten, store: null })
  }

  /** Writes the rest and closes the file. */
  close(): void {
    this.flush()
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#tidy.stop()
    if (this.#soon !== null) clearImmediate(this.#soon)
    this.#drop()
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
