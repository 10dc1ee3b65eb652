/** Finds the folder of a container's cgroup among the host's files. */
import { type CgroupTree, formOf, pathGuesses, pathInProc, searchPath, treeOf } from './cgroup-path.ts'
import { type KernelFiles, textOf } from './kernel-files.ts'

/** Where the host's files are, and what was learned from the containers found so far. */
export interface Places {
  readonly cgroup: string
  readonly tree: CgroupTree
  /** The cgroup of the first process seen here (see `PathClues.init`). */
  readonly init: string | null
  forms: readonly string[]
}

const MAX_FORMS = 8

/** `null` when there are no cgroups at that place. */
export function newPlaces(files: KernelFiles, proc: string, cgroup: string): Places | null {
  const tree = treeOf(files.names(cgroup))
  if (tree === null) return null
  const init = textOf(files, `${proc}/1/cgroup`)
  return { cgroup, tree, init: init === null ? null : pathInProc(init, tree), forms: [] }
}

/** The root of the tree that a controller's files lie in; `null` when the host does not have the controller. */
export function rootOf({ cgroup, tree }: Places, controller: string): string | null {
  if (tree.version === 2) return cgroup
  const folder = tree.folders.get(controller)
  return folder === undefined ? null : `${cgroup}/${folder}`
}

export interface Wanted {
  readonly id: string
  /** What `/proc/<pid>/cgroup` says; `null` when it cannot be read. */
  readonly proc: string | null
  /** Whether to look through all folders when no guess is right: that takes milliseconds. */
  readonly search: boolean
}

/** The container's path below the root of a tree; `null` when it is not found. */
export function findCgroup(files: KernelFiles, places: Places, { id, proc, search }: Wanted): string | null {
  const { tree, init, forms } = places
  const own = proc === null ? null : pathInProc(proc, tree)
  const root = rootOf(places, 'cpuacct')
  const guessed = pathGuesses({ id, own, init, forms }).find((path) => files.names(`${root}${path}`).length > 0)
  const path = guessed ?? (search ? searchPath(id, (below) => files.folders(`${root}${below}`)) : null)
  if (path === null) return null
  const form = formOf(path, id)
  if (!forms.includes(form)) places.forms = [form, ...forms].slice(0, MAX_FORMS)
  return path
}
