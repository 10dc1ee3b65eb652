/**
 * Stands between the judge and the alert log: of each alert that fires it gathers evidence and has it written before
 * the line goes out. Lines stay in order, and none waits for longer than `LINE_MS`.
 */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { Evidence } from '@plimsoll/contracts/evidence'
import { parseEvidence } from '@plimsoll/contracts/evidence-file'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { evidenceOf, type FromEngine, type Witnessed } from './core/evidence.ts'
import type { History } from './core/history.ts'
import { EvidenceAsking } from './evidence-asking.ts'
import type { Engine, LogSource } from './io/engine.ts'
import type { EvidenceFiles } from './io/evidence-files.ts'
import { Scene, type SceneParts } from './scene.ts'
import type { MonitorSettings } from './settings.ts'
import { onGrid, within } from './timers.ts'

/** What the engine has not answered by then comes later, and the file is written again. */
const GATHER_MS = 200
/** A line goes out by then, whatever the disk does. */
const LINE_MS = 250
/** More alerts than this at one time, and their lines do not wait for their evidence. */
const MAX_WAITED_FOR = 200
/** Of alerts that are held back there is evidence so often, for each rule of a container. */
const HELD_BACK_EVERY_MS = 10 * 60_000
const MAX_HELD_BACK = 1_000
const RETRY_EVERY_MS = 10_000
const TIDY_EVERY_MS = 60 * 60_000
const CLOSE_WITHIN_MS = 400

const LATE = { ok: false, why: `not within ${GATHER_MS} ms` } as const

export interface WitnessParts extends Omit<SceneParts, 'startedAt' | 'lifeOf'> {
  readonly engine: Engine & LogSource
  readonly history: History
  /** Where evidence and the alerts' lines go. */
  readonly files: {
    readonly evidence: Pick<EvidenceFiles, 'write' | 'read' | 'retry' | 'tidy'>
    readonly alerts: { append(line: string): void }
  }
  readonly set: Pick<MonitorSettings, 'LOG_RETENTION'>
  readonly log: Log
  readonly now: () => EpochMs
}

interface Waiting {
  readonly line: string
  readonly ready: Promise<void>
}

export class Witness {
  readonly #parts: WitnessParts
  readonly #asking: EvidenceAsking
  readonly #scene: Scene
  readonly #stopping = new AbortController()
  readonly #waiting: Waiting[] = []
  /** Evidence that is being gathered, by the alert's id: until the file is written first. */
  readonly #gathering = new Map<string, Promise<void>>()
  /** When evidence was last gathered of an alert that was held back. */
  readonly #heldBack = new Map<string, EpochMs>()
  #draining = false
  #late = 0

