/** A sample as rows with the columns of the monitor's own metrics files. */

import { CSV_COLUMNS, type CsvFact } from '@plimsoll/contracts/csv'
import type { ContainersAnswer } from '@plimsoll/contracts/http'
import { METRICS, type MetricName } from '@plimsoll/contracts/metrics'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import { safe } from './safe-text.ts'

export type Cell = string | number | null
type Found = ContainersAnswer['containers'][number]

export const SAMPLE_HEAD: readonly string[] = CSV_COLUMNS.map(({ header }) => header)

function fact(view: Found, of: CsvFact, at: EpochMs): Cell {
  switch (of) {
    case 'time':
      return isoTime(at)
    case 'host':
    case 'image':
    case 'state':
    case 'health':
      return safe(view[of])
    case 'container':
      return safe(view.name)
    case 'id':
      return view.id.slice(0, 12)
    case 'probe':
      return view.probe === null ? null : view.probe.ok ? 'ok' : safe(view.probe.detail)
  }
}

function isMetric(from: CsvFact | MetricName): from is MetricName {
  return Object.hasOwn(METRICS, from)
}

/** A row a container; `null` is an empty cell: unknown, never 0. */
export function sampleRows(views: readonly Found[], at: EpochMs): readonly (readonly Cell[])[] {
  return views.map((view) =>
    CSV_COLUMNS.map(({ from }) => (isMetric(from) ? view.numbers[from] : fact(view, from, at))),
  )
}
