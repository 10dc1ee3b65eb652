/**
 * Every number Plimsoll keeps of a container: its one name, its unit and what it means. Samples, CSV columns, live
 * ticks and history all use these names. To add a metric, add it here; the compiler names the other places.
 */

export type Unit = 'percent' | 'bytes' | 'bytesPerSecond' | 'count' | 'milliseconds'

export interface Metric {
  readonly unit: Unit
  readonly doc: string
}

export const METRICS = {
  cpuPercent: { unit: 'percent', doc: 'CPU as `docker stats` prints it: 100 is one core' },
  cpuLimitPercent: { unit: 'percent', doc: 'CPU as a share of what the container may use: its limit, else all cores' },
  cpuHostPercent: { unit: 'percent', doc: 'CPU as a share of the whole host' },
  throttledPercent: {
    unit: 'percent',
    doc: 'share of scheduling periods in which the CPU limit held the container back',
  },
  memoryUsedBytes: { unit: 'bytes', doc: 'memory used as `docker stats` counts it: usage less inactive file cache' },
  memoryLimitBytes: { unit: 'bytes', doc: 'what memoryPercent is a share of: the limit, else the memory of the host' },
  memoryPercent: { unit: 'percent', doc: 'memory used as a share of the limit, else of the host' },
  networkReceivedBytes: { unit: 'bytes', doc: 'received since the container started, all interfaces' },
  networkSentBytes: { unit: 'bytes', doc: 'sent since the container started, all interfaces' },
  networkReceivedBytesPerSecond: { unit: 'bytesPerSecond', doc: 'receiving now' },
  networkSentBytesPerSecond: { unit: 'bytesPerSecond', doc: 'sending now' },
  blockReadBytes: { unit: 'bytes', doc: 'read from block devices since the container started' },
  blockWrittenBytes: { unit: 'bytes', doc: 'written to block devices since the container started' },
  blockReadBytesPerSecond: { unit: 'bytesPerSecond', doc: 'reading from block devices now' },
  blockWrittenBytesPerSecond: { unit: 'bytesPerSecond', doc: 'writing to block devices now' },
  pids: { unit: 'count', doc: 'processes and threads' },
  responseMs: { unit: 'milliseconds', doc: 'the last good answer of the health target; unknown when it failed' },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof METRICS

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[]

/** A value for each metric; `null` is unknown, never 0. */
export type Numbers = { readonly [K in MetricName]: number | null }

/** Every metric unknown: a stopped container has no numbers, not zeros. */
export const NO_NUMBERS: Numbers = Object.freeze(
  Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as Record<MetricName, null>,
)