  constructor(parts: WitnessParts) {
    this.#parts = parts
    this.#asking = new EvidenceAsking(parts.engine, parts.fleet, parts.now)
    this.#scene = new Scene({ ...parts, startedAt: parts.now(), lifeOf: (id) => this.#asking.lifeOf(id) })
    const { signal } = this.#stopping
    void onGrid(RETRY_EVERY_MS, signal, () => this.#tend())
    void onGrid(TIDY_EVERY_MS, signal, () => this.#tidy())
  }

  /** The engine for the watcher, overheard. */
  heard(): Engine & LogSource {
    return this.#asking.heard()
  }

  /** Writes a line of the alert log; of an alert that fires, its evidence first. Returns at once. */
  append(line: string, event: AlertEvent): void {
    const gathers = event.state === 'firing' && !this.#stopping.signal.aborted && !this.#isRepeat(event)
    const ready = gathers ? this.#tryGather(event) : null
    if (ready === null && this.#waiting.length === 0) {
      this.#parts.files.alerts.append(line)
      return
    }
    this.#waiting.push({ line, ready: ready ?? Promise.resolve() })
    if (!this.#draining) void this.#drain()
  }

  /** The evidence of an alert; `null` when there is none. */
  async evidence(id: string): Promise<Evidence | null> {
    await this.#gathering.get(id)
    const text = await this.#parts.files.evidence.read(id)
    return text === null ? null : parseEvidence(text)
  }

  /** Lets the lines that wait go out now, and gives evidence that is being written a moment. */
  async close(): Promise<void> {
    this.#stopping.abort()
    for (const { line } of this.#waiting.splice(0)) this.#parts.files.alerts.append(line)
    await within(CLOSE_WITHIN_MS, Promise.all(this.#gathering.values()))
  }

  async #drain(): Promise<void> {
    this.#draining = true
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await next.ready
      // Closing has let it go already.
      if (this.#waiting[0] !== next) continue
      this.#waiting.shift()
      this.#parts.files.alerts.append(next.line)
    }
    this.#draining = false
  }

  /** Whether it is one more of those that a cause holds back: a crash loop of a day must not push all else out. */
  #isRepeat({ suppressed, container, rule, time }: AlertEvent): boolean {
    if (suppressed === undefined) return false
    const key = `${rule} ${container}`
    const last = this.#heldBack.get(key)
    if (last !== undefined && time - last < HELD_BACK_EVERY_MS) return true
    this.#heldBack.delete(key)
    this.#heldBack.set(key, time)
    const [oldest] = this.#heldBack.keys()
    if (this.#heldBack.size > MAX_HELD_BACK && oldest !== undefined) this.#heldBack.delete(oldest)
    return false
  }

  /** A fault in here must not cost the alert. */
  #tryGather(alert: AlertEvent): Promise<void> | null {
    try {
      return this.#gather(alert)
    } catch (err) {
      this.#parts.log.error({ err, id: alert.id }, 'evidence cannot be gathered')
      return null
    }
  }

  /** Begins to gather; resolves when the line may go out. */
  #gather(alert: AlertEvent): Promise<void> {
    const seen = this.#scene.now(alert)
    const written = this.#write(seen).finally(() => this.#gathering.delete(alert.id))
    const crowded = this.#gathering.size >= MAX_WAITED_FOR
    this.#gathering.set(alert.id, written)
    if (crowded) return Promise.resolve()
    return within(LINE_MS, written).then((inTime) => {
      if (!inTime) this.#late++
    })
  }

  /** Writes what is there when the time is over, and soon again what came after it. */
  async #write(seen: Witnessed): Promise<void> {
    const { files, history } = this.#parts
    const { id } = seen.alert
    const asked = seen.life === null ? null : this.#ask(seen.life.id)
    const whole = asked === null || (await within(GATHER_MS, asked.all))
    const text = (engine: FromEngine | null) => () => `${JSON.stringify(evidenceOf(seen, history, engine))}\n`
    const so = asked === null ? null : { ...asked.got }
    await files.evidence.write(id, text(so))
    if (whole || asked === null) return
    void asked.all.then(() => files.evidence.write(id, text(asked.got)))
  }

  #ask(id: string): { readonly got: FromEngine; readonly all: Promise<unknown> } {
    const got: { -readonly [K in keyof FromEngine]: FromEngine[K] } = { logs: LATE, more: LATE }
    const logs = this.#asking.logs(id).then((answer) => {
      got.logs = answer
    })
    const more = this.#asking.more(id).then((answer) => {
      got.more = answer
    })
    return { got, all: Promise.all([logs, more]) }
  }

  async #tend(): Promise<void> {
    this.#asking.forgetOld()
    await this.#parts.files.evidence.retry()
    if (this.#late === 0) return
    this.#parts.log.warn({ lines: this.#late }, 'alert lines went out before their evidence was on the disk')
    this.#late = 0
  }

  async #tidy(): Promise<void> {
    const { files, set, now, log } = this.#parts
    const deleted = await files.evidence.tidy({ now: now(), keepMs: set.LOG_RETENTION })
    if (deleted.length > 0) log.info({ files: deleted.length }, 'old evidence deleted')
  }
}
