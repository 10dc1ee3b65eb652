/** What is read from the host's own files: the containers' counters, the host's numbers, the daemons' CPU time. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { type AskingCost, measureAsking } from './asking-cost.ts'
import { type KernelFiles, textOf } from './core/kernel-files.ts'
import { openCgroups } from './io/cgroup.ts'
import { watchDaemons } from './io/daemons.ts'
import { createHostReader, type HostReader } from './io/host.ts'
import { kernelFiles } from './io/kernel-files.ts'
import type { MonitorSettings } from './settings.ts'
import { openSources, type Sources } from './sources.ts'

/** Eight files a container: enough for two thousand of them, and most of what a process may open anywhere. */
const MAX_HANDLES = 16_384
/** Of the files that the process may open, the rest is for its connections. */
const HANDLES_SHARE = 0.75

/** Where the host's files are. */
export type HostPlaces = Pick<MonitorSettings, 'HOST_PROC' | 'HOST_CGROUP' | 'HOST_ROOT' | 'LOGS_DIR'>

export interface FromHost {
  readonly sources: Sources
  readonly asking: AskingCost
  readonly host: HostReader
}

export function openHostFiles(places: HostPlaces, now: () => EpochMs): FromHost {
  const { HOST_PROC: proc, HOST_CGROUP: cgroup, HOST_ROOT: root } = places
  const files = kernelFiles()
  const steadyMs = () => performance.now()
  const clocks = { files, proc, now, steadyMs }
  // What is mounted as our own root lies on the engine's disk, the logs folder on the project's.
  const folders = [
    { name: 'engine', path: '/' },
    { name: 'project', path: places.LOGS_DIR },
  ]
  return {
    sources: openSources(openCgroups({ ...clocks, cgroup, maxHandles: maxHandles(files) })),
    asking: measureAsking(watchDaemons(files, proc, steadyMs)),
    host: createHostReader({ ...clocks, sys: '/sys', root, folders }),
  }
}

function maxHandles(files: KernelFiles): number {
  const limit = /^Max open files\s+(\d+)/m.exec(textOf(files, '/proc/self/limits') ?? '')
  return Math.min(MAX_HANDLES, Math.floor(Number(limit?.[1] ?? MAX_HANDLES) * HANDLES_SHARE))
}
