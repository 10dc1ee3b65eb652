/**
 * One look at a container's cgroup files: which files there are to read, and how the counts gathered from them become
 * `Counters`. The readers of both cgroup versions fill one `Look` per container, over and over, so that nothing is
 * allocated while they do.
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import { known } from './bytes.ts'
import { type Counters, memoryUsed } from './counters.ts'

/** What the files said so far, in the units of `Counters`; NaN is unknown. */
export interface Look {
  cpuNs: number
  userCpuNs: number
  systemCpuNs: number
  periods: number
  throttledPeriods: number
  throttledNs: number
  memoryUsageBytes: number
  memoryLimitBytes: number
  memoryCacheBytes: number
  memoryRssBytes: number
  memorySwapBytes: number
  memoryPeakBytes: number
  memoryFailures: number
  oomKills: number
  inactiveFileBytes: number
  activeFileBytes: number
  slabReclaimableBytes: number
  readBytes: number
  writtenBytes: number
  readOperations: number
  writeOperations: number
  pids: number
  pidsLimit: number
  cpuPressurePercent: number
  memoryPressurePercent: number
  ioPressurePercent: number
  receivedBytes: number
  sentBytes: number
  receivedPackets: number
  sentPackets: number
  receiveErrors: number
  sendErrors: number
  receiveDrops: number
  sendDrops: number
}

const U = Number.NaN

/** A look at nothing yet. Every field is a fraction at first, so that the engine keeps them all as plain doubles. */
export function newLook(): Look {
  return {
    cpuNs: U,
    userCpuNs: U,
    systemCpuNs: U,
    periods: U,
    throttledPeriods: U,
    throttledNs: U,
    memoryUsageBytes: U,
    memoryLimitBytes: U,
    memoryCacheBytes: U,
    memoryRssBytes: U,
    memorySwapBytes: U,
    memoryPeakBytes: U,
    memoryFailures: U,
    oomKills: U,
    inactiveFileBytes: U,
    activeFileBytes: U,
    slabReclaimableBytes: U,
    readBytes: U,
    writtenBytes: U,
    readOperations: U,
    writeOperations: U,
    pids: U,
    pidsLimit: U,
    cpuPressurePercent: U,
    memoryPressurePercent: U,
    ioPressurePercent: U,
    receivedBytes: U,
    sentBytes: U,
    receivedPackets: U,
    sentPackets: U,
    receiveErrors: U,
    sendErrors: U,
    receiveDrops: U,
    sendDrops: U,
  }
}

/**
 * When a file is read: at `each` look; when the container was `active`, for one that used no CPU time and holds as many
 * bytes of memory as before has forked nothing, was held back by nothing and has the same memory statistics; when it has
 * `written` to or read from a disk; and `slow`, now and then, what nobody misses for some seconds (limits, peaks, rare
 * counts). At the slow pace all are read: the kernel may move pages between its lists without the container.
 */
export type Pace = 'each' | 'active' | 'written' | 'slow'

/** What a look begins with, to tell whether anything has happened since. */
export interface Signs {
  cpuNs: number
  memoryUsageBytes: number
  blockBytes: number
}

/** Remembers where a look stands before it is taken anew. */
export function noteSigns(look: Look, signs: Signs): void {
  signs.cpuNs = look.cpuNs
  signs.memoryUsageBytes = look.memoryUsageBytes
  signs.blockBytes = look.readBytes + look.writtenBytes
}

/** Whether a file of this pace is to be read, once those of `each` look have been. */
export function isDue(pace: Pace, look: Look, before: Signs): boolean {
  switch (pace) {
    case 'each':
      return true
    case 'active':
      // Unknown is not equal to itself: what cannot be told is read.
      return look.cpuNs !== before.cpuNs || look.memoryUsageBytes !== before.memoryUsageBytes
    case 'written':
      return look.readBytes + look.writtenBytes !== before.blockBytes
    case 'slow':
      return false
  }
}

/** A file of a cgroup. */
export interface CgroupFile {
  /** The controller whose tree it lies in, on cgroup v1; on v2 there is one tree. */
  readonly controller: 'cpuacct' | 'cpu' | 'memory' | 'blkio' | 'pids'
  readonly name: string
  readonly pace: Pace
  /** Puts what the first `end` bytes say into the look. */
  readonly take: (bytes: Uint8Array, end: number, look: Look) => void
}

/** When a look was taken, and what the host counted at that moment. */
export interface Moment {
  readonly at: EpochMs
  readonly steadyMs: number
  readonly hostCpuNs: number
  readonly cpus: number
  /** The memory of the host: the limit of a container without one, as the engine has it. */
  readonly memoryBytes: number
}

function memoryOf(look: Look, hostBytes: number) {
  const usage = look.memoryUsageBytes
  const inactive = known(look.inactiveFileBytes)
  const file = (inactive ?? 0) + (known(look.activeFileBytes) ?? 0) + (known(look.slabReclaimableBytes) ?? 0)
  const limit = look.memoryLimitBytes < hostBytes ? look.memoryLimitBytes : hostBytes
  const accounted = !Number.isNaN(usage)
  return {
    memoryUsedBytes: accounted ? memoryUsed(usage, inactive, null) : null,
    memoryLimitBytes: accounted ? limit : null,
    memoryPinnedBytes: accounted && inactive !== null ? Math.max(0, usage - file) : null,
    memoryCacheBytes: known(look.memoryCacheBytes),
    memoryRssBytes: known(look.memoryRssBytes),
    memorySwapBytes: known(look.memorySwapBytes),
    memoryPeakBytes: known(look.memoryPeakBytes),
    memoryFailures: known(look.memoryFailures),
    oomKills: known(look.oomKills),
  }
}

/** The look as the counters that the engine would have told; `null` when its CPU time could not be read. */
export function countersOfLook(look: Look, moment: Moment): Counters | null {
  if (Number.isNaN(look.cpuNs)) return null
  const { at, steadyMs, hostCpuNs, cpus } = moment
  return {
    at,
    steadyMs,
    hostCpuNs,
    cpus,
    cpuNs: look.cpuNs,
    userCpuNs: known(look.userCpuNs),
    systemCpuNs: known(look.systemCpuNs),
    periods: known(look.periods),
    throttledPeriods: known(look.throttledPeriods),
    throttledNs: known(look.throttledNs),
    ...memoryOf(look, moment.memoryBytes),
    readBytes: known(look.readBytes),
    writtenBytes: known(look.writtenBytes),
    readOperations: known(look.readOperations),
    writeOperations: known(look.writeOperations),
    pids: known(look.pids),
    pidsLimit: known(look.pidsLimit),
    cpuPressurePercent: known(look.cpuPressurePercent),
    memoryPressurePercent: known(look.memoryPressurePercent),
    ioPressurePercent: known(look.ioPressurePercent),
    receivedBytes: known(look.receivedBytes),
    sentBytes: known(look.sentBytes),
    receivedPackets: known(look.receivedPackets),
    sentPackets: known(look.sentPackets),
    receiveErrors: known(look.receiveErrors),
    sendErrors: known(look.sendErrors),
    receiveDrops: known(look.receiveDrops),
    sendDrops: known(look.sendDrops),
  }
}
