/** One sampling round as the page gets it: columns, rounded to what a page can show, so that a frame stays small. */
import { TICK_METRICS, type Tick, type TickMetric } from '@plimsoll/contracts/live'
import { METRICS, type Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'

/** Two digits, as `docker stats` prints percentages; bytes are whole. */
const scaleOf = (metric: TickMetric): number => {
  const { unit } = METRICS[metric]
  return unit === 'percent' || unit === 'milliseconds' ? 100 : 1
}
const SCALES = Object.fromEntries(TICK_METRICS.map((metric) => [metric, scaleOf(metric)])) as Record<TickMetric, number>

export interface TickRow {
  /** The container's `no`. */
  readonly no: number
  readonly numbers: Numbers
}

/** The rows of one round, in columns. */
export function tickOf(at: EpochMs, rows: readonly TickRow[]): Tick {
  const columns = {} as Record<TickMetric, (number | null)[]>
  for (const metric of TICK_METRICS) {
    const scale = SCALES[metric]
    columns[metric] = rows.map(({ numbers }) => {
      const value = numbers[metric]
      return value === null ? null : Math.round(value * scale) / scale
    })
  }
  return { at, of: rows.map(({ no }) => no), columns }
}
