/**
 * How much CPU and memory this process's container uses, and may use: by its cgroup (version 1 or 2) where that has a
 * limit, else by the counters of the process.
 */

export interface Reading {
  /** On the clock of `Meter.read`, which never goes back. */
  readonly atMs: number
  /** CPU time since the start of the container or process. */
  readonly cpuMs: number
  readonly memoryBytes: number
}

export interface Limits {
  readonly source: 'cgroup-v1' | 'cgroup-v2' | 'process'
  readonly cpuCores: number
  /** The limit, else the memory of the host. */
  readonly memoryBytes: number
  readonly memoryLimited: boolean
}

export interface Meter {
  readonly limits: Limits
  readonly read: () => Reading
}

/** What the process knows without a cgroup; passed in so that every kind of host can be tested on one. */
export interface Host {
  /** The text of a file; throws when it is not there. */
  readonly readFile: (path: string) => string
  readonly cores: number
  readonly memoryBytes: number
  readonly process: () => Reading
}

interface Cgroup {
  readonly source: 'cgroup-v1' | 'cgroup-v2'
  /** `null` is no limit. */
  readonly cpuCores: number | null
  readonly memoryBytes: number | null
  readonly cpuMs: () => number
  readonly memoryUsed: () => number
}

const ROOT = '/sys/fs/cgroup'

/** A field of a `name value` file such as memory.stat; 0 when it has none. */
export function fieldOf(text: string, name: string): number {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)
  return found === null ? 0 : Number(found[1])
}

function ratio(quota: number, period: number): number | null {
  return quota > 0 && period > 0 ? quota / period : null
}

function version2({ readFile }: Host): Cgroup {
  const [quota, period] = readFile(`${ROOT}/cpu.max`).trim().split(' ').map(Number)
  const memoryMax = Number(readFile(`${ROOT}/memory.max`).trim())
  return {
    source: 'cgroup-v2',
    // `max 100000` is no limit: Number('max') is NaN and NaN > 0 is false.
    cpuCores: ratio(quota ?? Number.NaN, period ?? Number.NaN),
    memoryBytes: Number.isNaN(memoryMax) ? null : memoryMax,
    cpuMs: () => fieldOf(readFile(`${ROOT}/cpu.stat`), 'usage_usec') / 1000,
    memoryUsed: () =>
      Number(readFile(`${ROOT}/memory.current`)) - fieldOf(readFile(`${ROOT}/memory.stat`), 'inactive_file'),
  }
}

function version1({ readFile, memoryBytes }: Host): Cgroup {
  const memoryMax = Number(readFile(`${ROOT}/memory/memory.limit_in_bytes`))
  const quota = Number(readFile(`${ROOT}/cpu/cpu.cfs_quota_us`))
  return {
    source: 'cgroup-v1',
    cpuCores: ratio(quota, Number(readFile(`${ROOT}/cpu/cpu.cfs_period_us`))),
    // Without a limit the file says 2^63 less a page.
    memoryBytes: memoryMax < memoryBytes ? memoryMax : null,
    cpuMs: () => Number(readFile(`${ROOT}/cpuacct/cpuacct.usage`)) / 1e6,
    memoryUsed: () =>
      Number(readFile(`${ROOT}/memory/memory.usage_in_bytes`)) -
      fieldOf(readFile(`${ROOT}/memory/memory.stat`), 'total_inactive_file'),
  }
}

function cgroupOf(host: Host): Cgroup | null {
  for (const find of [version2, version1]) {
    try {
      const cgroup = find(host)
      cgroup.cpuMs()
      cgroup.memoryUsed()
      // A cgroup without any limit may be the whole host's: on version 1 that is what a process outside sees.
      if (cgroup.cpuCores !== null || cgroup.memoryBytes !== null) return cgroup
    } catch {
      // Not this version, or its files are hidden: the next way.
    }
  }
  return null
}

/** The meter of this container. Its `read` throws only if a file that was readable at the start is so no more. */
export function meterOf(host: Host): Meter {
  const cgroup = cgroupOf(host)
  if (cgroup === null) {
    const limits = {
      source: 'process' as const,
      cpuCores: host.cores,
      memoryBytes: host.memoryBytes,
      memoryLimited: false,
    }
    return { limits, read: host.process }
  }
  return {
    limits: {
      source: cgroup.source,
      cpuCores: cgroup.cpuCores ?? host.cores,
      memoryBytes: cgroup.memoryBytes ?? host.memoryBytes,
      memoryLimited: cgroup.memoryBytes !== null,
    },
    read: () => ({ atMs: host.process().atMs, cpuMs: cgroup.cpuMs(), memoryBytes: cgroup.memoryUsed() }),
  }
}

/** CPU between two readings in percent of one core; `null` when the counter or the clock did not go on. */
export function cpuPercentBetween(before: Reading, after: Reading): number | null {
  const wallMs = after.atMs - before.atMs
  const cpuMs = after.cpuMs - before.cpuMs
  return wallMs > 0 && cpuMs >= 0 ? (cpuMs / wallMs) * 100 : null
}
