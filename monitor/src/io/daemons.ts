/** The CPU time of the engine's daemons, `dockerd` and `containerd`, from the host's /proc. */
import { commOf, DAEMONS, pidsIn } from '../core/host-proc.ts'
import { type KernelFiles, textOf } from '../core/kernel-files.ts'

export interface Daemons {
  /** CPU time of all of them since their starts; `null` when none is seen here. */
  cpuMs(): number | null
}

/** Linux tells user space 100 ticks a second. */
const TICK_MS = 10
/** Looked for anew at most this often. */
const SEARCH_MS = 60_000

/** Finds them by their names, again when one has gone. */
export function watchDaemons(files: KernelFiles, proc: string, steadyMs: () => number): Daemons {
  let pids: readonly string[] = []
  let searchedAtMs = Number.NEGATIVE_INFINITY
  return {
    cpuMs: () => {
      if (pids.length === 0 && steadyMs() - searchedAtMs >= SEARCH_MS) {
        searchedAtMs = steadyMs()
        pids = search(files, proc)
      }
      let sum = 0
      for (const pid of pids) {
        const cpuMs = cpuMsOf(textOf(files, `${proc}/${pid}/stat`))
        if (cpuMs === null) {
          pids = []
          return null
        }
        sum += cpuMs
      }
      return pids.length === 0 ? null : sum
    },
  }
}

function search(files: KernelFiles, proc: string): readonly string[] {
  return pidsIn(files, proc).filter((pid) => DAEMONS.has(commOf(files, proc, pid)))
}

/** User and system time of `/proc/<pid>/stat`: the 14th and 15th field, after a name that may hold anything. */
function cpuMsOf(stat: string | null): number | null {
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks * TICK_MS : null
}
