/**
 * Reads the host's numbers from its files: CPU, memory, disks, network and sensors of the machine, not of the container
 * that this runs in. Joining: `createHostReader` once, `look()` every few seconds, `view()` for the newest.
 */
import { statfs } from 'node:fs/promises'
import type { DiskView, HostAnswer } from '@plimsoll/contracts/host'
import type { EpochMs } from '@plimsoll/contracts/time'
import {
  deviceViews,
  diskCountsOf,
  diskView,
  type HostLook,
  hostCpuView,
  interfaceCountsOf,
  interfaceViews,
  loadOf,
  mountsBelow,
  pressurePercentOf,
  upSecondsOf,
} from '../core/host.ts'
import { newHostCpu, takeProcStat } from '../core/host-cpu.ts'
import { isHostProc, pidsIn } from '../core/host-proc.ts'
import { type KernelFiles, textOf } from '../core/kernel-files.ts'
import { hostMemoryOf } from '../core/meminfo.ts'

export interface HostReaderOptions {
  readonly files: KernelFiles
  /** The host's /proc. */
  readonly proc: string
  /** The host's /sys; the sensors in it are the host's in every container. */
  readonly sys: string
  /** The host's root folder, where somebody mounted it; its disks are then told of one by one. */
  readonly root: string
  /** Folders whose disks are told of by default: what is mounted here of the engine and the project. */
  readonly folders: readonly { readonly name: string; readonly path: string }[]
  readonly now: () => EpochMs
  readonly steadyMs: () => number
}

export type HostNumbers = Omit<HostAnswer, 'host'>

export interface HostReader {
  /** Takes a look; what changes slowly is read every 10 s. Never rejects. */
  look(): Promise<HostNumbers>
  /** The newest look; `null` before the first. */
  view(): HostNumbers | null
}

/** Disks fill, rooms warm up and processes come and go slowly. */
const SLOW_MS = 10_000
/** A disk that does not answer in this time is left out. */
const STATFS_DEADLINE_MS = 2_000
const MAX_DISKS = 32
const MAX_SENSORS = 32

interface Slow {
  readonly disks: readonly DiskView[]
  readonly processes: number | null
  readonly temperatures: HostAnswer['temperatures']
}

/** Without the host's /proc mounted, CPU and memory are the host's all the same, processes and network are not. */
interface Seeing extends HostReaderOptions {
  readonly isHost: boolean
}

export function createHostReader(parts: HostReaderOptions): HostReader {
  const options: Seeing = { ...parts, isHost: isHostProc(parts.files, parts.proc) }
  let before: HostLook | null = null
  let slow: Slow = { disks: [], processes: null, temperatures: [] }
  let slowAtMs = Number.NEGATIVE_INFINITY
  let newest: HostNumbers | null = null
  return {
    view: () => newest,
    look: async () => {
      const now = takeLook(options)
      if (now.steadyMs - slowAtMs >= SLOW_MS) {
        slowAtMs = now.steadyMs
        slow = await readSlow(options)
      }
      newest = { ...viewOf(options, before, now), ...slow }
      before = now
      return newest
    },
  }
}

function takeLook({ files, proc, isHost, steadyMs }: Seeing): HostLook {
  const cpu = newHostCpu()
  let readable = true
  try {
    takeProcStat(files.bytes, files.readOnce(`${proc}/stat`), cpu)
  } catch {
    readable = false
  }
  return {
    steadyMs: steadyMs(),
    cpu: readable ? cpu : null,
    disks: diskCountsOf(textOf(files, `${proc}/diskstats`) ?? ''),
    // Not `net/dev`: that is the reader's own network, also when read through the host's /proc.
    interfaces: interfaceCountsOf(isHost ? (textOf(files, `${proc}/1/net/dev`) ?? '') : ''),
  }
}

