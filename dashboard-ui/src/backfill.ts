/** The minutes before the page was opened, for the sparklines of the rows on the screen: a few requests at a time. */
import { signal } from '@preact/signals'
import type { Rows } from './core/points.ts'
import { fetchHistory } from './io/api.ts'
import { monitorNow, snapshots } from './store.ts'

/** What a sparkline shows. */
export const SPARK_MS = 5 * 60_000
const POINTS = 300
const AT_ONCE = 3
/** Of a long fleet that is scrolled through, the rows seen last count. */
const WAITING = 60

/** The minutes before, by name; let go when a snapshot makes them old. */
const before = new Map<string, Rows>()
let asked = new Set<string>()
let askedFor = 0
let waiting: string[] = []
let running = 0

/** Counts up as minutes arrive, so that a sparkline without new ticks is drawn again. */
export const filled = signal(0)

async function fetchOne(name: string): Promise<void> {
  const to = monitorNow()
  const asked = { from: to - SPARK_MS, to, points: POINTS, metrics: 'cpuLimitPercent' }
  const got = await fetchHistory(name, asked, new AbortController().signal)
  if (!got.ok) return
  const { at, stepMs, columns } = got.answer
  // One column of it: a long fleet that is scrolled through stays small.
  before.set(name, { at, stepMs, columns: { cpuLimitPercent: columns.cpuLimitPercent ?? [] } })
  filled.value++
}

function next(): void {
  while (running < AT_ONCE) {
    const name = waiting.pop()
    if (name === undefined) return
    running++
    void fetchOne(name).finally(() => {
      running--
      next()
    })
  }
}

/** The minutes before the page was opened, once they came. */
export function minutesBefore(name: string): Rows | null {
  return before.get(name) ?? null
}

/** Asks for the last minutes of `name`, once for every snapshot: a reconnect has a gap to fill. */
export function wantBackfill(name: string): void {
  if (askedFor !== snapshots.peek()) {
    asked = new Set()
    before.clear()
    askedFor = snapshots.peek()
  }
  if (askedFor === 0 || asked.has(name)) return
  asked.add(name)
  waiting = [...waiting, name].slice(-WAITING)
  next()
}
