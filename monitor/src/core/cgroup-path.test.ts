import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formOf, isFolderOf, pathGuesses, pathInProc, searchPath, treeOf } from './cgroup-path.ts'

const ID = '1406eda80d786319c13486038c0c85b0c6c29568c4802fdf88216a7df382a715'
const OUTER = '2723125acb72d6fb444f161a6da36cf690d3380cb02d479f7dd398d4cdaa493f'
const fixture = (path: string) => readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8')

const V2 = { version: 2 } as const
const V1 = treeOf(['blkio', 'cpu,cpuacct', 'memory', 'pids', 'systemd', 'unified'])

describe('which tree of cgroups this is', () => {
  it('v2 has its controllers at the root', () => {
    expect(treeOf(['cgroup.controllers', 'cgroup.procs', 'system.slice'])).toEqual(V2)
  })
  it('v1 has a folder for each controller, two of which may share one', () => {
    expect(V1?.version === 1 && V1.folders.get('cpuacct')).toBe('cpu,cpuacct')
  })
  it('an empty folder, or one that is something else, is none', () => {
    expect([treeOf([]), treeOf(['bin', 'etc'])]).toEqual([null, null])
  })
})

describe('where a process says it is', () => {
  it.each([
    ['v1, cgroupfs driver', 'cgroup-v1/cache/cgroup-1/proc.cgroup', V1, `/docker/${OUTER}`],
    ['v2, systemd driver', 'cgroup-v2/cache/cgroup-1/proc.cgroup', V2, `/system.slice/docker-${ID}.scope`],
  ])('%s', (_, path, tree, expected) => {
    expect(tree === null ? null : pathInProc(fixture(path), tree)).toBe(expected)
  })
  it('says nothing where the process is gone', () => {
    expect(pathInProc('', V2)).toBeNull()
  })
})

/** The folders of a tree given as paths. */
function foldersOf(...paths: readonly string[]): (path: string) => readonly string[] {
  return (path) => [
    ...new Set(
      paths.filter((one) => one.startsWith(`${path}/`)).map((one) => one.slice(path.length + 1).split('/')[0] ?? ''),
    ),
  ]
}

/** As `findCgroup` does: the first guess that is there, else the search. */
function find(
  tree: readonly string[],
  clues: { own?: string; init?: string; forms?: readonly string[] },
): string | null {
  const guesses = pathGuesses({ id: ID, own: clues.own ?? null, init: clues.init ?? '/', forms: clues.forms ?? [] })
  return guesses.find((path) => tree.includes(path)) ?? searchPath(ID, foldersOf(...tree))
}

describe('a container’s cgroup is found', () => {
  const scope = `docker-${ID}.scope`
  it.each([
    ['v1 or v2 with the cgroupfs driver', `/docker/${ID}`, { own: `/docker/${ID}` }],
    ['v1 or v2 with the systemd driver', `/system.slice/${scope}`, { own: `/system.slice/${scope}` }],
    ['under a parent of its own (--cgroup-parent)', `/web.slice/${scope}`, { own: `/web.slice/${scope}` }],
    [
      'of a rootless engine',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/${scope}`,
      { own: `/user.slice/user-1000.slice/user@1000.service/user.slice/${scope}` },
    ],
    [
      'by a monitor in its own cgroup namespace, which sees only `/../`',
      `/system.slice/${scope}`,
      { own: `/../${scope}` },
    ],
    [
      'rootless, by a monitor in its own cgroup namespace: by its id',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/${scope}`,
      { own: `/../../../user.slice/${scope}`, init: '/' },
    ],
    [
      'in a container that runs Docker, whose own mount begins at its cgroup',
      `/docker/${ID}`,
      { own: `/docker/${OUTER}/docker/${ID}`, init: `/docker/${OUTER}` },
    ],
    [
      'in a container that runs Docker, with the host’s whole tree mounted',
      `/docker/${OUTER}/docker/${ID}`,
      { own: `/docker/${OUTER}/docker/${ID}`, init: `/docker/${OUTER}` },
    ],
    ['nested where nobody tells: by its id', `/docker/${OUTER}/docker/${ID}`, {}],
    ['where the one before was found', `/odd/place/${ID}`, { forms: ['/odd/place/*'] }],
  ])('%s', (_, path, clues) => {
    expect(find([`/docker/${OUTER}`, `/system.slice/docker.service`, path], clues)).toBe(path)
  })

  it('in the tree recorded on a host with the systemd driver', () => {
    const recorded = fixture('cgroup-v2/tree.txt')
      .split('\n')
      .filter((name) => name.endsWith('.scope') || name.endsWith('.service'))
    expect(recorded.length).toBeGreaterThan(5)
    expect(searchPath(ID, foldersOf(...recorded.map((name) => `/system.slice/${name}`)))).toBe(`/system.slice/${scope}`)
  })

  it('and remembered as a form for the next one', () => {
    expect(formOf(`/user.slice/${scope}`, ID)).toBe('/user.slice/docker-*.scope')
  })

  it('not in a folder that only mentions the id', () => {
    expect(isFolderOf(`backup-of-${ID}`, ID)).toBe(false)
    expect(find([`/docker/${OUTER}`], {})).toBeNull()
  })

  it('not by leaving the tree: a path with `..` is no guess', () => {
    const guesses = pathGuesses({ id: ID, own: `/../../etc/${ID}`, init: '/', forms: [] })
    expect(guesses.some((path) => path.includes('..'))).toBe(false)
  })

  it('and the search ends in a tree that does not', () => {
    let asked = 0
    const endless = (): readonly string[] => {
      asked++
      return Array.from({ length: 50 }, (_, i) => `d${i}`)
    }
    expect(searchPath(ID, endless)).toBeNull()
    expect(asked).toBeLessThanOrEqual(4096)
  })
})
