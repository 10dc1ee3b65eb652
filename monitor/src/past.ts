/** The past of this fleet: what the bridge records and the desk answers from, kept by the history's keeper. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { HistoryAnswer, StoredContainer } from '@plimsoll/contracts/http'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { isAlive, type Life, type Named } from './core/berth.ts'
import { lifeOf } from './core/fleet.ts'
import type { History } from './core/history.ts'
import { type Series, seriesOf } from './core/series.ts'
import type { Fleet } from './core/told.ts'
import {
  alertsFrom,
  eventsFrom,
  type HistoryQuestion,
  historyAnswer,
  type Present,
  removedSeries,
} from './history-answers.ts'
import { HistoryKeeper } from './history-keeper.ts'
import type { Page } from './io/history/reader.ts'
import type { MonitorSettings } from './settings.ts'

export interface PastParts {
  readonly fleet: Fleet
  readonly history: History
  readonly set: Pick<MonitorSettings, 'STATE_DIR' | 'HISTORY_RETENTION' | 'HISTORY_MAX_SIZE'>
  readonly log: Log
  readonly now: () => EpochMs
}

interface Remembered {
  readonly series: Series
  readonly labels: Life['labels']
}

export class Past {
  readonly #parts: PastParts
  readonly #keeper: HistoryKeeper
  /** Goes with the names: one that the engine no longer has is still known for a while. */
  readonly #series = new WeakMap<Named, Remembered>()

  /** Opens the file, or begins without it: then `error` says why. */
  constructor(parts: PastParts) {
    this.#parts = parts
    const { set, log, now } = parts
    this.#keeper = new HistoryKeeper({
      dir: set.STATE_DIR,
      keep: { retentionMs: set.HISTORY_RETENTION, maxBytes: set.HISTORY_MAX_SIZE },
      clock: now,
      strips: () => this.#strips(),
      onTrouble: (trouble) =>
        trouble === null ? log.info('history is stored again') : log.warn(`history: ${trouble}`),
    })
    this.#keeper.start()
  }

  /** Why history is in memory only, or what became of its file; `null` when all is well. */
  get error(): string | null {
    return this.#keeper.trouble
  }

  /** How far back an answer can reach. */
  get reachMs(): number {
    return Math.max(...this.#parts.set.HISTORY_RETENTION)
  }

  sample(life: Life, at: EpochMs, numbers: Numbers): void {
    this.#keeper.sample(this.#seriesOf(life), at, numbers)
  }

  roundEnded(at: EpochMs, intervalMs: number): void {
    this.#keeper.roundEnded(at, intervalMs)
  }

  event(event: FleetEvent): void {
    this.#keeper.event(event)
  }

  alert(alert: AlertView): void {
    this.#keeper.alert(alert)
  }

  /** `null` when nothing has ever been known of the name. */
  answer(question: HistoryQuestion): HistoryAnswer | null {
    const { history } = this.#parts
    return historyAnswer({ history, keeper: this.#keeper }, question, this.#presentOf(question.name))
  }

  /** Containers that the engine no longer has and of which something is stored, the last ones first. */
  removed(): readonly StoredContainer[] {
    return removedSeries(
      this.#keeper,
      new Set([...this.#parts.fleet.byId.values()].map((life) => this.#seriesOf(life).key)),
    )
  }

  events(page: Page): readonly FleetEvent[] {
    return this.#keeper.read((sources) => eventsFrom(sources, page))
  }

  alerts(page: Page): readonly AlertView[] {
    return this.#keeper.read((sources) => alertsFrom(sources, page))
  }

  close(): void {
    this.#keeper.close()
  }

  #seriesOf({ named, image, labels }: Life): Series {
    const { host } = this.#parts.fleet
    const known = this.#series.get(named)
    if (known?.labels === labels && known.series.image === image && known.series.host === host) return known.series
    const series = seriesOf({ name: named.name, host, image, labels })
    this.#series.set(named, { series, labels })
    return series
  }

  #presentOf(name: string): Present | null {
    const { fleet } = this.#parts
    const named = fleet.byName.get(name)
    const life = lifeOf(fleet, name)
    if (life !== undefined) return { series: this.#seriesOf(life), spans: life.named.spans }
    const series = named === undefined ? undefined : this.#series.get(named)?.series
    return named === undefined || series === undefined ? null : { series, spans: named.spans }
  }

  /** One strip for each series: while Compose replaces a container there are two, and the one that runs counts. */
  #strips(): readonly Present[] {
    const { fleet } = this.#parts
    const strips = new Map<string, Present>()
    for (const named of fleet.byName.values()) {
      const series = this.#series.get(named)?.series
      if (series !== undefined && !strips.has(series.key)) strips.set(series.key, { series, spans: named.spans })
    }
    for (const life of fleet.byId.values()) {
      // Before the engine has said its name, nothing is stored under one that is not its own.
      const isKnown = this.#series.has(life.named) || life.known === 'inspect'
      if (!isKnown) continue
      const series = this.#seriesOf(life)
      if (isAlive(life) || !strips.has(series.key)) strips.set(series.key, { series, spans: life.named.spans })
    }
    return [...strips.values()]
  }
}
