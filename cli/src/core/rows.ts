/** The rows of the table: what is known of each container in one place, sorted and filtered. */
import type { AlertView, Severity } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import type { EngineView } from '@plimsoll/contracts/http'
import type { TickMetric } from '@plimsoll/contracts/live'
import { newest, type State } from './state.ts'

export interface Row {
  readonly view: ContainerView
  readonly numbers: Readonly<Partial<Record<TickMetric, number | null>>>
  /** The gravest of what fires; `null` when nothing does. */
  readonly firing: Severity | null
  /** Where the CPU mark stands in percent of what it may use; `null` when unknown or out of reach. */
  readonly cpuMark: number | null
  readonly memoryMark: number | null
}

export const SORTS = ['name', 'state', 'cpu', 'memory', 'network', 'response', 'restarts'] as const
export type Sort = (typeof SORTS)[number]

/** What fires, by container. */
export function firingOf(alerts: readonly AlertView[]): ReadonlyMap<string, Severity> {
  const found = new Map<string, Severity>()
  for (const { container, severity, resolvedAt } of alerts)
    if (container !== null && resolvedAt === null && found.get(container) !== 'critical') found.set(container, severity)
  return found
}

/** A rule's CPU threshold is on 100 = one core, the level is of what it may use. */
export function cpuMarkOf(view: ContainerView, engine: EngineView | null): number | null {
  const cores = view.cpuLimitCores ?? (engine?.state === 'connected' ? engine.cpus : null)
  if (cores === null || cores <= 0) return null
  const mark = view.thresholds.cpuPercent / cores
  return mark > 100 ? null : mark
}

/** A mark above 100 % of the memory never fires and is not shown. */
export function memoryMarkOf(view: ContainerView): number | null {
  return view.thresholds.memoryPercent > 100 ? null : view.thresholds.memoryPercent
}

const shown: readonly TickMetric[] = [
  'cpuPercent',
  'cpuLimitPercent',
  'memoryUsedBytes',
  'memoryPercent',
  'responseMs',
  'networkReceivedBytesPerSecond',
  'networkSentBytesPerSecond',
  'blockReadBytesPerSecond',
  'blockWrittenBytesPerSecond',
  'throttledPercent',
  'pids',
]

/** Every container the engine has; a removed one only while something about it fires. */
export function rowsOf(state: State): readonly Row[] {
  const firing = firingOf(state.alerts)
  return [...state.containers.values()]
    .filter(({ state: is, name }) => is !== 'removed' || firing.has(name))
    .map((view) => ({
      view,
      numbers: Object.fromEntries(shown.map((metric) => [metric, newest(state.latest, view.no, metric)])),
      firing: firing.get(view.name) ?? null,
      cpuMark: cpuMarkOf(view, state.engine),
      memoryMark: memoryMarkOf(view),
    }))
}

/** Receiving and sending together; `null` when neither is known. */
export function networkOf(row: Row): number | null {
  const received = row.numbers.networkReceivedBytesPerSecond ?? null
  const sent = row.numbers.networkSentBytesPerSecond ?? null
  return received === null && sent === null ? null : (received ?? 0) + (sent ?? 0)
}

const gravity = (row: Row): number => (row.firing === 'critical' ? 2 : row.firing === 'warning' ? 1 : 0)
const isUp = (row: Row): number => (row.view.state === 'running' ? 1 : 0)

/** What a row is sorted by; `null` comes last either way. */
function keyOf(row: Row, sort: Sort): number | null {
  switch (sort) {
    case 'name':
      return 0
    // What needs somebody comes first: what fires, then what is not running.
    case 'state':
      return gravity(row) * 2 + (1 - isUp(row))
    case 'cpu':
      return row.numbers.cpuPercent ?? null
    case 'memory':
      return row.numbers.memoryUsedBytes ?? null
    case 'network':
      return networkOf(row)
    case 'response':
      return row.view.probe?.ok === false ? Number.POSITIVE_INFINITY : (row.numbers.responseMs ?? null)
    case 'restarts':
      return row.view.restarts
  }
}

const names = new Intl.Collator('en', { numeric: true })

/** Sorted: names from A, numbers from the largest, `reversed` the other way; unknown last, equals by name. */
export function sorted(rows: readonly Row[], sort: Sort, reversed: boolean): readonly Row[] {
  const turn = reversed ? -1 : 1
  return [...rows].sort((a, b) => {
    const byName = names.compare(a.view.name, b.view.name)
    if (sort === 'name') return byName * turn
    const [x, y] = [keyOf(a, sort), keyOf(b, sort)]
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1
    return x === y ? byName : (x > y ? -1 : 1) * turn
  })
}

/** Those whose name, image, state, project or service has every word of `filter` in it, in any case. */
export function filtered(rows: readonly Row[], filter: string): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter(({ view }) => {
    const text = [view.name, view.image, view.state, view.health, view.project ?? '', view.service ?? '']
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
