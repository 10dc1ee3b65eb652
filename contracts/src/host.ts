/** The host under the engine, as `GET /api/host` tells of it. */
import type { EpochMs } from './time.ts'

/** A share of the host's CPU time by what it was spent on; they and idle make 100. */
export interface HostCpuView {
  /** All but idle and waiting for disks: 100 is every CPU busy. */
  readonly percent: number
  readonly userPercent: number
  readonly nicePercent: number
  readonly systemPercent: number
  readonly iowaitPercent: number
  readonly irqPercent: number
  readonly softirqPercent: number
  /** What the hypervisor gave to somebody else. */
  readonly stealPercent: number
  readonly cpus: number
}

/** How full a disk is. */
export interface DiskView {
  /** `engine` (images, containers, volumes), `project` (the logs folder), or where it is mounted on the host. */
  readonly name: string
  readonly totalBytes: number
  readonly usedBytes: number
  /** What a program that is not root can still write. */
  readonly availableBytes: number
  /** As `df` counts: used as a share of used and available. */
  readonly percent: number
  /** Share of the inodes in use; `null` where the file system has no fixed number of them. */
  readonly inodesPercent: number | null
}

/** What a disk does; rates are `null` on the first look. */
export interface DeviceView {
  readonly name: string
  readonly readBytesPerSecond: number | null
  readonly writtenBytesPerSecond: number | null
  readonly readsPerSecond: number | null
  readonly writesPerSecond: number | null
  /** Share of the time in which it had something to do. */
  readonly busyPercent: number | null
}

/** What goes over an interface of the host; rates are `null` on the first look. */
export interface InterfaceView {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly receivedBytesPerSecond: number | null
  readonly sentBytesPerSecond: number | null
  /** Errors and drops of both directions since it came up. */
  readonly errors: number
  readonly drops: number
}

/** `GET /api/host`: the machine under the engine. `null` is not known, as on a machine whose files cannot be read. */
export interface HostAnswer {
  readonly at: EpochMs
  /** The engine's name, or `HOST_NAME`. */
  readonly host: string
  /** Why the host's files are not read; `null` when they are. */
  readonly why: string | null
  readonly cpu: HostCpuView | null
  readonly load: { readonly one: number; readonly five: number; readonly fifteen: number } | null
  readonly memory: {
    readonly totalBytes: number
    /** Total less what is available. */
    readonly usedBytes: number | null
    readonly availableBytes: number | null
    readonly cacheBytes: number | null
    readonly percent: number | null
  } | null
  readonly swap: { readonly totalBytes: number; readonly usedBytes: number } | null
  readonly disks: readonly DiskView[]
  readonly devices: readonly DeviceView[]
  readonly interfaces: readonly InterfaceView[]
  readonly processes: number | null
  readonly threads: number | null
  readonly temperatures: readonly { readonly name: string; readonly celsius: number }[]
  /** Share of the last 10 s in which something waited for it (PSI); `null` where the kernel does not tell. */
  readonly pressure: { readonly cpuPercent: number; readonly memoryPercent: number; readonly ioPercent: number } | null
  readonly upSeconds: number | null
  /** Where host-cpu, host-memory and host-disk fire: the marks of the page’s levels. */
  readonly thresholds?: { readonly cpuPercent: number; readonly memoryPercent: number; readonly diskPercent: number }
}
