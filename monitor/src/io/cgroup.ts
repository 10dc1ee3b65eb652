/**
 * Reads containers' counters from the host's cgroup files and `/proc/<pid>/net/dev`: files stay open between looks.
 * Joining: `openCgroups` once; each round `begin()`, then `look(run)` per container, then `keep(ids)`.
 */
import { findCgroup, newPlaces, type Places, rootOf } from '../core/cgroup-find.ts'
import { CGROUP_V1_FILES } from '../core/cgroup-v1.ts'
import { CGROUP_V2_FILES } from '../core/cgroup-v2.ts'
import type { Counters } from '../core/counters.ts'
import { advanceHostClock, type HostClock, hostCpuAt, newHostCpu, takeProcStat } from '../core/host-cpu.ts'
import { isHostProc } from '../core/host-proc.ts'
import { errorCode, isReadable, type KernelFiles, textOf } from '../core/kernel-files.ts'
import { type CgroupFile, countersOfLook, isDue, type Look, newLook, noteSigns, type Signs } from '../core/look.ts'
import { memoryTotalBytes } from '../core/meminfo.ts'
import { takeNetDev } from '../core/net-dev.ts'

/** One run of a container: what has to be known of it to find its files. */
export interface Run {
  readonly id: string
  /** Its first process, as the host numbers it; changes with every start. */
  readonly pid: number
  /** Whether it has a network of its own, as against the host's, another container's, or none. */
  readonly ownNetwork: boolean
}

export type Looked =
  | { readonly kind: 'counters'; readonly counters: Counters }
  /** The run has ended, and the caller has not yet heard of it: no numbers. */
  | { readonly kind: 'over' }
  /** It has to be asked for elsewhere, and why. */
  | { readonly kind: 'unavailable'; readonly why: string }

export interface Cgroups {
  /** `cgroup v1 files`: the source, in words. */
  readonly name: string
  /** The memory of the host that the files are of. */
  readonly memoryBytes: number
  /** Reads what all looks of a round share. Throws when `/proc/stat` cannot be read. */
  begin(): void
  look(run: Run): Looked
  /** Closes the files of all containers but these. */
  keep(ids: { has(id: string): boolean }): void
  /** How many files are open. */
  handles(): number
  close(): void
}

export interface CgroupsOptions {
  readonly files: KernelFiles
  readonly proc: string
  readonly cgroup: string
  /** No more files are kept open than this; further containers are asked for elsewhere. */
  readonly maxHandles: number
  readonly now: () => number
  readonly steadyMs: () => number
}

/** Limits, peaks and rare counts are read this often. */
const SLOW_MS = 10_000
/** A container whose files were not found is looked for again after this long. */
const RETRY_MS = 60_000
const idPattern = /^[0-9a-f]{64}$/
/** Of the look under way. */
const signs: Signs = { cpuNs: 0, memoryUsageBytes: 0, blockBytes: 0 }

interface OpenFile extends Pick<CgroupFile, 'pace' | 'take'> {
  readonly handle: number
}

interface Opened {
  readonly pid: number
  readonly look: Look
  readonly files: readonly OpenFile[]
  readonly slow: readonly { readonly path: string; readonly take: CgroupFile['take'] }[]
  slowAtMs: number
}

interface State extends CgroupsOptions {
  readonly places: Places
  readonly opened: Map<string, Opened>
  readonly refused: Map<string, { readonly pid: number; readonly why: string; readonly againAtMs: number }>
  readonly cpu: ReturnType<typeof newHostCpu>
  readonly statHandle: number
  clock: HostClock | null
  /** The wall clock and the steady one, read together: looks of a round are dated from them. */
  began: { readonly at: number; readonly steadyMs: number }
  readonly memoryBytes: number
  handles: number
  /** One search through all folders a round at most: it may take some milliseconds. */
  searched: boolean
}

/** The host's cgroups, or why they cannot be read: a sentence for a person. */
export function openCgroups(options: CgroupsOptions): Cgroups | { readonly why: string } {
  const { files, proc, cgroup } = options
  const places = newPlaces(files, proc, cgroup)
  if (places === null) return { why: `no host mounts: no cgroups at ${cgroup}` }
  if (!isHostProc(files, proc)) return { why: `no host mounts: ${proc} is not the host’s` }
  const memoryBytes = memoryTotalBytes(textOf(files, `${proc}/meminfo`) ?? '')
  if (memoryBytes === null) return { why: `no host mounts: no ${proc}/meminfo` }
  const state: State = {
    ...options,
    places,
    opened: new Map(),
    refused: new Map(),
    cpu: newHostCpu(),
    statHandle: files.open(`${proc}/stat`),
    clock: null,
    began: { at: 0, steadyMs: 0 },
    memoryBytes,
    handles: 1,
    searched: false,
  }
  return {
    memoryBytes,
    name: `cgroup v${places.tree.version} files`,
    begin: () => begin(state),
    look: (run) => look(state, run),
    keep: (ids) => keep(state, ids),
    handles: () => state.handles,
    close: () => {
      keep(state, new Set())
      files.close(state.statHandle)
    },
  }
}

