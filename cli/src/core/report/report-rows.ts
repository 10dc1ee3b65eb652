/** A report as a table of values for other programs: a row a container, seconds and bytes, unknown as `null`. */
import { isoTime } from '@plimsoll/contracts/time'
import { safe } from '../safe-text.ts'
import type { ContainerReport, Report } from './report.ts'
import type { Spread } from './spread.ts'

export type Cell = string | number | null

const seconds = (ms: number): number => Math.round(ms / 1000)
const rounded = (value: number | undefined, digits: number): number | null =>
  value === undefined ? null : Number(value.toFixed(digits))

interface Column {
  readonly header: string
  readonly of: (container: ContainerReport, report: Report) => Cell
}

function spread(name: string, digits: number, of: (container: ContainerReport) => Spread | null): readonly Column[] {
  return (['p50', 'p95', 'max'] as const).map((part) => ({
    header: `${name}_${part}`,
    of: (container) => rounded(of(container)?.[part], digits),
  }))
}

const COLUMNS: readonly Column[] = [
  { header: 'from', of: (_, { from }) => isoTime(from) },
  { header: 'to', of: (_, { to }) => isoTime(to) },
  { header: 'host', of: (_, { host }) => host },
  { header: 'container', of: ({ name }) => name },
  { header: 'image', of: ({ image }) => image },
  { header: 'state', of: ({ state }) => state },
  { header: 'uptime_percent', of: ({ uptime }) => rounded(uptime.percent ?? undefined, 4) },
  { header: 'up_seconds', of: ({ uptime }) => seconds(uptime.upMs) },
  { header: 'down_seconds', of: ({ uptime }) => seconds(uptime.downMs) },
  { header: 'planned_down_seconds', of: ({ uptime }) => seconds(uptime.plannedMs) },
  { header: 'paused_seconds', of: ({ uptime }) => seconds(uptime.pausedMs) },
  { header: 'unknown_seconds', of: ({ uptime }) => seconds(uptime.unknownMs) },
  { header: 'outages', of: ({ uptime }) => uptime.outages.filter(({ planned }) => !planned).length },
  { header: 'starts', of: ({ uptime }) => uptime.starts },
  { header: 'restarts', of: ({ restarts }) => restarts },
  ...spread('cpu_percent', 2, ({ cpuPercent }) => cpuPercent),
  ...spread('memory_bytes', 0, ({ memoryBytes }) => memoryBytes),
  ...spread('memory_percent', 2, ({ memoryPercent }) => memoryPercent),
  ...spread('response_ms', 2, ({ responseMs }) => responseMs),
  { header: 'memory_growth_bytes_per_hour', of: ({ growth }) => rounded(growth?.bytesPerHour, 0) },
  { header: 'alerts', of: ({ alerts }) => alerts.length },
  { header: 'alerts_critical', of: ({ alerts }) => alerts.filter(({ severity }) => severity === 'critical').length },
]

const shown = (cell: Cell): Cell => (typeof cell === 'string' ? safe(cell) : cell)

/** The head, then a row a container. */
export function reportRows(report: Report): readonly (readonly Cell[])[] {
  return [
    COLUMNS.map(({ header }) => header),
    ...report.containers.map((container) => COLUMNS.map(({ of }) => shown(of(container, report)))),
  ]
}

/** The report as plain data: everything but the rows of the charts. */
export function reportData(report: Report): unknown {
  return { ...report, containers: report.containers.map(({ history: _, ...container }) => container) }
}
