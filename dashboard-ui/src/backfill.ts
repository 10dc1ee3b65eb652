/** The minutes before the page was opened, for the sparklines of the rows on the screen: a few requests at a time. */
import { signal } from '@preact/signals'
import { fetchHistory } from './io/api.ts'
import { fillRing, monitorNow, snapshots } from './store.ts'

/** What a sparkline shows. */
export const SPARK_MS = 5 * 60_000
const POINTS = 300
const AT_ONCE = 3
/** Of a long fleet that is scrolled through, the rows seen last count. */
const WAITING = 60

let asked = new Set<string>()
let askedFor = 0
let waiting: string[] = []
let running = 0

/** Counts up as minutes arrive, so that a sparkline without new ticks is drawn again. */
export const filled = signal(0)

async function fetchOne(name: string): Promise<void> {
  const to = monitorNow()
  const got = await fetchHistory(name, { from: to - SPARK_MS, to, points: POINTS }, new AbortController().signal)
  if (!got.ok) return
  fillRing(name, got.answer)
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

/** Asks for the last minutes of `name`, once for every snapshot: a reconnect has a gap to fill. */
export function wantBackfill(name: string): void {
  if (askedFor !== snapshots.peek()) {
    asked = new Set()
    askedFor = snapshots.peek()
  }
  if (askedFor === 0 || asked.has(name)) return
  asked.add(name)
  waiting = [...waiting, name].slice(-WAITING)
  next()
}
