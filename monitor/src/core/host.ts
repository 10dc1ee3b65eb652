/** The host's numbers from what its files say: two looks make rates. */
import type { DeviceView, HostAnswer, HostCpuView, InterfaceView } from '@plimsoll/contracts/host'
import type { HostCpu } from './host-cpu.ts'

/** What `/proc/diskstats` counts of a disk since the start of the host. */
export interface DiskCounts {
  readonly name: string
  readonly reads: number
  readonly readBytes: number
  readonly writes: number
  readonly writtenBytes: number
  readonly busyMs: number
}

/** What `/proc/1/net/dev` counts of an interface since it came up. */
export interface InterfaceCounts {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly errors: number
  readonly drops: number
}

/** One look at what changes all the time; `null` is not readable. */
export interface HostLook {
  /** On a clock that nobody sets. */
  readonly steadyMs: number
  readonly cpu: Readonly<HostCpu> | null
  readonly disks: readonly DiskCounts[]
  readonly interfaces: readonly InterfaceCounts[]
}

/** The kernel counts sectors of this size whatever the disk's own is. */
const SECTOR_BYTES = 512
/** Not disks of their own: memory, images of files, and the parts of a disk. */
const PART = /^(loop|ram|zram|fd|sr)\d+$|^([sv]d|xvd|hd)[a-z]+\d+$|^(nvme\d+n\d+|mmcblk\d+)p\d+$/
/** Both ends of a container's cable are its own traffic, and there may be hundreds. */
const NOT_OUTSIDE = /^(lo|veth.*|ifb\d+|dummy\d+)$/

const linesOf = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/\s+/))

/** The whole disks of `/proc/diskstats` that have ever done something. */
export function diskCountsOf(text: string): readonly DiskCounts[] {
  return linesOf(text).flatMap(([, , name = '', ...fields]) => {
    const [reads = 0, , sectorsRead = 0, , writes = 0, , sectorsWritten = 0, , , busyMs = 0] = fields.map(Number)
    if (name === '' || PART.test(name) || reads + writes === 0) return []
    const [readBytes, writtenBytes] = [sectorsRead * SECTOR_BYTES, sectorsWritten * SECTOR_BYTES]
    return [{ name, reads, readBytes, writes, writtenBytes, busyMs }]
  })
}

/** The interfaces of a `net/dev` file that lead out of the host or to its containers. */
export function interfaceCountsOf(text: string): readonly InterfaceCounts[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*([^\s:|]+):\s*(.*)$/.exec(line)
    if (found === null || NOT_OUTSIDE.test(found[1] ?? '')) return []
    const [receivedBytes = 0, , e1 = 0, d1 = 0, , , , , sentBytes = 0, , e2 = 0, d2 = 0] = (found[2] ?? '')
      .split(/\s+/)
      .map(Number)
    return [{ name: found[1] ?? '', receivedBytes, sentBytes, errors: e1 + e2, drops: d1 + d2 }]
  })
}

/** The CPU shares between two looks; `null` without two of one run of the host, or without time between them. */
export function hostCpuView(before: Readonly<HostCpu> | null, now: Readonly<HostCpu> | null): HostCpuView | null {
  if (before === null || now === null) return null
  // A mode may run backwards by a tick where the kernel corrects what it had counted as idle: that is no time.
  const grown = (mode: Exclude<keyof HostCpu, 'cpus'>) => Math.max(0, now[mode] - before[mode])
  const [user, nice, system, idle] = [grown('userNs'), grown('niceNs'), grown('systemNs'), grown('idleNs')]
  const [iowait, irq, softirq, steal] = [grown('iowaitNs'), grown('irqNs'), grown('softirqNs'), grown('stealNs')]
  const all = user + nice + system + idle + iowait + irq + softirq + steal
  if (!(all > 0)) return null
  const share = (ns: number) => (ns / all) * 100
  return {
    percent: share(all - idle - iowait),
    userPercent: share(user),
    nicePercent: share(nice),
    systemPercent: share(system),
    iowaitPercent: share(iowait),
    irqPercent: share(irq),
    softirqPercent: share(softirq),
    stealPercent: share(steal),
    cpus: now.cpus,
  }
}

