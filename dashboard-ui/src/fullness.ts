/** When a container's memory would be full, from its last minutes; reckoned every ten seconds at most. */
import type { ContainerView } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { fullInMs } from './core/forecast.ts'
import { type Point, points } from './core/points.ts'
import { LIVE_MS } from './core/series.ts'
import { intervalMs, ringOf } from './store.ts'

const EVERY_MS = 10_000
const line: Point[] = []
let known: { readonly name: string; readonly at: EpochMs; readonly ms: number | null } | null = null

/** `null` when it does not fill up steadily, or has no limit: the host's memory is not its own. */
export function fullIn(view: ContainerView, now: EpochMs): number | null {
  if (view.memoryLimitBytes === null || view.state !== 'running') return null
  if (known !== null && known.name === view.name && now - known.at < EVERY_MS) return known.ms
  const source = { history: null, ring: ringOf(view.name), intervalMs: intervalMs.peek() }
  points(source, 'memoryPercent', { from: now - LIVE_MS, to: now }, line)
  known = { name: view.name, at: now, ms: fullInMs(line) }
  return known.ms
}
