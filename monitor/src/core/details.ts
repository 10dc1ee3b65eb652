/** What counts of a container beyond the numbers that `docker stats` prints. */

/**
 * Counts since the container started, and levels. `null` is not told by this source, or does not exist on this kernel:
 * the engine's answer has no swap, no peak on cgroup v2, no operations on cgroup v2 and never a pressure.
 */
export interface Details {
  /** CPU time in the container's own code and in the kernel for it; on cgroup v1 in steps of 10 ms. */
  readonly userCpuNs: number | null
  readonly systemCpuNs: number | null
  /** How long its threads were held back by the CPU limit. */
  readonly throttledNs: number | null
  /** Page cache: counts against the limit, but is given back before anything is killed. */
  readonly memoryCacheBytes: number | null
  /** Anonymous memory (heap, stacks): what the OOM killer weighs a process by, with its swap. */
  readonly memoryRssBytes: number | null
  readonly memorySwapBytes: number | null
  /** What the kernel cannot simply drop: usage less file cache. When this alone reaches the limit, the OOM killer comes. */
  readonly memoryPinnedBytes: number | null
  /** The highest usage, cache included, since the start. */
  readonly memoryPeakBytes: number | null
  /** cgroup v1: how often the limit was hit; v2: how often an allocation was about to fail for it. */
  readonly memoryFailures: number | null
  /** Processes killed for memory in it. */
  readonly oomKills: number | null
  readonly receivedPackets: number | null
  readonly sentPackets: number | null
  readonly receiveErrors: number | null
  readonly sendErrors: number | null
  readonly receiveDrops: number | null
  readonly sendDrops: number | null
  readonly readOperations: number | null
  readonly writeOperations: number | null
  /** `null` without a limit, too. */
  readonly pidsLimit: number | null
  /** Share of the last 10 s in which some thread waited for CPU, memory or a disk (PSI); cgroup v2 only. */
  readonly cpuPressurePercent: number | null
  readonly memoryPressurePercent: number | null
  readonly ioPressurePercent: number | null
}

/** The parts of the engine's statistics that the details are in. Anything may be missing. */
export interface DetailedStats {
  readonly pids_stats?: { readonly limit?: unknown } | null
  readonly blkio_stats?: { readonly io_serviced_recursive?: unknown } | null
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly usage_in_usermode?: unknown; readonly usage_in_kernelmode?: unknown } | null
    readonly throttling_data?: { readonly throttled_time?: unknown } | null
  } | null
  readonly memory_stats?: {
    readonly usage?: unknown
    readonly max_usage?: unknown
    readonly failcnt?: unknown
    readonly stats?: unknown
  } | null
  readonly networks?: unknown
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** The sum of one count over all interfaces; `null` without any. */
export function networkSum(networks: unknown, field: string): number | null {
  if (typeof networks !== 'object' || networks === null) return null
  let sum: number | null = null
  for (const name in networks) {
    const one = (networks as Record<string, Record<string, unknown> | null>)[name]
    sum = (sum ?? 0) + (number(one?.[field]) ?? 0)
  }
  return sum
}

/** The CLI's sum over a block table: operations that begin with R or W, of whatever device. */
export function blockSum(entries: readonly unknown[]): { readonly read: number; readonly written: number } {
  let read = 0
  let written = 0
  for (const entry of entries as readonly ({ op?: unknown; value?: unknown } | null)[]) {
    const first = typeof entry?.op === 'string' ? entry.op.charAt(0) : ''
    if (first === 'r' || first === 'R') read += number(entry?.value) ?? 0
    else if (first === 'w' || first === 'W') written += number(entry?.value) ?? 0
  }
  return { read, written }
}

type MemoryDetails = Pick<
  Details,
  | 'memoryCacheBytes'
  | 'memoryRssBytes'
  | 'memorySwapBytes'
  | 'memoryPinnedBytes'
  | 'memoryPeakBytes'
  | 'memoryFailures'
  | 'oomKills'
>

function memoryDetails(memory: DetailedStats['memory_stats']): MemoryDetails {
  const stats = (memory?.stats ?? {}) as Readonly<Record<string, unknown>>
  // cgroup v1 tells of the container and its children under `total_`, v2 only knows the whole.
  const of = (v1: string, v2: string) => number(stats[v1]) ?? number(stats[v2])
  const usage = number(memory?.usage)
  const file = (of('total_active_file', 'active_file') ?? 0) + (of('total_inactive_file', 'inactive_file') ?? 0)
  const slab = number(stats.slab_reclaimable) ?? 0
  const told = Object.keys(stats).length > 0
  return {
    memoryCacheBytes: of('total_cache', 'file'),
    memoryRssBytes: of('total_rss', 'anon'),
    memorySwapBytes: number(stats.total_swap),
    memoryPinnedBytes: told && usage !== null ? Math.max(0, usage - file - slab) : null,
    memoryPeakBytes: number(memory?.max_usage),
    // The engine leaves a 0 out.
    memoryFailures: number(memory?.failcnt) ?? (told ? 0 : null),
    oomKills: null,
  }
}

/** The details in an engine's statistics answer that holds data. */
export function detailsOfApi(answer: DetailedStats): Details {
  const { cpu_stats: cpu, memory_stats, networks, blkio_stats, pids_stats } = answer
  const operations = blkio_stats?.io_serviced_recursive
  const block = Array.isArray(operations) ? blockSum(operations) : null
  return {
    userCpuNs: number(cpu?.cpu_usage?.usage_in_usermode),
    systemCpuNs: number(cpu?.cpu_usage?.usage_in_kernelmode),
    throttledNs: number(cpu?.throttling_data?.throttled_time),
    ...memoryDetails(memory_stats),
    receivedPackets: networkSum(networks, 'rx_packets'),
    sentPackets: networkSum(networks, 'tx_packets'),
    receiveErrors: networkSum(networks, 'rx_errors'),
    sendErrors: networkSum(networks, 'tx_errors'),
    receiveDrops: networkSum(networks, 'rx_dropped'),
    sendDrops: networkSum(networks, 'tx_dropped'),
    readOperations: block?.read ?? null,
    writeOperations: block?.written ?? null,
    pidsLimit: number(pids_stats?.limit) || null,
    cpuPressurePercent: null,
    memoryPressurePercent: null,
    ioPressurePercent: null,
  }
}
