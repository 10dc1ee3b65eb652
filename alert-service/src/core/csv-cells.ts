/** Reads the metrics file back: its lines as cells, its cells as numbers. */
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { type EpochMs, parseIsoTime } from '@plimsoll/contracts/time'

/** The cells of one line (RFC 4180: quoted cells double their quotes). A torn line gives fewer cells. */
export function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  const cell = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/y
  while (cell.lastIndex <= line.length) {
    const at = cell.lastIndex
    const raw = cell.exec(line)?.[1]
    if (raw === undefined) break
    cells.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    if (cell.lastIndex === line.length && line.at(-1) !== ',') break
    if (cell.lastIndex === at) break
  }
  return cells
}

const columnOf = (header: string) => CSV_COLUMNS.findIndex((column) => column.header === header)
const columns = {
  time: columnOf('time'),
  container: columnOf('container'),
  state: columnOf('state'),
  cpu: columnOf('cpu_percent'),
  memory: columnOf('memory_used_bytes'),
  memoryPercent: columnOf('memory_percent'),
  response: columnOf('response_ms'),
}

/** What of a row the digest and the charts need; unknown is null. */
export interface MetricRow {
  readonly at: EpochMs
  readonly container: string
  readonly running: boolean
  readonly cpuPercent: number | null
  readonly memoryUsedBytes: number | null
  readonly memoryPercent: number | null
  readonly responseMs: number | null
}

function numberOf(cell: string | undefined): number | null {
  if (cell === undefined || cell === '') return null
  const n = Number(cell)
  return Number.isFinite(n) ? n : null
}

/** A line as a row; null for the header, and for what is torn or no row. */
export function rowOf(line: string): MetricRow | null {
  const cells = cellsOf(line)
  const at = parseIsoTime(cells[columns.time] ?? '')
  const container = cells[columns.container]
  if (at === null || container === undefined || cells.length < CSV_COLUMNS.length - 1) return null
  return {
    at,
    container,
    running: cells[columns.state] === 'running',
    cpuPercent: numberOf(cells[columns.cpu]),
    memoryUsedBytes: numberOf(cells[columns.memory]),
    memoryPercent: numberOf(cells[columns.memoryPercent]),
    responseMs: numberOf(cells[columns.response]),
  }
}
