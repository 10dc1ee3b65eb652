/** Writes what came in since the last time: buckets, spans, events and alerts, in one transaction. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { encodeBlock, type MetricIds } from '../../core/block.ts'
import type { Bucket } from '../../core/rollup.ts'
import type { Series } from '../../core/series.ts'
import { afterEarlier, firstChanged } from '../../core/stored-spans.ts'
import { inTransaction } from './file.ts'

export interface Batch {
  readonly now: EpochMs
  readonly buckets: readonly Bucket[]
  /** Every series that a bucket of the batch names, by its key. */
  readonly series: ReadonlyMap<string, Series>
  /** The strips of the containers there are now; only what changed since the last batch is written. */
  readonly strips: readonly { readonly series: Series; readonly spans: readonly Span[] }[]
  readonly events: readonly FleetEvent[]
  readonly alerts: readonly AlertView[]
}

interface Strip {
  /** Until when earlier runs know of it; `null` when they do not. */
  readonly knownTo: EpochMs | null
  stored: readonly Span[]
}

/** Keys remembered with their ids; beyond it they are looked up again, so that a churn of names costs no memory. */
const MAX_CACHED = 2000

export class HistoryWriter {
  readonly #db: DatabaseSync
  readonly #sql
  readonly #ids = new Map<string, { readonly id: number; readonly series: Series }>()
  readonly #metrics = { idOf: new Map<string, number>(), nameOf: new Map<number, string>() }
  #strips = new Map<number, Strip>()

  /** Ends the spans that an earlier run left open: nobody knows how they went on after its last sign of life. */
  constructor(db: DatabaseSync) {
    this.#db = db
    this.#sql = statements(db)
    const alive = db.prepare("SELECT value FROM meta WHERE key = 'alive'").get()?.value ?? 0
    db.prepare('UPDATE span SET ends = max(begins, ?) WHERE ends IS NULL').run(alive)
    for (const { id, name } of db.prepare('SELECT id, name FROM metric').all())
      this.#nameMetric(String(name), Number(id))
  }

  get metrics(): MetricIds {
    return this.#metrics
  }

  /** Until when earlier runs know of a series; `null` when they do not, or when it has no strip in this run. */
  knownTo(id: number): EpochMs | null {
    return this.#strips.get(id)?.knownTo ?? null
  }

  /** Writes all of it or, throwing, nothing; the same batch can be tried again. */
  write(batch: Batch): void {
    try {
      inTransaction(this.#db, () => this.#write(batch))
    } catch (cause) {
      // Ids given and spans written in the transaction are gone with it.
      this.#ids.clear()
      this.#strips.clear()
      throw cause
    }
    if (this.#ids.size > MAX_CACHED) this.#ids.clear()
  }

  #write({ now, buckets, series, strips, events, alerts }: Batch): void {
    for (const bucket of buckets) this.#writeBucket(bucket, series)
    const seen = new Map<number, Strip>()
    for (const { series: of, spans } of strips) {
      if (spans.length === 0) continue
      const id = this.#idOf(of, now)
      const strip = this.#strips.get(id) ?? { knownTo: this.#knownTo(id), stored: [] }
      this.#writeSpans(id, strip, spans)
      seen.set(id, strip)
    }
    this.#strips = seen
    for (const { at, no, container, kind, text } of events) this.#sql.event.run(at, no, container, kind, text)
    for (const view of alerts)
      this.#sql.alert.run(view.id, view.firedAt, view.resolvedAt, view.container, JSON.stringify(view))
    this.#sql.alive.run(now)
  }

  #writeBucket({ at, rowOf, slots }: Bucket, series: ReadonlyMap<string, Series>): void {
    for (const name of slots.names) {
      if (this.#metrics.idOf.has(name)) continue
      this.#nameMetric(name, Number(this.#sql.metric.run(name).lastInsertRowid))
    }
    const rows: number[] = []
    const ids: number[] = []
    for (const [key, row] of rowOf) {
      const of = series.get(key)
      if (of === undefined) continue
      rows.push(row)
      ids.push(this.#idOf(of, at))
    }
    if (rows.length > 0) this.#sql.hot.run(at, encodeBlock(slots, rows, ids, this.#metrics))
  }

  #nameMetric(name: string, id: number): void {
    this.#metrics.idOf.set(name, id)
    this.#metrics.nameOf.set(id, name)
  }

  #idOf(series: Series, at: EpochMs): number {
    const known = this.#ids.get(series.key)
    if (known !== undefined && known.series === series) return known.id
    const { key, name, host, image, project, service } = series
    const id = Number(this.#sql.series.get(key, name, host, image, project, service, at, at)?.id)
    this.#ids.set(key, { id, series })
    return id
  }

  #knownTo(id: number): EpochMs | null {
    const found = this.#sql.knownTo.get(id)?.ends
    return typeof found === 'number' ? found : null
  }

  #writeSpans(id: number, strip: Strip, spans: readonly Span[]): void {
    const live = afterEarlier(spans, strip.knownTo)
    const changed = firstChanged(strip.stored, live)
    const cut = Math.min(
      live[changed]?.from ?? Number.POSITIVE_INFINITY,
      strip.stored[changed]?.from ?? Number.POSITIVE_INFINITY,
    )
    if (cut !== Number.POSITIVE_INFINITY) this.#sql.cutSpans.run(id, cut)
    for (const { from, to, condition, why } of live.slice(changed)) this.#sql.span.run(id, from, to, condition, why)
    strip.stored = live.slice()
  }
}

function statements(
  db: DatabaseSync,
): Readonly<
  Record<'hot' | 'metric' | 'series' | 'knownTo' | 'cutSpans' | 'span' | 'event' | 'alert' | 'alive', StatementSync>
> {
  return {
    hot: db.prepare('INSERT INTO hot (at, data) VALUES (?, ?)'),
    metric: db.prepare('INSERT INTO metric (name) VALUES (?)'),
    series: db.prepare(`
      INSERT INTO series (key, name, host, image, project, service, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET name = excluded.name, image = excluded.image,
        first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)
      RETURNING id`),
    knownTo: db.prepare('SELECT max(ends) AS ends FROM span WHERE series = ?'),
    cutSpans: db.prepare('DELETE FROM span WHERE series = ? AND begins >= ?'),
    span: db.prepare('INSERT OR REPLACE INTO span (series, begins, ends, condition, why) VALUES (?, ?, ?, ?, ?)'),
    event: db.prepare('INSERT INTO event (at, no, container, kind, text) VALUES (?, ?, ?, ?, ?)'),
    alert: db.prepare(`
      INSERT INTO alert (id, fired_at, resolved_at, container, view) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET resolved_at = excluded.resolved_at, view = excluded.view`),
    alive: db.prepare(
      "INSERT INTO meta (key, value) VALUES ('alive', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
  }
}
