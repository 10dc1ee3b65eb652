/**
 * Stands between the judge and the alert log: of each alert that fires it gathers evidence and has it written before
 * the line goes out. Lines stay in order, and none waits for longer than `LINE_MS`.
 */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { Evidence } from '@plimsoll/contracts/evidence'
import { parseEvidence } from '@plimsoll/contracts/evidence-file'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import type { Book } from './core/alert-book.ts'
import { isAlive, type Life } from './core/berth.ts'
import { CHANGES_MS, evidenceOf, type FromEngine, type SeenLife, type Witnessed } from './core/evidence.ts'
import type { History } from './core/history.ts'
import { type Company, companyOf, dependenciesOf, dependentsOf, neighboursOf } from './core/neighbours.ts'
import { knownBy } from './core/shelf.ts'
import type { Fleet } from './core/told.ts'
import { EvidenceAsking } from './evidence-asking.ts'
import type { Engine, LogSource } from './io/engine.ts'
import type { EvidenceFiles } from './io/evidence-files.ts'
import type { HostReader } from './io/host.ts'
import type { Past } from './past.ts'
import type { MonitorSettings } from './settings.ts'
import { onGrid, within } from './timers.ts'

/** What the engine has not answered by then comes later, and the file is written again. */
const GATHER_MS = 200
/** A line goes out by then, whatever the disk does. */
const LINE_MS = 250
/** More alerts than this at one time, and their lines do not wait for their evidence. */
const MAX_WAITED_FOR = 200
const RETRY_EVERY_MS = 10_000
const TIDY_EVERY_MS = 60 * 60_000
const MAX_EVENTS_BEFORE = 500
const CLOSE_WITHIN_MS = 400

const LATE = { ok: false, why: `not within ${GATHER_MS} ms` } as const

export interface WitnessParts {
  readonly engine: Engine & LogSource
  readonly fleet: Fleet
  readonly history: History
  readonly host: Pick<HostReader, 'view'>
  /** Where evidence and the alerts' lines go. */
  readonly files: {
    readonly evidence: Pick<EvidenceFiles, 'write' | 'read' | 'retry' | 'tidy'>
    readonly alerts: { append(line: string): void }
  }
  /** What the bridge knows; it is made later. */
  readonly bridge: () => {
    readonly book: Book
    readonly events: readonly FleetEvent[]
    readonly roundAt: EpochMs | null
    numbersOf(life: Life): Numbers
  }
  readonly past: Pick<Past, 'events'>
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
  readonly #startedAt: EpochMs
  readonly #stopping = new AbortController()
  readonly #waiting: Waiting[] = []
  /** Evidence that is being gathered, by the alert's id: until the file is written first. */
  readonly #gathering = new Map<string, Promise<void>>()
  /** What happened in the hour before this process began; `null` until somebody wants it. */
  #before: readonly FleetEvent[] | null = null
  #company: { readonly of: Company; readonly size: number } | null = null
  #draining = false
  #late = 0

  constructor(parts: WitnessParts) {
    this.#parts = parts
    this.#startedAt = parts.now()
    this.#asking = new EvidenceAsking(parts.engine, parts.fleet, parts.now)
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
    const ready = event.state === 'firing' && !this.#stopping.signal.aborted ? this.#tryGather(event) : null
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
    const seen = this.#witnessed(alert)
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

  /** All that is known at this moment, without waiting for anything. */
  #witnessed(alert: AlertEvent): Witnessed {
    const { fleet, host, bridge } = this.#parts
    const { book, events } = bridge()
    const known = alert.container === null ? null : knownBy(book.containers, alert.container)
    const life =
      known === null ? undefined : (fleet.byId.get(known.subject.id) ?? this.#asking.lifeOf(known.subject.id))
    const all = [...fleet.byId.values()]
    const kin = known === null ? null : known.subject
    return {
      alert,
      life: life === undefined ? null : seenLife(life),
      known,
      neighbours: neighboursOf(this.#companyNow(all), alert.container),
      machine: host.view(),
      events: [...events, ...this.#eventsBefore(alert.time)],
      eventsSince: this.#startedAt,
      dependents: kin === null ? [] : dependentsOf(all, kin),
      dependsOn: kin === null ? [] : dependenciesOf(all, kin),
    }
  }

  /** Stored by the process before this one; read once, for it does not change any more. */
  #eventsBefore(at: EpochMs): readonly FleetEvent[] {
    const from = this.#startedAt - CHANGES_MS
    if (at - this.#startedAt > CHANGES_MS) this.#before = []
    const { past } = this.#parts
    this.#before ??= past.events({ container: null, from, to: this.#startedAt, limit: MAX_EVENTS_BEFORE })
    return this.#before
  }

  /** Of one round the order is made once, though a hundred alerts may come of it. */
  #companyNow(all: readonly Life[]): Company {
    const bridge = this.#parts.bridge()
    const kept = this.#company
    if (kept !== null && kept.of.at === bridge.roundAt && kept.size === all.length) return kept.of
    const of = companyOf(
      bridge.roundAt,
      all.filter(isAlive).map((life) => ({ name: life.named.name, numbers: bridge.numbersOf(life) })),
    )
    this.#company = { of, size: all.length }
    return of
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

function seenLife(life: Life): SeenLife {
  const { id, image, startedAt, restarts, cpuLimitCores, memoryLimitBytes, health, wishes, named } = life
  return { id, image, startedAt, restarts, cpuLimitCores, memoryLimitBytes, health, wishes, probe: named.probe }
}