function viewOf({ files, proc, now }: HostReaderOptions, before: HostLook | null, look: HostLook) {
  const read = (name: string) => textOf(files, `${proc}/${name}`) ?? ''
  const memory = hostMemoryOf(read('meminfo'))
  const load = loadOf(read('loadavg'))
  const used = memory?.availableBytes == null ? null : memory.totalBytes - memory.availableBytes
  const swap = memory?.swapTotalBytes == null ? null : memory
  return {
    at: now(),
    why: look.cpu === null ? `${proc}/stat cannot be read` : null,
    cpu: hostCpuView(before?.cpu ?? null, look.cpu),
    load: load?.load ?? null,
    threads: load?.threads ?? null,
    memory:
      memory === null
        ? null
        : {
            totalBytes: memory.totalBytes,
            usedBytes: used,
            availableBytes: memory.availableBytes,
            cacheBytes: memory.cacheBytes,
            percent: used === null ? null : (used / memory.totalBytes) * 100,
          },
    swap:
      swap === null
        ? null
        : { totalBytes: swap.swapTotalBytes ?? 0, usedBytes: (swap.swapTotalBytes ?? 0) - (swap.swapFreeBytes ?? 0) },
    devices: deviceViews(before, look),
    interfaces: interfaceViews(before, look),
    pressure: pressureOf(read),
    upSeconds: upSecondsOf(read('uptime')),
  }
}

function pressureOf(read: (name: string) => string): HostAnswer['pressure'] {
  const [cpu, memory, io] = ['cpu', 'memory', 'io'].map((of) => pressurePercentOf(read(`pressure/${of}`)))
  if (cpu == null || memory == null || io == null) return null
  return { cpuPercent: cpu, memoryPercent: memory, ioPercent: io }
}

async function readSlow(options: Seeing): Promise<Slow> {
  const { files, proc } = options
  return {
    disks: await readDisks(options),
    processes: options.isHost ? pidsIn(files, proc).length : null,
    temperatures: readTemperatures(options),
  }
}

/** The disks of the folders, and of all mounts of the host where its root can be seen; each disk once. */
async function readDisks({ files, root, folders }: HostReaderOptions): Promise<readonly DiskView[]> {
  const mounts = mountsBelow(textOf(files, '/proc/self/mounts') ?? '', root)
  const ofHost = mounts.map((path) => ({ name: path.slice(root.length) || '/', path }))
  const disks: DiskView[] = []
  for (const { name, path } of [...folders, ...ofHost].slice(0, MAX_DISKS)) {
    const disk = await readDisk(name, path)
    const same = (other: DiskView) =>
      disk !== null && other.totalBytes === disk.totalBytes && other.usedBytes === disk.usedBytes
    if (disk !== null && !disks.some(same)) disks.push(disk)
  }
  return disks
}

async function readDisk(name: string, path: string): Promise<DiskView | null> {
  const deadline = AbortSignal.timeout(STATFS_DEADLINE_MS)
  const late = new Promise<null>((resolve) => deadline.addEventListener('abort', () => resolve(null), { once: true }))
  try {
    const answer = await Promise.race([statfs(path), late])
    return answer === null ? null : diskView(name, answer)
  } catch {
    // Not mounted, or not for us: no disk to tell of.
    return null
  }
}

function readTemperatures({ files, sys }: HostReaderOptions): HostAnswer['temperatures'] {
  const found: { name: string; celsius: number }[] = []
  const add = (name: string | null, milliCelsius: string | null) => {
    const celsius = Number(milliCelsius?.trim() || Number.NaN) / 1000
    // A sensor that is not connected answers with nonsense.
    if (name !== null && celsius > -50 && celsius < 200 && found.length < MAX_SENSORS)
      found.push({ name: name.trim(), celsius })
  }
  for (const chip of files.names(`${sys}/class/hwmon`)) {
    const folder = `${sys}/class/hwmon/${chip}`
    for (const file of files.names(folder).filter((name) => /^temp\d+_input$/.test(name))) {
      const label = textOf(files, `${folder}/${file.replace('_input', '_label')}`)
      const of = textOf(files, `${folder}/name`)
      add(label === null ? of : `${of?.trim() ?? chip} ${label}`, textOf(files, `${folder}/${file}`))
    }
  }
  if (found.length > 0) return found
  for (const zone of files.names(`${sys}/class/thermal`).filter((name) => name.startsWith('thermal_zone')))
    add(textOf(files, `${sys}/class/thermal/${zone}/type`), textOf(files, `${sys}/class/thermal/${zone}/temp`))
  return found
}
