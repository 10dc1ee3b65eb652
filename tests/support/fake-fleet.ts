/** A small fleet for tests of what reads the monitor: made from the contracts, every number and time given. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import type { HostAnswer } from '@plimsoll/contracts/host'
import type { ContainersAnswer, EngineView, StatusAnswer } from '@plimsoll/contracts/http'
import { type Snapshot, TICK_METRICS, type Tick } from '@plimsoll/contracts/live'
import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'

export const MiB = 1024 ** 2
/** 2026-11-21T12:00:00Z */
export const NOON = Date.UTC(2026, 10, 21, 12)

export type FakeContainer = ContainersAnswer['containers'][number]

/** A running container of one hour, with what `other` says of it. */
export function container(
  name: string,
  numbers: Partial<Numbers> = {},
  other: Partial<ContainerView> = {},
  now = NOON,
): FakeContainer {
  const startedAt = now - 3_600_000
  return {
    no: [...name].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 1_000_003, 7),
    id: 'ab12'.repeat(16),
    name,
    host: 'web1',
    image: `example/${name}:1.4`,
    state: 'running',
    health: 'none',
    startedAt,
    finishedAt: null,
    exitCode: null,
    restarts: 0,
    project: 'shop',
    service: name,
    cpuLimitCores: null,
    memoryLimitBytes: null,
    thresholds: { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 },
    probe: null,
    span: { from: startedAt, to: null, condition: 'up', why: 'started' },
    ...other,
    numbers: { ...NO_NUMBERS, ...numbers },
  }
}

export function engine(now = NOON): EngineView {
  const host = { host: 'web1', version: '28.3.0', apiVersion: '1.51', cpus: 8, memoryBytes: 16 * 1024 * MiB }
  return { state: 'connected', since: now - 3_600_000, where: '/var/run/docker.sock', ...host }
}

let count = 0

export function alert(rule: string, of: string | null, other: Partial<AlertView> = {}): AlertView {
  count++
  return {
    id: `01KAH${String(count).padStart(21, '0')}`,
    rule,
    severity: 'warning',
    container: of,
    host: 'web1',
    summary: `${rule} of ${of ?? 'the host'}`,
    value: null,
    threshold: null,
    firedAt: NOON - 1_200_000,
    resolvedAt: null,
    resolvedSummary: null,
    ...other,
  }
}

/** Five containers: one calm, one over its mark, one out of memory soon, one ended, one whose name tries things. */
export function fleet(now = NOON): readonly FakeContainer[] {
  const probe = { url: 'http://web:8080/health', at: now, ok: true, responseMs: 12.4, detail: '200' }
  return [
    container(
      'web',
      {
        cpuPercent: 12.3,
        cpuLimitPercent: 12.3,
        memoryUsedBytes: 212 * MiB,
        memoryPercent: 41.4,
        responseMs: 12.4,
        networkReceivedBytesPerSecond: 1500,
        networkSentBytesPerSecond: 900,
        blockReadBytesPerSecond: 0,
        blockWrittenBytesPerSecond: 4096,
        throttledPercent: 0,
        pids: 11,
      },
      { health: 'healthy', cpuLimitCores: 1, memoryLimitBytes: 512 * MiB, probe },
      now,
    ),
    container(
      'worker-1',
      {
        cpuPercent: 187.5,
        cpuLimitPercent: 93.8,
        memoryUsedBytes: 350 * MiB,
        memoryPercent: 91.1,
        networkReceivedBytesPerSecond: 120_000,
        networkSentBytesPerSecond: 0,
        pids: 40,
      },
      { cpuLimitCores: 2, memoryLimitBytes: 384 * MiB, restarts: 3 },
      now,
    ),
    container(
      'postgres',
      { cpuPercent: 3.1, cpuLimitPercent: 0.4, memoryUsedBytes: 181 * MiB, memoryPercent: 1.1, pids: 9 },
      { health: 'healthy' },
      now,
    ),
    container(
      'migrate',
      {},
      {
        state: 'exited',
        exitCode: 137,
        startedAt: now - 7_200_000,
        finishedAt: now - 1_800_000,
        span: { from: now - 1_800_000, to: null, condition: 'down', why: 'killed (SIGKILL), exit code 137 (SIGKILL)' },
      },
      now,
    ),
    container(
      'evil',
      { cpuPercent: 0.5, cpuLimitPercent: 0.1, memoryUsedBytes: 6 * MiB, memoryPercent: 0.1 },
      { image: 'x\u001b]0;owned\u0007\u001b[2Jy\u202e', project: null, service: null },
      now,
    ),
  ]
}

