/** The numbers of a container from two looks at its counters, by the docker CLI's own formulas (stats_helpers.go). */
import type { DetailNumbers } from '@plimsoll/contracts/details'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { Counters } from './counters.ts'

/** How much CPU time went by on the whole host between two looks; `null` when that cannot be told. */
function hostCpuDelta(before: Counters, now: Counters): number | null {
  if (before.hostCpuNs === null || now.hostCpuNs === null) return null
  const delta = now.hostCpuNs - before.hostCpuNs
  return delta > 0 ? delta : null
}

/**
 * `(cpuDelta / systemDelta) * onlineCPUs * 100`, as the CLI has it. `null` on the first look (the CLI's 0 there is no
 * measurement), and when a counter went backwards: the container was restarted, this look is a new baseline.
 */
function cpuPercent(before: Counters | null, now: Counters): number | null {
  if (before === null || now.cpus === 0) return null
  const host = hostCpuDelta(before, now)
  const own = now.cpuNs - before.cpuNs
  return host === null || own < 0 ? null : (own / host) * now.cpus * 100
}

/** The time between two looks, by the clock that nobody sets where both were dated with it. */
function elapsedBetween(before: Counters, now: Counters): number {
  return before.steadyMs === null || now.steadyMs === null ? now.at - before.at : now.steadyMs - before.steadyMs
}

/** A counter's growth per second; `null` without two readings, without time between them, or when it went backwards. */
function rate(before: number | null | undefined, now: number | null, elapsedMs: number): number | null {
  if (before == null || now === null || elapsedMs <= 0 || now < before) return null
  return ((now - before) / elapsedMs) * 1000
}

/** Share of the scheduling periods between two looks in which the quota ran out. 0 when no period went by: it was idle. */
function throttledPercent(before: Counters | null, now: Counters): number | null {
  if (before?.periods == null || before.throttledPeriods === null) return null
  if (now.periods === null || now.throttledPeriods === null) return null
  const periods = now.periods - before.periods
  const throttled = now.throttledPeriods - before.throttledPeriods
  if (periods < 0 || throttled < 0) return null
  return periods === 0 ? 0 : (throttled / periods) * 100
}

/** Two counts together; `null` without one of them. */
function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}

/** CPU time as a share of one core of wall time; `null` as `rate` is. */
function coreShare(before: number | null | undefined, now: number | null, elapsedMs: number): number | null {
  const nsPerSecond = rate(before, now, elapsedMs)
  return nsPerSecond === null ? null : nsPerSecond / 1e7
}

/** What is told of a container only when it is asked for; `before` as for `numbersOf`. */
export function detailsOf(before: Counters | null, now: Counters): DetailNumbers {
  const elapsedMs = before === null ? 0 : elapsedBetween(before, now)
  const { memoryCacheBytes, memoryRssBytes, memorySwapBytes, memoryPinnedBytes, memoryPeakBytes } = now
  const { memoryFailures, oomKills, pidsLimit, cpuPressurePercent, memoryPressurePercent, ioPressurePercent } = now
  return {
    cpuUserPercent: coreShare(before?.userCpuNs, now.userCpuNs, elapsedMs),
    cpuSystemPercent: coreShare(before?.systemCpuNs, now.systemCpuNs, elapsedMs),
    throttledPercentOfTime: coreShare(before?.throttledNs, now.throttledNs, elapsedMs),
    ...{ memoryCacheBytes, memoryRssBytes, memorySwapBytes, memoryPinnedBytes, memoryPeakBytes },
    ...{ memoryFailures, oomKills, pidsLimit, cpuPressurePercent, memoryPressurePercent, ioPressurePercent },
    receivedPacketsPerSecond: rate(before?.receivedPackets, now.receivedPackets, elapsedMs),
    sentPacketsPerSecond: rate(before?.sentPackets, now.sentPackets, elapsedMs),
    networkErrors: sum(now.receiveErrors, now.sendErrors),
    networkDrops: sum(now.receiveDrops, now.sendDrops),
    readOperationsPerSecond: rate(before?.readOperations, now.readOperations, elapsedMs),
    writeOperationsPerSecond: rate(before?.writeOperations, now.writeOperations, elapsedMs),
  }
}

/**
 * The numbers between two looks. `before` is the look before of the same run, or `null` on the first: then there are
 * levels but no CPU and no rates. `limitCores` comes from inspect (`null` without a limit): the statistics do not tell.
 * `responseMs` is not of this source and stays `null`.
 */
export function numbersOf(before: Counters | null, now: Counters, limitCores: number | null): Numbers {
  const elapsedMs = before === null ? 0 : elapsedBetween(before, now)
  const cpu = cpuPercent(before, now)
  const cores = limitCores === null ? now.cpus : Math.min(limitCores, now.cpus)
  const { memoryUsedBytes: used, memoryLimitBytes: limit } = now
  return {
    cpuPercent: cpu,
    cpuLimitPercent: cpu === null ? null : cpu / cores,
    cpuHostPercent: cpu === null ? null : cpu / now.cpus,
    throttledPercent: throttledPercent(before, now),
    memoryUsedBytes: used,
    memoryLimitBytes: limit,
    memoryPercent: used === null || limit === null ? null : (used / limit) * 100,
    networkReceivedBytes: now.receivedBytes,
    networkSentBytes: now.sentBytes,
    networkReceivedBytesPerSecond: rate(before?.receivedBytes, now.receivedBytes, elapsedMs),
    networkSentBytesPerSecond: rate(before?.sentBytes, now.sentBytes, elapsedMs),
    blockReadBytes: now.readBytes,
    blockWrittenBytes: now.writtenBytes,
    blockReadBytesPerSecond: rate(before?.readBytes, now.readBytes, elapsedMs),
    blockWrittenBytesPerSecond: rate(before?.writtenBytes, now.writtenBytes, elapsedMs),
    pids: now.pids,
    responseMs: null,
  }
}
