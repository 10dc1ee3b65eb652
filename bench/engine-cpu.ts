/** What processes have cost so far, from /proc: those of the benchmarks, and the engine's. */
import { readFileSync } from 'node:fs'
import { DAEMONS, pidsIn } from '../monitor/src/core/host-proc.ts'
import { kernelFiles } from '../monitor/src/io/kernel-files.ts'

const TICK_MS = 10
const files = kernelFiles()

/** CPU time of a process so far, in milliseconds; 0 when it is gone. */
export function cpuMsOf(pid: string | number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return 0
  }
}

/** Memory of a process in bytes; `null` when it is gone. */
export function rssOf(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? null : Number(found[1]) * 1024
  } catch {
    return null
  }
}

/** CPU time of the daemons, and of the shims that stand between containerd and each container. */
export function engineCpu(): { daemonsMs: number; shimsMs: number } {
  let [daemonsMs, shimsMs] = [0, 0]
  for (const pid of pidsIn(files, '/proc')) {
    let name = ''
    try {
      name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    } catch {
      continue
    }
    if (DAEMONS.has(name)) daemonsMs += cpuMsOf(pid)
    else if (name.startsWith('containerd-shim')) shimsMs += cpuMsOf(pid)
  }
  return { daemonsMs, shimsMs }
}
