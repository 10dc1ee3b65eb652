/**
 * What is told of one container beyond the metrics that are kept: the newest look only, when somebody asks for the
 * container. `null` is unknown, or not told by the container's source or this kernel; never 0.
 */
import type { Unit } from './metrics.ts'

export interface Detail {
  readonly unit: Unit
  readonly doc: string
}

export const DETAILS = {
  cpuUserPercent: { unit: 'percent', doc: 'CPU in its own code: 100 is one core; on cgroup v1 in steps of 10 ms' },
  cpuSystemPercent: { unit: 'percent', doc: 'CPU in the kernel on its behalf: 100 is one core' },
  throttledPercentOfTime: {
    unit: 'percent',
    doc: 'time its threads were held back by the CPU limit: 100 is one thread',
  },
  memoryCacheBytes: {
    unit: 'bytes',
    doc: 'page cache: counts against the limit, is given back before anything is killed',
  },
  memoryRssBytes: { unit: 'bytes', doc: 'anonymous memory (heap, stacks): what the OOM killer weighs a process by' },
  memorySwapBytes: { unit: 'bytes', doc: 'anonymous memory that was written to swap' },
  memoryPinnedBytes: {
    unit: 'bytes',
    doc: 'usage less file cache, what cannot simply be dropped: at the limit, the OOM killer comes',
  },
  memoryPeakBytes: { unit: 'bytes', doc: 'the highest usage since the start, cache included' },
  memoryFailures: {
    unit: 'count',
    doc: 'cgroup v1: how often the memory limit was hit; v2: how often an allocation was about to fail for it',
  },
  oomKills: { unit: 'count', doc: 'processes killed for memory in it since its start' },
  receivedPacketsPerSecond: { unit: 'count', doc: 'packets received a second, all interfaces' },
  sentPacketsPerSecond: { unit: 'count', doc: 'packets sent a second, all interfaces' },
  networkErrors: { unit: 'count', doc: 'packets with errors since the start, both directions' },
  networkDrops: { unit: 'count', doc: 'packets dropped since the start, both directions' },
  readOperationsPerSecond: { unit: 'count', doc: 'reads from block devices a second' },
  writeOperationsPerSecond: { unit: 'count', doc: 'writes to block devices a second' },
  pidsLimit: { unit: 'count', doc: 'the most processes and threads it may have; unknown without a limit' },
  cpuPressurePercent: {
    unit: 'percent',
    doc: 'share of the last 10 s in which a thread waited for CPU (PSI, cgroup v2)',
  },
  memoryPressurePercent: { unit: 'percent', doc: 'the same for memory' },
  ioPressurePercent: { unit: 'percent', doc: 'the same for disks' },
} as const satisfies Readonly<Record<string, Detail>>

export type DetailName = keyof typeof DETAILS

/** A value for each detail. */
export type DetailNumbers = { readonly [K in DetailName]: number | null }