function begin(state: State): void {
  const { files, cpu } = state
  const end = files.read(state.statHandle)
  takeProcStat(files.bytes, end, cpu)
  state.began = { at: state.now(), steadyMs: state.steadyMs() }
  state.clock = advanceHostClock(state.clock, cpu, state.began.steadyMs)
  state.searched = false
}

function look(state: State, run: Run): Looked {
  const { clock, opened } = state
  if (clock === null) throw new Error('begin() comes before look()')
  let known = opened.get(run.id)
  if (known !== undefined && known.pid !== run.pid) {
    forget(state, run.id, known)
    known = undefined
  }
  try {
    if (known === undefined) {
      const found = open(state, run)
      if ('kind' in found) return found
      known = found
    }
    return counted(state, known, clock)
  } catch (error) {
    if (known !== undefined) forget(state, run.id, known)
    const code = errorCode(error)
    // A cgroup that was removed answers ENODEV; what is gone before it could be opened, ENOENT or ESRCH.
    if (code === 'ENODEV' || code === 'ENOENT' || code === 'ESRCH') return { kind: 'over' }
    return refuse(state, run, `its files cannot be read (${code || String(error)})`)
  }
}

function counted(state: State, known: Opened, clock: HostClock): Looked {
  const { files } = state
  const steadyMs = state.steadyMs()
  const all = steadyMs >= known.slowAtMs
  noteSigns(known.look, signs)
  for (const { pace, handle, take } of known.files)
    if (all || isDue(pace, known.look, signs)) take(files.bytes, files.read(handle), known.look)
  if (all) {
    readSlow(files, known)
    // Spread, so that containers found in one round do not stay in step.
    known.slowAtMs = steadyMs + SLOW_MS * (0.5 + ((known.pid * 7919) % 1000) / 1000)
  }
  const at = state.began.at + (steadyMs - state.began.steadyMs)
  const moment = {
    at,
    steadyMs,
    hostCpuNs: hostCpuAt(clock, steadyMs),
    cpus: clock.cpus,
    memoryBytes: state.memoryBytes,
  }
  const counters = countersOfLook(known.look, moment)
  return counters === null ? { kind: 'over' } : { kind: 'counters', counters }
}

function readSlow(files: KernelFiles, known: Opened): void {
  for (const { path, take } of known.slow) take(files.bytes, files.readOnce(path), known.look)
}

function open(state: State, run: Run): Opened | Looked {
  const before = state.refused.get(run.id)
  if (before !== undefined && before.pid === run.pid && state.began.steadyMs < before.againAtMs)
    return { kind: 'unavailable', why: before.why }
  if (!idPattern.test(run.id)) return refuse(state, run, 'its id is not one')
  const proc = textOf(state.files, `${state.proc}/${run.pid}/cgroup`)
  const search = !state.searched
  const path = findCgroup(state.files, state.places, { id: run.id, proc, search })
  if (path === null) {
    state.searched = true
    const why = 'it has no cgroup here'
    // Whoever was not searched for has its turn in the next round.
    return search ? refuse(state, run, why) : { kind: 'unavailable', why }
  }
  // The number may belong to somebody else by now, or processes may be hidden here: the engine knows which.
  if (proc === null || !proc.includes(run.id)) return refuse(state, run, 'its process is not seen here')
  const list = state.places.tree.version === 1 ? CGROUP_V1_FILES : CGROUP_V2_FILES
  if (state.handles + list.length > state.maxHandles) return refuse(state, run, `${state.maxHandles} files are open`)
  const opened = openFiles(state, run, path, list)
  state.opened.set(run.id, opened)
  state.refused.delete(run.id)
  return opened
}

function openFiles(state: State, run: Run, path: string, list: readonly CgroupFile[]): Opened {
  const { files } = state
  const kept: OpenFile[] = []
  const slow: { path: string; take: CgroupFile['take'] }[] = []
  try {
    for (const { controller, name, pace, take } of list) {
      const root = rootOf(state.places, controller)
      const file = `${root}${path}/${name}`
      // What this kernel, or this container, does not have is none of its numbers.
      if (root === null || !isReadable(files, file)) continue
      if (pace === 'slow') slow.push({ path: file, take })
      else kept.push({ handle: files.open(file), pace, take })
    }
    // Opened together with the cgroup's files: after a restart an open net/dev would go on telling old numbers.
    if (run.ownNetwork)
      kept.push({ handle: files.open(`${state.proc}/${run.pid}/net/dev`), pace: 'each', take: takeNetDev })
  } catch (error) {
    for (const { handle } of kept) files.close(handle)
    throw error
  }
  state.handles += kept.length
  return { pid: run.pid, look: newLook(), files: kept, slow, slowAtMs: 0 }
}

function refuse(state: State, run: Run, why: string): Looked {
  state.refused.set(run.id, { pid: run.pid, why, againAtMs: state.began.steadyMs + RETRY_MS })
  return { kind: 'unavailable', why }
}

function forget(state: State, id: string, known: Opened): void {
  for (const { handle } of known.files) state.files.close(handle)
  state.handles -= known.files.length
  state.opened.delete(id)
}

function keep(state: State, ids: { has(id: string): boolean }): void {
  for (const [id, known] of state.opened) if (!ids.has(id)) forget(state, id, known)
  for (const id of state.refused.keys()) if (!ids.has(id)) state.refused.delete(id)
}
