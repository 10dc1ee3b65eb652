/** The last minutes of every container's numbers: columns in typed arrays, one ring per container. */
import { TICK_METRICS, type Tick, type TickMetric } from '@plimsoll/contracts/live'
import type { EpochMs } from '@plimsoll/contracts/time'

/** How far back a live line reaches. */
export const LIVE_MS = 15 * 60_000

/** Rows of one container, oldest first, at most `capacity`; an unknown value is NaN. Mutated in place. */
export interface Ring {
  readonly capacity: number
  at: Float64Array
  readonly columns: { -readonly [K in TickMetric]: Float32Array }
  /** Where the oldest row stands, and how many there are. */
  start: number
  length: number
}

/** An empty ring for rows every `intervalMs`; it grows as it fills, so that a thousand short lives stay cheap. */
export function newRing(intervalMs: number, reachMs = LIVE_MS): Ring {
  const capacity = Math.max(16, Math.ceil(reachMs / Math.max(100, intervalMs)) + 1)
  const first = Math.min(64, capacity)
  const columns = Object.fromEntries(TICK_METRICS.map((name) => [name, new Float32Array(first)]))
  return { capacity, at: new Float64Array(first), columns: columns as Ring['columns'], start: 0, length: 0 }
}

/** The place in the arrays of the `i`th row, 0 the oldest. */
export function placeOf(ring: Ring, i: number): number {
  const place = ring.start + i
  return place < ring.at.length ? place : place - ring.at.length
}

/** The time of the newest row; `null` when there is none. */
export function lastAt(ring: Ring): EpochMs | null {
  return ring.length === 0 ? null : (ring.at[placeOf(ring, ring.length - 1)] ?? null)
}

function grow(ring: Ring): void {
  const size = Math.min(ring.capacity, ring.at.length * 2)
  // Only ever called with start 0: a ring wraps round first when it is at its capacity.
  const at = new Float64Array(size)
  at.set(ring.at)
  ring.at = at
  for (const name of TICK_METRICS) {
    const column = new Float32Array(size)
    column.set(ring.columns[name])
    ring.columns[name] = column
  }
}

/** Adds column `i` of a tick. A tick that is not newer than the newest row is passed over: a snapshot repeats one. */
export function push(ring: Ring, tick: Tick, i: number): void {
  const last = lastAt(ring)
  if (last !== null && tick.at <= last) return
  if (ring.length === ring.at.length && ring.length < ring.capacity) grow(ring)
  const full = ring.length === ring.at.length
  const place = full ? ring.start : placeOf(ring, ring.length)
  if (full) ring.start = ring.start + 1 === ring.at.length ? 0 : ring.start + 1
  else ring.length++
  ring.at[place] = tick.at
  for (const name of TICK_METRICS) ring.columns[name][place] = tick.columns[name]?.[i] ?? Number.NaN
}

/** The rings of a fleet by container name. */
export type Rings = Map<string, Ring>

/**
 * Adds a tick to the rings of the containers it tells of. `names` says whose a number is; a number without a name is
 * passed over (its container is announced later).
 */
export function pushAll(rings: Rings, tick: Tick, names: ReadonlyMap<number, string>, intervalMs: number): void {
  for (const [i, no] of tick.of.entries()) {
    const name = names.get(no)
    if (name === undefined) continue
    let ring = rings.get(name)
    if (ring === undefined) {
      ring = newRing(intervalMs)
      rings.set(name, ring)
    }
    push(ring, tick, i)
  }
}
