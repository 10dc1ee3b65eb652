/**
 * Moves hot rows into chunks, a few series at a time, so that it never holds up the loop. Where it stands is kept in
 * the file with each step: a kill between two of them neither loses nor doubles anything.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EpochMs } from '@plimsoll/contracts/time'
import { addBlock, addBlockRow, type Block, decodeBlock, encodeBlock, type MetricIds } from '../../core/block.ts'
import { beginOf, LEVELS, type Level } from '../../core/rollup.ts'
import { addSlots, clearSlots, knownRows, newSlots, type Slots } from '../../core/slots.ts'
import { inTransaction } from './file.ts'
import { packed, unpacked } from './pack.ts'

/** Hot rows are moved a quarter of an hour at a time, once so much time has passed for the late ones. */
const MOVE_MS = 15 * 60_000
const GRACE_MS = 30_000

/** What is being moved: hot rows before a time, up to an id; series up to and with `series` are done. */
export interface Moving {
  readonly before: EpochMs
  readonly upto: number
  readonly series: number
}

interface Hot {
  readonly at: EpochMs
  readonly block: Block
}

/** What hot rows know of one series: a row for each, and its time. */
interface HotRows {
  readonly at: readonly EpochMs[]
  readonly slots: Slots
}

interface Run {
  readonly moving: Moving
  readonly hot: readonly Hot[]
  /** Not moved yet, ascending. */
  readonly left: number[]
}

/** Asks for the move that is under way in a file. */
export const MOVING = 'SELECT before, upto, series FROM moving'

/** The answer to `MOVING`; `null` when none is under way. */
export function movingOf(row: Readonly<Record<string, unknown>> | undefined): Moving | null {
  return row === undefined ? null : { before: Number(row.before), upto: Number(row.upto), series: Number(row.series) }
}

export class HistoryMover {
  readonly #db: DatabaseSync
  readonly #metrics: MetricIds
  readonly #get: StatementSync
  readonly #put: StatementSync
  readonly #touch: StatementSync
  #run: Run | null = null
  /** Used anew for each series, and let go at the end of a run. */
  #slots: Slots[] = []

  constructor(db: DatabaseSync, metrics: MetricIds) {
    this.#db = db
    this.#metrics = metrics
    this.#get = db.prepare('SELECT data FROM chunk WHERE level = ? AND at = ? AND series = ?')
    this.#put = db.prepare(`INSERT INTO chunk (level, at, series, data) VALUES (?, ?, ?, ?)
      ON CONFLICT (level, at, series) DO UPDATE SET data = excluded.data`)
    this.#touch = db.prepare('UPDATE series SET last_at = max(last_at, ?) WHERE id = ?')
  }

  /** Works on until there is nothing to move (then `false`) or until `isDue()`, asked after each series. */
  move(now: EpochMs, isDue: () => boolean): boolean {
    this.#run ??= this.#begin(now)
    const run = this.#run
    if (run === null) return false
    try {
      inTransaction(this.#db, () => this.#some(run, isDue))
    } catch (cause) {
      this.#run = null
      throw cause
    }
    if (run.left.length > 0) return true
    this.#finish(run.moving)
    this.#run = null
    this.#slots = []
    return this.#ready(now) !== null
  }

  #ready(now: EpochMs): { readonly before: EpochMs; readonly upto: number } | null {
    const before = beginOf(now - GRACE_MS, MOVE_MS)
    const upto = this.#db.prepare('SELECT max(id) AS upto FROM hot WHERE at < ?').get(before)?.upto
    return typeof upto === 'number' ? { before, upto } : null
  }

  #begin(now: EpochMs): Run | null {
    let moving = movingOf(this.#db.prepare(MOVING).get())
    if (moving === null) {
      const ready = this.#ready(now)
      if (ready === null) return null
      moving = { ...ready, series: 0 }
      this.#db
        .prepare('INSERT INTO moving (one, before, upto, series) VALUES (1, ?, ?, 0)')
        .run(ready.before, ready.upto)
    }
    const rows = this.#db.prepare('SELECT at, data FROM hot WHERE at < ? AND id <= ?').all(moving.before, moving.upto)
    const hot = rows.flatMap(({ at, data }): Hot[] => {
      const block = decodeBlock(data as Uint8Array, this.#metrics)
      return block === null ? [] : [{ at: Number(at), block }]
    })
    const done = moving.series
    const ids = new Set(hot.flatMap(({ block }) => [...block.keys]))
    return { moving, hot, left: [...ids].filter((id) => id > done).sort((a, b) => a - b) }
  }

  #some({ hot, left }: Run, isDue: () => boolean): void {
    let last: number | undefined
    do {
      const series = left.shift()
      if (series === undefined) break
      last = series
      const own = this.#gather(hot, series)
      for (const level of LEVELS.keys()) this.#moveSeries(series, level, own)
      this.#touch.run(Math.max(...own.at), series)
    } while (!isDue())
    if (last !== undefined) this.#db.prepare('UPDATE moving SET series = ?').run(last)
  }

  /** Slots with nothing in them; what was in them before under the same number is gone. */
  #scratch(names: readonly string[], rows: number, number: number): Slots {
    const known = this.#slots[number]
    if (known !== undefined && known.rows === rows && known.names.length === names.length) return clearSlots(known)
    const made = newSlots(names, rows)
    this.#slots[number] = made
    return made
  }

  #gather(hot: readonly Hot[], series: number): HotRows {
    const own = hot.filter(({ block }) => block.keys.includes(series))
    // All metrics the file knows, those of another build too: they are not ours to drop.
    const slots = this.#scratch([...this.#metrics.idOf.keys()], own.length, LEVELS.length)
    for (const [row, { block }] of own.entries()) addBlockRow(slots, row, block, series)
    return { at: own.map(({ at }) => at), slots }
  }

  /** Adds what the hot rows know of a series to its chunks of one level. */
  #moveSeries(series: number, index: number, hot: HotRows): void {
    const level: Level = LEVELS[index] ?? LEVELS[0]
    for (const at of new Set(hot.at.map((time) => beginOf(time, level.chunkMs)))) {
      const slots = this.#scratch(hot.slots.names, level.chunkMs / level.stepMs, index)
      const before = this.#get.get(index, at, series)?.data
      const old = before === undefined ? null : chunkOf(before as Uint8Array, this.#metrics)
      if (old !== null) addBlock(slots, old, (key) => key)
      addSlots(slots, hot.slots, (row) => Math.floor(((hot.at[row] ?? 0) - at) / level.stepMs))
      const known = knownRows(slots)
      if (known.length > 0) this.#put.run(index, at, series, packed(encodeBlock(slots, known, known, this.#metrics)))
    }
  }

  #finish({ before, upto }: Moving): void {
    inTransaction(this.#db, () => {
      this.#db.prepare('DELETE FROM hot WHERE at < ? AND id <= ?').run(before, upto)
      this.#db.exec('DELETE FROM moving')
    })
  }
}

/** A stored chunk; `null` when it cannot be read: a gap, not the end of all other history. */
export function chunkOf(bytes: Uint8Array, metrics: MetricIds): Block | null {
  const block = unpacked(bytes)
  return block === null ? null : decodeBlock(block, metrics)
}
