/** Where the cgroup of a container lies, whatever arranged it: driver, version, nesting, and who may see what. */

/** The tree of cgroups: one for all controllers (v2), or one per controller or group of controllers (v1). */
export type CgroupTree =
  | { readonly version: 2 }
  /** The folder of each controller, such as `cpu` → `cpu,cpuacct`. */
  | { readonly version: 1; readonly folders: ReadonlyMap<string, string> }

/** The tree whose root holds these names; `null` when it is none. A hybrid (v1 with an empty `unified`) is v1. */
export function treeOf(rootEntries: readonly string[]): CgroupTree | null {
  if (rootEntries.includes('cgroup.controllers')) return { version: 2 }
  const folders = new Map<string, string>()
  for (const entry of rootEntries) for (const controller of entry.split(',')) folders.set(controller, entry)
  // CPU time is what makes a sample; without it the engine has to be asked.
  return folders.has('cpuacct') ? { version: 1, folders } : null
}

/** The path of a process in `/proc/<pid>/cgroup`, as seen by the reader; `null` when it is not told. */
export function pathInProc(text: string, tree: CgroupTree): string | null {
  for (const line of text.split('\n')) {
    const found = /^\d+:([^:]*):(\/.*)$/.exec(line)
    if (found === null) continue
    const [, controllers = '', path = ''] = found
    const ours = tree.version === 2 ? controllers === '' : controllers.split(',').includes('cpuacct')
    if (ours) return path
  }
  return null
}

export interface PathClues {
  readonly id: string
  /** What `/proc/<pid>/cgroup` says of the container's first process; `null` when it cannot be read. */
  readonly own: string | null
  /** What `/proc/1/cgroup` says: the cgroup that everything here lies in when Docker runs inside a container. */
  readonly init: string | null
  /** The forms that earlier containers were found under (see `formOf`), best first. */
  readonly forms: readonly string[]
}

/** How the two drivers of Docker and those of Podman name a container's cgroup, `*` for the id. */
const COMMON_FORMS = [
  '/docker/*',
  '/system.slice/docker-*.scope',
  '/machine.slice/libpod-*.scope',
  '/libpod_parent/libpod-*',
] as const

/** Whether a folder of this name is the cgroup of the container. */
export function isFolderOf(name: string, id: string): boolean {
  if (!name.includes(id)) return false
  return name === id || /^(docker-|libpod-|cri-containerd-)?[0-9a-f]{64}(\.scope)?$/.test(name)
}

/** A found path as the form to try for the next container. */
export function formOf(path: string, id: string): string {
  return path.replace(id, '*')
}

/** A path is usable when it names the container and does not lead out of what the reader sees (`/../<id>`). */
function usable(path: string, id: string): boolean {
  return path.includes(id) && !path.includes('/..')
}

/**
 * Where to look for a container's cgroup, best guess first, each a path below the root of the tree. Where none of
 * them exists it has to be searched for by its id: under a private cgroup namespace nobody tells where it is.
 */
export function pathGuesses({ id, own, init, forms }: PathClues): readonly string[] {
  const guesses: string[] = []
  if (own !== null && usable(own, id)) {
    // The mount of a container in a container begins at the outer one's cgroup, its paths at the host's root.
    if (init !== null && init !== '/' && own.startsWith(`${init}/`)) guesses.push(own.slice(init.length))
    guesses.push(own)
  }
  const named = [...forms, ...COMMON_FORMS]
  const nested = init === null || init === '/' ? [] : COMMON_FORMS.map((form) => `${init}${form}`)
  for (const form of [...named, ...nested]) guesses.push(form.replace('*', id))
  return [...new Set(guesses)]
}

/** A search by id goes no deeper: `user.slice/user-1000.slice/user@1000.service/user.slice/docker-<id>.scope` is 5. */
export const SEARCH_DEPTH = 7
/** And looks into no more folders. */
export const SEARCH_FOLDERS = 4096

/**
 * Searches the tree for the container's folder, nearest to the root first. `foldersIn` lists the folders in a path
 * below the root, and may answer with none. `null` when it is not there, or the tree is too large.
 */
export function searchPath(id: string, foldersIn: (path: string) => readonly string[]): string | null {
  let level: readonly string[] = ['']
  let looked = 0
  for (let depth = 0; depth < SEARCH_DEPTH && level.length > 0; depth++) {
    const below: string[] = []
    for (const path of level) {
      if (++looked > SEARCH_FOLDERS) return null
      for (const name of foldersIn(path)) {
        if (isFolderOf(name, id)) return `${path}/${name}`
        below.push(`${path}/${name}`)
      }
    }
    level = below
  }
  return null
}
