/** Where the counters of each container come from: the host's files where they can be read, else the engine; and why. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Life } from './core/berth.ts'
import type { Counters } from './core/counters.ts'
import type { Cgroups } from './io/cgroup.ts'

/** The host's files, or why they cannot be read. */
export type HostFiles = Cgroups | { readonly why: string }

export type Found =
  | { readonly kind: 'counters'; readonly source: string; readonly counters: Counters }
  /** It starts or ends just now: no numbers in this round. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ask'; readonly source: string }

export interface Sources {
  /** Comes before the looks of a round. `engineMemoryBytes` is what the engine says of its host; `null` before it has. */
  begin(engineMemoryBytes: number | null): void
  look(life: Life, at: EpochMs): Found
  /** Lets go of what belongs to containers that are no more. */
  keep(ids: { has(id: string): boolean }): void
  close(): void
}

/** The first process of a container is known once inspect has answered; usually that takes 10 ms. */
const INSPECT_MS = 3_000

/** The memory of a virtual machine may change by a little between our look and the engine's. */
const SAME_MEMORY = 0.02

const asked = (why: string): Found => ({ kind: 'ask', source: `API: ${why}` })

export function openSources(host: HostFiles): Sources {
  // Why no file is read in this round; `null` when they are.
  let why: string | null = null
  return {
    begin: (engineMemoryBytes) => {
      why = 'why' in host ? host.why : whyNot(host, engineMemoryBytes)
    },
    look: (life, at) => {
      if ('why' in host || why !== null) return asked(why ?? 'no host mounts')
      if (life.pid === null) {
        if (life.startedAt === null || at - life.startedAt < INSPECT_MS) return { kind: 'nothing' }
        return asked('its process is not known')
      }
      const looked = host.look({ id: life.id, pid: life.pid, ownNetwork: life.ownNetwork })
      switch (looked.kind) {
        case 'counters':
          return { kind: 'counters', source: host.name, counters: looked.counters }
        case 'over':
          return { kind: 'nothing' }
        case 'unavailable':
          return asked(looked.why)
      }
    },
    keep: (ids) => {
      if (!('why' in host)) host.keep(ids)
    },
    close: () => {
      if (!('why' in host)) host.close()
    },
  }
}

function whyNot(host: Cgroups, engineMemoryBytes: number | null): string | null {
  const other = Math.abs((engineMemoryBytes ?? host.memoryBytes) - host.memoryBytes)
  if (other > host.memoryBytes * SAME_MEMORY) return 'remote engine'
  try {
    host.begin()
    return null
  } catch (error) {
    return `the host’s /proc cannot be read (${error instanceof Error ? error.message : error})`
  }
}