export function fleetAlerts(now = NOON): readonly AlertView[] {
  return [
    alert('container-down', 'migrate', {
      severity: 'critical',
      summary: 'killed (SIGKILL), exit code 137 (SIGKILL)',
      firedAt: now - 1_800_000,
    }),
    alert('high-cpu', 'worker-1', {
      summary: 'CPU 187.5 % of one core for 15 s, threshold 40 %',
      value: 187.5,
      threshold: 40,
      firedAt: now - 1_200_000,
    }),
    alert('slow-response', 'web', {
      summary: 'p95 1.24 s',
      firedAt: now - 2_400_000,
      resolvedAt: now - 2_340_000,
      resolvedSummary: 'p95 12 ms; lasted 1 min',
    }),
  ]
}

export function tickOf(containers: readonly FakeContainer[], at: number): Tick {
  const running = containers.filter(({ state }) => state === 'running')
  const columns = Object.fromEntries(
    TICK_METRICS.map((metric) => [metric, running.map(({ numbers }) => numbers[metric])]),
  )
  return { at, of: running.map(({ no }) => no), columns: columns as unknown as Tick['columns'] }
}

export function snapshot(containers: readonly FakeContainer[], alerts: readonly AlertView[], now = NOON): Snapshot {
  const views = containers.map(({ numbers: _, ...view }) => view)
  return {
    at: now,
    engine: engine(now),
    delivery: null,
    containers: views,
    tick: tickOf(containers, now),
    alerts,
    events: [],
  }
}

export function status(now = NOON): StatusAnswer {
  return {
    build: 'test',
    startedAt: now - 7_200_000,
    engine: engine(now),
    sampler: { intervalMs: 1000, lastAt: now - 500, lastRoundMs: 38, lateRounds: 0 },
    own: { cpuPercent: 1.4, rssBytes: 88 * MiB },
    viewers: 1,
    sinks: [{ name: 'metrics-2026-11-21.csv', ok: true, error: null }],
    delivery: null,
  }
}

/** An eight-core machine, its disks known. */
export function hostAnswer(now = NOON): HostAnswer {
  return {
    at: now,
    host: 'web1',
    why: null,
    cpu: {
      percent: 34.1,
      userPercent: 25,
      nicePercent: 0,
      systemPercent: 9.1,
      iowaitPercent: 1,
      irqPercent: 0,
      softirqPercent: 0,
      stealPercent: 0,
      cpus: 8,
    },
    load: { one: 2.1, five: 1.8, fifteen: 1.2 },
    memory: {
      totalBytes: 16 * 1024 * MiB,
      usedBytes: 9 * 1024 * MiB,
      availableBytes: 7 * 1024 * MiB,
      cacheBytes: 1024 * MiB,
      percent: 56.3,
    },
    swap: null,
    disks: [
      { name: 'engine', totalBytes: 1e12, usedBytes: 9e11, availableBytes: 1e11, percent: 90, inodesPercent: null },
    ],
    devices: [],
    interfaces: [],
    processes: 210,
    threads: 900,
    temperatures: [],
    pressure: null,
    upSeconds: 86_400,
    thresholds: { cpuPercent: 80, memoryPercent: 90, diskPercent: 85 },
  }
}
