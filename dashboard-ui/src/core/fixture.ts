/** A container and a snapshot for tests: everything that a test does not speak of is as dull as can be. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import {
  type Hello,
  type Snapshot,
  TICK_METRICS,
  type Tick,
  type TickMetric,
  WIRE_VERSION,
} from '@plimsoll/contracts/live'

export function container(part: Partial<ContainerView> = {}): ContainerView {
  return {
    no: 1,
    id: 'a'.repeat(64),
    name: 'web',
    host: 'dock',
    image: 'nginx:1',
    state: 'running',
    health: 'none',
    startedAt: 0,
    finishedAt: null,
    exitCode: null,
    restarts: 0,
    project: null,
    service: null,
    cpuLimitCores: null,
    memoryLimitBytes: null,
    thresholds: { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 },
    probe: null,
    span: { from: 0, to: null, condition: 'up', why: 'running' },
    ...part,
  }
}

export function alert(part: Partial<AlertView> = {}): AlertView {
  return {
    id: '01',
    rule: 'high-cpu',
    severity: 'warning',
    container: 'web',
    host: 'dock',
    summary: 'CPU at 90 %',
    value: 90,
    threshold: 40,
    firedAt: 1000,
    resolvedAt: null,
    resolvedSummary: null,
    ...part,
  }
}

/** A tick in which each container of `of` has the same value for `metric`, and nothing else is known. */
export function tick(at: number, of: readonly number[], part: Partial<Record<TickMetric, number | null>> = {}): Tick {
  const columns = TICK_METRICS.map((metric) => [metric, of.map(() => part[metric] ?? null)])
  return { at, of, columns: Object.fromEntries(columns) as Tick['columns'] }
}

export function hello(part: Partial<Hello> = {}): Hello {
  return {
    wire: WIRE_VERSION,
    build: 'one',
    at: 0,
    sampleIntervalMs: 2000,
    historyMs: 900_000,
    target: null,
    ...part,
  }
}

export function snapshot(part: Partial<Snapshot> = {}): Snapshot {
  const engine = { state: 'connecting', since: 0, where: 'here' } as const
  return {
    at: 0,
    engine,
    delivery: null,
    containers: [container()],
    tick: tick(0, [1]),
    alerts: [],
    events: [],
    ...part,
  }
}
