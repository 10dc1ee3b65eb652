/**
 * A container as a row of the metrics file. Joining: `csvRow(view, numbers, at)` for each container every
 * `CSV_INTERVAL`, the rows of one round to `io/csv.ts`.
 */
import type { ContainerView } from '@plimsoll/contracts/container'
import { CSV_COLUMNS, type CsvFact } from '@plimsoll/contracts/csv'
import { METRICS, type MetricName, type Numbers, type Unit } from '@plimsoll/contracts/metrics'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import { oneLine } from './sentences.ts'

/** `null` is an empty cell: unknown, never 0. */
export type Cell = string | number | null

// What a person reads in a spreadsheet; counters and sizes are whole bytes.
const digits: Readonly<Record<Unit, number>> = { percent: 2, milliseconds: 2, bytes: 0, bytesPerSecond: 0, count: 0 }

function fact(view: ContainerView, of: CsvFact, at: EpochMs): Cell {
  switch (of) {
    case 'time':
      return isoTime(at)
    case 'host':
      return oneLine(view.host)
    case 'container':
      return oneLine(view.name)
    case 'id':
      return view.id.slice(0, 12)
    case 'image':
      return oneLine(view.image)
    case 'state':
      return view.state
    case 'health':
      return view.health
    case 'probe':
      return view.probe === null ? null : view.probe.ok ? 'ok' : oneLine(view.probe.detail)
  }
}

function metric(numbers: Numbers, name: MetricName): Cell {
  const value = numbers[name]
  if (value === null || !Number.isFinite(value)) return null
  const scale = 10 ** digits[METRICS[name].unit]
  return Math.round(value * scale) / scale
}

function isMetric(from: CsvFact | MetricName): from is MetricName {
  return Object.hasOwn(METRICS, from)
}

/** The cells in the order of `CSV_COLUMNS`. */
export function csvRow(view: ContainerView, numbers: Numbers, at: EpochMs): Cell[] {
  return CSV_COLUMNS.map(({ from }) => (isMetric(from) ? metric(numbers, from) : fact(view, from, at)))
}
