/** Whose /proc it is: the host's of the engine, or that of the container this runs in. */
import { type KernelFiles, textOf } from './kernel-files.ts'

/** The engine's daemons, by the names their processes have. */
export const DAEMONS: ReadonlySet<string> = new Set(['dockerd', 'containerd'])

/** The numbers of the processes seen. */
export function pidsIn(files: KernelFiles, proc: string): readonly string[] {
  return files.names(proc).filter((name) => /^\d+$/.test(name))
}

export function commOf(files: KernelFiles, proc: string, pid: string): string {
  return (textOf(files, `${proc}/${pid}/comm`) ?? '').trim()
}

/**
 * Whether the processes in it are those of the engine's host: the kernel's own threads are seen there, and where Docker
 * runs inside a container, at least its daemon. Elsewhere process 1 is ours, and its network is not the host's.
 */
export function isHostProc(files: KernelFiles, proc: string): boolean {
  if (commOf(files, proc, '2') === 'kthreadd') return true
  return pidsIn(files, proc).some((pid) => DAEMONS.has(commOf(files, proc, pid)))
}
