/** `/proc/stat`: the CPU time of the host, by mode and as the engine sums it, and how many CPUs are online. */
import { digitsAt, isWordAt, nextLine, skipSpaces, wordEnd, wordOf } from './bytes.ts'

/** The kernel tells user space 100 ticks a second on every machine that Docker runs on. */
const TICK_NS = 1e7

/** CPU time since the start of the host, by mode, in nanoseconds; the guests' time is part of `user` and `nice`. */
export interface HostCpu {
  userNs: number
  niceNs: number
  systemNs: number
  idleNs: number
  iowaitNs: number
  irqNs: number
  softirqNs: number
  /** Time that the hypervisor gave to somebody else. */
  stealNs: number
  /** CPUs online. */
  cpus: number
}

// biome-ignore format: in the order of the columns
export const CPU_MODES = ['userNs', 'niceNs', 'systemNs', 'idleNs', 'iowaitNs', 'irqNs', 'softirqNs', 'stealNs'] as const

/** What the engine sums for `system_cpu_usage`: the first seven columns, steal left out (readSystemCPUUsage). */
export const ENGINE_COLUMNS = 7

export function newHostCpu(): HostCpu {
  const unknown = Object.fromEntries(CPU_MODES.map((mode) => [mode, Number.NaN]))
  return { ...(unknown as Record<(typeof CPU_MODES)[number], number>), cpus: 0 }
}

const CPU = wordOf('cpu')

/** Reads `/proc/stat` into `into`. */
export function takeProcStat(bytes: Uint8Array, end: number, into: HostCpu): void {
  let at = CPU.length
  for (const mode of CPU_MODES) {
    at = skipSpaces(bytes, at, end)
    into[mode] = digitsAt(bytes, at, end) * TICK_NS
    at = wordEnd(bytes, at, end)
  }
  into.cpus = 0
  let line = nextLine(bytes, 0, end)
  for (; line < end && isWordAt(bytes, line, CPU); line = nextLine(bytes, line, end)) into.cpus++
}

/** The engine's sum; NaN when nothing was read. */
export function engineSumNs(cpu: HostCpu): number {
  const { userNs, niceNs, systemNs, idleNs, iowaitNs, irqNs, softirqNs } = cpu
  return userNs + niceNs + systemNs + idleNs + iowaitNs + irqNs + softirqNs
}

/** Where the host's CPU time stood at a moment of the steady clock. */
export interface HostClock {
  readonly sumNs: number
  readonly steadyMs: number
  readonly cpus: number
}

/**
 * The host's CPU time finer than `/proc/stat` tells it. Each of the seven columns is cut to 10 ms, so the true sum lies
 * somewhere in the 70 ms above the one read: of 200 ms between two looks at ten a second that is a third. Between two
 * readings the sum grows by the number of CPUs times the time that went by, so the last value is carried on with that
 * and kept inside the bounds that the new reading sets.
 */
export function advanceHostClock(before: HostClock | null, cpu: HostCpu, steadyMs: number): HostClock {
  const readNs = engineSumNs(cpu)
  if (before === null || before.cpus !== cpu.cpus || readNs < before.sumNs - ENGINE_COLUMNS * TICK_NS)
    return { sumNs: readNs, steadyMs, cpus: cpu.cpus }
  const sumNs = Math.min(Math.max(hostCpuAt(before, steadyMs), readNs), readNs + ENGINE_COLUMNS * TICK_NS)
  return { sumNs, steadyMs, cpus: cpu.cpus }
}

/** The host's CPU time a moment after the last reading. */
export function hostCpuAt(clock: HostClock, steadyMs: number): number {
  return clock.sumNs + (steadyMs - clock.steadyMs) * clock.cpus * 1e6
}