/** Growth per second; `null` without time between the looks, or when the count went backwards (it began anew). */
function perSecond(before: number | undefined, now: number, elapsedMs: number): number | null {
  if (before === undefined || elapsedMs <= 0 || now < before) return null
  return ((now - before) / elapsedMs) * 1000
}

/** What the disks did between two looks. */
export function deviceViews(before: HostLook | null, now: HostLook): readonly DeviceView[] {
  const elapsedMs = before === null ? 0 : now.steadyMs - before.steadyMs
  return now.disks.map((disk) => {
    const old = before?.disks.find(({ name }) => name === disk.name)
    const busy = perSecond(old?.busyMs, disk.busyMs, elapsedMs)
    return {
      name: disk.name,
      readBytesPerSecond: perSecond(old?.readBytes, disk.readBytes, elapsedMs),
      writtenBytesPerSecond: perSecond(old?.writtenBytes, disk.writtenBytes, elapsedMs),
      readsPerSecond: perSecond(old?.reads, disk.reads, elapsedMs),
      writesPerSecond: perSecond(old?.writes, disk.writes, elapsedMs),
      busyPercent: busy === null ? null : Math.min(100, busy / 10),
    }
  })
}

/** What went over the interfaces between two looks. */
export function interfaceViews(before: HostLook | null, now: HostLook): readonly InterfaceView[] {
  const elapsedMs = before === null ? 0 : now.steadyMs - before.steadyMs
  return now.interfaces.map((counts) => {
    const old = before?.interfaces.find(({ name }) => name === counts.name)
    return {
      ...counts,
      receivedBytesPerSecond: perSecond(old?.receivedBytes, counts.receivedBytes, elapsedMs),
      sentBytesPerSecond: perSecond(old?.sentBytes, counts.sentBytes, elapsedMs),
    }
  })
}

/** `/proc/loadavg`: the load, and how many threads there are. `null` when it is not one. */
export function loadOf(
  text: string,
): { readonly load: NonNullable<HostAnswer['load']>; readonly threads: number } | null {
  const found = /^([\d.]+) ([\d.]+) ([\d.]+) \d+\/(\d+) /.exec(text)
  if (found === null) return null
  const [one = 0, five = 0, fifteen = 0, threads = 0] = found.slice(1).map(Number)
  return { load: { one, five, fifteen }, threads }
}

/** `/proc/uptime` in seconds. */
export function upSecondsOf(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?) /.exec(text)
  return found === null ? null : Number(found[1])
}

/** The share of the last 10 s in which some thread waited, from a `/proc/pressure` file. */
export function pressurePercentOf(text: string): number | null {
  const found = /^some avg10=([\d.]+) /.exec(text)
  return found === null ? null : Number(found[1])
}

/** What statfs answers, as far as it is used; counts of blocks. */
export interface FileSystem {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
  readonly files: number
  readonly ffree: number
}

/** How full a file system is; `null` for one without blocks, which is no disk. */
export function diskView(name: string, fs: FileSystem): HostAnswer['disks'][number] | null {
  if (fs.blocks === 0) return null
  const usedBlocks = fs.blocks - fs.bfree
  const usable = usedBlocks + fs.bavail
  return {
    name,
    totalBytes: fs.blocks * fs.bsize,
    usedBytes: usedBlocks * fs.bsize,
    availableBytes: fs.bavail * fs.bsize,
    percent: usable === 0 ? 100 : (usedBlocks / usable) * 100,
    inodesPercent: fs.files === 0 ? null : ((fs.files - fs.ffree) / fs.files) * 100,
  }
}

/** File systems that hold nothing on a disk of this machine, or may keep a question about them waiting for ever. */
const DISK_TYPES = /^(ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|vfat|exfat|ntfs3?|fuseblk|reiserfs|jfs)$/

/** Where disks are mounted below `root`, from `/proc/self/mounts`: each device once, at its shortest path. */
export function mountsBelow(text: string, root: string): readonly string[] {
  const byDevice = new Map<string, string>()
  for (const [device = '', octal = '', type = ''] of linesOf(text)) {
    const path = octal.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
    if (!DISK_TYPES.test(type) || (path !== root && !path.startsWith(`${root}/`))) continue
    const before = byDevice.get(device)
    if (before === undefined || path.length < before.length) byDevice.set(device, path)
  }
  return [...byDevice.values()].sort()
}
