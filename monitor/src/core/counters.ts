/** What one look at a container counted, wherever it was read: the engine's statistics or the host's cgroup files. */
import { type EpochMs, parseIsoTime } from '@plimsoll/contracts/time'
import { blockSum, type DetailedStats, type Details, detailsOfApi, networkSum, number } from './details.ts'

/** Counts since the container started, and levels at `at`. `null` is not told by this source. */
export interface Counters extends Details {
  readonly at: EpochMs
  /**
   * The same moment on a clock that nobody sets, in milliseconds since any start: time between two looks is taken from
   * it when `at` jumped. `null` where only the engine's clock is known.
   */
  readonly steadyMs: number | null
  readonly cpuNs: number
  /** CPU time of the whole host, as the engine sums it: user to softirq, steal left out. */
  readonly hostCpuNs: number | null
  readonly cpus: number
  readonly periods: number | null
  readonly throttledPeriods: number | null
  readonly memoryUsedBytes: number | null
  /** Its limit, else the memory of the host; `null` where memory is not accounted. */
  readonly memoryLimitBytes: number | null
  /** `null` without a network of its own (`--network host` or `none`). */
  readonly receivedBytes: number | null
  readonly sentBytes: number | null
  readonly readBytes: number | null
  readonly writtenBytes: number | null
  readonly pids: number | null
}

/** The engine's answer to `/containers/{id}/stats`, as far as it is read. Anything may be missing. */
type StatsAnswer = DetailedStats & {
  readonly read?: unknown
  readonly pids_stats?: { readonly current?: unknown } | null
  readonly blkio_stats?: { readonly io_service_bytes_recursive?: unknown } | null
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly total_usage?: unknown; readonly percpu_usage?: unknown } | null
    readonly system_cpu_usage?: unknown
    readonly online_cpus?: unknown
    readonly throttling_data?: { readonly periods?: unknown; readonly throttled_periods?: unknown } | null
  } | null
  readonly memory_stats?: { readonly usage?: unknown; readonly limit?: unknown; readonly stats?: unknown } | null
  readonly networks?: unknown
}

/**
 * Memory used as the docker CLI counts it (stats_helpers.go, calculateMemUsageUnixNoCache): usage less
 * `total_inactive_file` (cgroup v1), else less `inactive_file` (v2), where that is below usage; else usage.
 */
export function memoryUsed(usage: number, inactiveV1: number | null, inactiveV2: number | null): number {
  if (inactiveV1 !== null && inactiveV1 < usage) return usage - inactiveV1
  return inactiveV2 !== null && inactiveV2 < usage ? usage - inactiveV2 : usage
}

/** The counters of a container whose network is another's: counted there, and not a second time here. */
export function withoutNetwork(counters: Counters): Counters {
  return {
    ...counters,
    receivedBytes: null,
    sentBytes: null,
    receivedPackets: null,
    sentPackets: null,
    receiveErrors: null,
    sendErrors: null,
    receiveDrops: null,
    sendDrops: null,
  }
}

function cpusOf(cpu: NonNullable<StatsAnswer['cpu_stats']>): number {
  const online = number(cpu.online_cpus) ?? 0
  const perCpu = cpu.cpu_usage?.percpu_usage
  return online > 0 ? online : Array.isArray(perCpu) ? perCpu.length : 0
}

/**
 * The counters of an engine's statistics answer, or `null` when it holds no data. A stopped or restarting container, and a
 * collection that failed, come as HTTP 200 with all zeros, a `read` of the year 1 and no memory usage: that is not 0 %.
 */
export function countersOfApi(answer: unknown): Counters | null {
  if (typeof answer !== 'object' || answer === null) return null
  const stats = answer as StatsAnswer
  const { read, cpu_stats: cpu, memory_stats: memory, networks, blkio_stats, pids_stats } = stats
  const at = typeof read === 'string' ? parseIsoTime(read) : null
  const cpuNs = number(cpu?.cpu_usage?.total_usage)
  const usage = number(memory?.usage)
  if (at === null || cpuNs === null || usage === null || cpu == null) return null
  const levels = memory?.stats as { total_inactive_file?: unknown; inactive_file?: unknown } | null | undefined
  const limit = number(memory?.limit)
  const bytes = blkio_stats?.io_service_bytes_recursive
  const block = blockSum(Array.isArray(bytes) ? bytes : [])
  return {
    ...detailsOfApi(stats),
    at,
    steadyMs: null,
    cpuNs,
    hostCpuNs: number(cpu.system_cpu_usage),
    cpus: cpusOf(cpu),
    periods: number(cpu.throttling_data?.periods),
    throttledPeriods: number(cpu.throttling_data?.throttled_periods),
    memoryUsedBytes: memoryUsed(usage, number(levels?.total_inactive_file), number(levels?.inactive_file)),
    memoryLimitBytes: limit !== null && limit > 0 ? limit : null,
    receivedBytes: networkSum(networks, 'rx_bytes'),
    sentBytes: networkSum(networks, 'tx_bytes'),
    readBytes: block.read,
    writtenBytes: block.written,
    pids: number(pids_stats?.current),
  }
}
