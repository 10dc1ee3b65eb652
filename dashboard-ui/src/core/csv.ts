/** What is shown, as CSV: the same headers as the monitor's own files, unknown as an empty cell. */

import type { ContainerView } from '@plimsoll/contracts/container'
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { TICK_METRICS, type TickMetric } from '@plimsoll/contracts/live'
import { isoTime } from '@plimsoll/contracts/time'
import { type Point, points, type Source } from './points.ts'
import { type Latest, newest } from './state.ts'

type Cell = string | number | null

/** Quoted where it must be; a cell that a spreadsheet would take for a formula gets a leading apostrophe. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(Math.round(cell * 1000) / 1000)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(cellText).join(',')).join('\r\n')}\r\n`
}

const headers = new Map(CSV_COLUMNS.map(({ header, from }) => [from as string, header]))
const headerOf = (metric: TickMetric) => headers.get(metric) ?? metric

/** One container over a window: a row per row drawn, gaps left out. */
export function seriesCsv(source: Source, range: { readonly from: number; readonly to: number }): string {
  const columns = TICK_METRICS.map((metric) => {
    const line: Point[] = []
    points(source, metric, range, line)
    return new Map(line.map(({ x, y }) => [x, y]))
  })
  const times = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b)
  const rows = times
    .map((at) => [isoTime(at), ...columns.map((column) => column.get(at) ?? null)])
    .filter((row) => row.some((cell, i) => i > 0 && cell !== null))
  return lines([['time', ...TICK_METRICS.map(headerOf)], ...rows])
}

/** The fleet as it stands, a row per container in the given order. */
export function fleetCsv(views: readonly ContainerView[], latest: Latest | null): string {
  const facts = ['time', 'host', 'project', 'container', 'image', 'state', 'health', 'restarts']
  const at = latest === null ? null : isoTime(latest.at)
  const rows = views.map((view): Cell[] => [
    at,
    view.host,
    view.project,
    view.name,
    view.image,
    view.state,
    view.health,
    view.restarts,
    ...TICK_METRICS.map((metric) => newest(latest, view.no, metric)),
  ])
  return lines([[...facts, ...TICK_METRICS.map(headerOf)], ...rows])
}
