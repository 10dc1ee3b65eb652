/** Reads stored history: numbers into a grid, spans, events, alerts, and the series there are. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import type { StoredContainer } from '@plimsoll/contracts/http'
import type { EpochMs } from '@plimsoll/contracts/time'
import { addBlock, addBlockRow, decodeBlock, type MetricIds } from '../../core/block.ts'
import { type Grid, rowAt } from '../../core/history-grid.ts'
import { beginOf, LEVELS, type Level } from '../../core/rollup.ts'
import { chunkOf, MOVING, movingOf } from './mover.ts'

/** A stored series. */
export interface Found extends StoredContainer {
  readonly id: number
  readonly key: string
}

export interface Page {
  /** `null`: of all containers and of none. */
  readonly container: string | null
  readonly from: EpochMs
  readonly to: EpochMs
  readonly limit: number
}

const CHUNK = 'SELECT data FROM chunk WHERE level = ? AND at = ? AND series = ?'

export class HistoryReader {
  readonly #db: DatabaseSync
  readonly #metrics: MetricIds
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync, metrics: MetricIds) {
    this.#db = db
    this.#metrics = metrics
  }

  /** Prepared once: a page that opens asks for a hundred containers. The texts are few, and none holds a value. */
  #sql(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const made = this.#db.prepare(text)
    this.#statements.set(text, made)
    return made
  }

  /** The series of a key; of a name, the one that bore it last. */
  find(by: { readonly key: string } | { readonly name: string }): Found | null {
    const row =
      'key' in by
        ? this.#sql('SELECT * FROM series WHERE key = ?').get(by.key)
        : this.#sql('SELECT * FROM series WHERE name = ? ORDER BY last_at DESC LIMIT 1').get(by.name)
    return row === undefined ? null : foundOf(row)
  }

  /** The series last heard of, newest first. */
  all(limit: number): readonly Found[] {
    return this.#sql('SELECT * FROM series ORDER BY last_at DESC LIMIT ?').all(limit).map(foundOf)
  }

  /** For each level the oldest time it may have something of; `null` when it has nothing. */
  oldest(): readonly (EpochMs | null)[] {
    const hot = numberOrNull(this.#sql('SELECT min(at) AS at FROM hot').get()?.at)
    return LEVELS.map((_, level) => {
      const chunk = numberOrNull(this.#sql('SELECT min(at) AS at FROM chunk WHERE level = ?').get(level)?.at)
      return chunk === null || hot === null ? (chunk ?? hot) : Math.min(chunk, hot)
    })
  }

  /** Adds all that is stored of a series to a grid. */
  readInto(grid: Grid, series: number): void {
    const level: Level = LEVELS[grid.level] ?? LEVELS[0]
    const end = grid.begin + grid.stepMs * grid.slots.rows
    for (let at = beginOf(grid.begin, level.chunkMs); at < end; at += level.chunkMs) {
      const data = this.#sql(CHUNK).get(grid.level, at, series)?.data
      const chunk = data === undefined ? null : chunkOf(data as Uint8Array, this.#metrics)
      if (chunk !== null) addBlock(grid.slots, chunk, (key) => rowAt(grid, at + key * level.stepMs))
    }
    this.#readHot(grid, series, end)
  }

  #readHot(grid: Grid, series: number, end: EpochMs): void {
    const moving = movingOf(this.#sql(MOVING).get())
    const moved = moving !== null && series <= moving.series ? moving : { before: Number.MIN_SAFE_INTEGER, upto: 0 }
    const rows = this.#sql('SELECT at, data FROM hot WHERE at >= ? AND at < ? AND NOT (at < ? AND id <= ?)').all(
      grid.begin,
      end,
      moved.before,
      moved.upto,
    )
    for (const { at, data } of rows) {
      const block = decodeBlock(data as Uint8Array, this.#metrics)
      if (block !== null) addBlockRow(grid.slots, rowAt(grid, Number(at)), block, series)
    }
  }

  /** The stored spans of a series that touch a range, in order. */
  spans(series: number, from: EpochMs, to: EpochMs): readonly Span[] {
    return this.#sql(
      'SELECT * FROM span WHERE series = ? AND begins <= ? AND (ends IS NULL OR ends >= ?) ORDER BY begins',
    )
      .all(series, to, from)
      .map((row) => ({
        from: Number(row.begins),
        to: numberOrNull(row.ends),
        condition: row.condition as Span['condition'],
        why: String(row.why),
      }))
  }

  /** Events of a range, newest first. */
  events({ container, from, to, limit }: Page): readonly FleetEvent[] {
    const rows =
      container === null
        ? this.#sql('SELECT * FROM event WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?').all(
            from,
            to,
            limit,
          )
        : this.#sql(
            'SELECT * FROM event WHERE container = ? AND at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?',
          ).all(container, from, to, limit)
    return rows.map(({ at, no, container: name, kind, text }) => ({
      at: Number(at),
      no: Number(no),
      container: name === null ? null : String(name),
      kind: kind as FleetEvent['kind'],
      text: String(text),
    }))
  }

  /** Alerts that were firing at some time of a range, newest first. */
  alerts({ container, from, to, limit }: Page): readonly AlertView[] {
    const when = 'fired_at <= ? AND (resolved_at IS NULL OR resolved_at >= ?) ORDER BY fired_at DESC, id DESC LIMIT ?'
    const rows =
      container === null
        ? this.#sql(`SELECT view FROM alert WHERE ${when}`).all(to, from, limit)
        : this.#sql(`SELECT view FROM alert WHERE container = ? AND ${when}`).all(container, to, from, limit)
    return rows.map(({ view }) => JSON.parse(String(view)) as AlertView)
  }
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function foundOf(row: Readonly<Record<string, unknown>>): Found {
  return {
    id: Number(row.id),
    key: String(row.key),
    name: String(row.name),
    host: String(row.host),
    image: String(row.image),
    project: textOrNull(row.project),
    service: textOrNull(row.service),
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
  }
}
