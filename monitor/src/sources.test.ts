import { describe, expect, it } from 'vitest'
import type { Life } from './core/berth.ts'
import type { Counters } from './core/counters.ts'
import { running } from './core/fleet-story.ts'
import type { Cgroups, Looked } from './io/cgroup.ts'
import { openSources } from './sources.ts'

const MEMORY = 8 * 1024 ** 3
const counters = { cpuNs: 1 } as Counters

/** Host files that answer with `looked`. */
function host(looked: Looked = { kind: 'counters', counters }, more: Partial<Cgroups> = {}): Cgroups {
  return {
    name: 'cgroup v2 files',
    memoryBytes: MEMORY,
    begin: () => undefined,
    look: () => looked,
    keep: () => undefined,
    handles: () => 1,
    close: () => undefined,
    ...more,
  }
}

function life(over: Partial<Life> = {}): Life {
  const [one] = running().fleet.byId.values()
  if (one === undefined) throw new Error('no container')
  return Object.assign(one, { pid: 4711, startedAt: 1000, ...over })
}

/** What a container is told to be read from, in a round of its own. */
function found(
  files: Parameters<typeof openSources>[0],
  one = life(),
  engineMemoryBytes: number | null = MEMORY,
  at = 1000,
) {
  const sources = openSources(files)
  sources.begin(engineMemoryBytes)
  return sources.look(one, at)
}

describe('where a container is read', () => {
  it('from the host’s files where they tell of it', () => {
    expect(found(host())).toEqual({ kind: 'counters', source: 'cgroup v2 files', counters })
  })

  it.each<[string, Parameters<typeof openSources>[0], number | null, string]>([
    [
      'without host mounts',
      { why: 'no host mounts: no cgroups at /x' },
      MEMORY,
      'API: no host mounts: no cgroups at /x',
    ],
    ['of an engine on another machine', host(), MEMORY * 2, 'API: remote engine'],
    [
      'that has no cgroup here',
      host({ kind: 'unavailable', why: 'it has no cgroup here' }),
      MEMORY,
      'API: it has no cgroup here',
    ],
  ])('%s: by asking, and why', (_, files, memory, source) => {
    expect(found(files, life(), memory)).toEqual({ kind: 'ask', source })
  })

  it('files that can no longer be read are said to be so, and the round goes on', () => {
    const broken = host(undefined, {
      begin: () => {
        throw new Error('EACCES')
      },
    })
    expect(found(broken)).toEqual({ kind: 'ask', source: 'API: the host’s /proc cannot be read (EACCES)' })
  })

  it('before the engine has told of its machine, files are taken to be of the same', () => {
    expect(found(host(), life(), null).kind).toBe('counters')
  })
})

describe('a container that starts or ends', () => {
  it('has no numbers while its process is not known yet', () => {
    expect(found(host(), life({ pid: null }))).toEqual({ kind: 'nothing' })
  })
  it('is asked for when that takes seconds', () => {
    expect(found(host(), life({ pid: null }), MEMORY, 9000)).toEqual({
      kind: 'ask',
      source: 'API: its process is not known',
    })
  })
  it('has none when its files are gone', () => {
    expect(found(host({ kind: 'over' }))).toEqual({ kind: 'nothing' })
  })
})
