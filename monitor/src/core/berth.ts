/** One container as the monitor knows it, a ship at its berth: plain data, changed in place by `lifecycle.ts`, shown by `viewOf`. */
import type { ContainerState, ContainerView, Health, ProbeView, Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Labels, Listed } from './engine-words.ts'
import type { Wishes } from './labels.ts'
import type { Subject } from './observation.ts'

/** A `die` that is not yet judged: its `stop` event, and what inspect says, may come a moment later. */
export interface Ending {
  readonly at: EpochMs
  /** What the event said; `null` when a label of that name may have overwritten it. */
  readonly eventExitCode: number | null
  /** Our clock: judged then with what is known, whatever still misses. */
  readonly dueAt: EpochMs
  /** From an inspect that belongs to this run; `null` until then. */
  exitCode: number | null
  oomKilled: boolean
}

/** Something said by an event that inspect may tell more of: told at `dueAt` at the latest. */
export interface Waiting {
  readonly at: EpochMs
  readonly dueAt: EpochMs
}

/** What belongs to a name, and stays when the container is re-created under it. */
export interface Named {
  readonly no: number
  readonly name: string
  spans: Span[]
  probe: ProbeView | null
  /** Our clock, when the engine last had a container of this name. */
  lastSeenAt: EpochMs
}

export interface Life {
  readonly id: string
  named: Named
  image: string
  labels: Labels
  wishes: Wishes
  /** What the rules need; made once for each change, not for each sample. */
  subject: Subject
  /** `list`: known by the list alone, so that what inspect says first is a baseline, not news. */
  known: 'list' | 'events' | 'inspect'
  state: ContainerState
  health: Health
  startedAt: EpochMs | null
  finishedAt: EpochMs | null
  exitCode: number | null
  restarts: number
  autoRemove: boolean
  restartPolicy: boolean
  cpuLimitCores: number | null
  memoryLimitBytes: number | null
  /** Of the run it is in, once inspect has told; `null` without one. Where its cgroup files are found. */
  pid: number | null
  ownNetwork: boolean
  /** Where its numbers come from, in words; `null` before the first. */
  source: string | null
  /** The engine's times of the last `stop`, `kill` and `oom` events. */
  stopAt: EpochMs | null
  kill: { readonly at: EpochMs; readonly signal: number } | null
  /** The last signal other than KILL that it was sent. */
  askedAt: EpochMs | null
  oomAt: EpochMs | null
  /** Somebody is removing it: inspect said so before it ended, or it was killed and went away at once. */
  removal: boolean
  /** Why the engine could not start it, once that is known; empty otherwise. */
  error: string
  ending: Ending | null
  starting: Waiting | null
  healthChange: Waiting | null
  oomTold: Waiting | null
  /** Our clock: when it was first heard of. */
  readonly seenAt: EpochMs
  /** How many events were heard by then, and by its own last one. */
  readonly seenNo: number
  eventNo: number
}

/** A container just heard of: what is not known yet is unknown. */
export function newLife(
  entry: Listed,
  {
    named,
    wishes,
    known,
    seenNo,
    now,
  }: Pick<Life, 'named' | 'wishes' | 'known' | 'seenNo'> & { readonly now: EpochMs },
): Life {
  return {
    id: entry.id,
    named,
    image: entry.image,
    labels: entry.labels,
    wishes,
    subject: { name: entry.name, id: entry.id, thresholds: wishes.thresholds, severity: null, expectedUp: false },
    known,
    state: entry.state,
    health: 'none',
    startedAt: null,
    finishedAt: null,
    exitCode: null,
    restarts: 0,
    autoRemove: false,
    restartPolicy: false,
    cpuLimitCores: null,
    memoryLimitBytes: null,
    pid: null,
    ownNetwork: true,
    source: null,
    stopAt: null,
    kill: null,
    askedAt: null,
    oomAt: null,
    removal: false,
    error: '',
    ending: null,
    starting: null,
    healthChange: null,
    oomTold: null,
    seenAt: now,
    seenNo,
    eventNo: 0,
  }
}

/** Whether it has processes, and so numbers. */
export function isAlive(life: Life): boolean {
  return life.state === 'running' || life.state === 'paused'
}

/** The engine's nanoseconds do not fit a number. */
const ROUNDING_MS = 1

/**
 * Whether a start that inspect found is of a later run than the known one. A run is dated by its event until inspect has
 * dated it: on a loaded machine seconds too late, never too early. `known` is `null` when no run was known.
 */
export function isLaterRun(known: EpochMs | null, found: EpochMs): boolean {
  return known === null || found > known + ROUNDING_MS
}

/** The container as the page and the API show it. */
export function viewOf(life: Life, host: string): ContainerView {
  const { named } = life
  return {
    no: named.no,
    id: life.id,
    name: named.name,
    host,
    image: life.image,
    state: life.state,
    health: life.health,
    startedAt: life.startedAt,
    finishedAt: life.finishedAt,
    exitCode: life.exitCode,
    restarts: life.restarts,
    project: life.wishes.project,
    service: life.wishes.service,
    cpuLimitCores: life.cpuLimitCores,
    memoryLimitBytes: life.memoryLimitBytes,
    thresholds: life.wishes.thresholds,
    probe: named.probe,
    ...(life.source === null || !isAlive(life) ? {} : { source: life.source }),
    span: named.spans.at(-1) ?? { from: life.seenAt, to: null, condition: 'unknown', why: 'just heard of' },
  }
}
