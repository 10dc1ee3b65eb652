/** What the Docker engine says, checked once where it comes in: list entries, inspect answers, events. */
import { CONTAINER_STATES, type ContainerState, HEALTH_STATES, type Health } from '@plimsoll/contracts/container'
import { type EpochMs, parseIsoTime } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import { type InspectedMore, moreOf } from './inspect-more.ts'

export type Labels = Readonly<Record<string, string>>

/** One entry of the engine's container list. */
export interface Listed {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly labels: Labels
  readonly state: ContainerState
}

/** What inspect says of a container, as far as Plimsoll uses it. */
export interface Inspected extends Listed {
  readonly startedAt: EpochMs | null
  readonly finishedAt: EpochMs | null
  readonly createdAt: EpochMs | null
  /** Of the last run; 0 while it runs. */
  readonly exitCode: number
  readonly oomKilled: boolean
  /** Why the engine could not start it; empty otherwise. */
  readonly error: string
  /** Restarts by the restart policy; a restart by hand sets it back to 0. */
  readonly restarts: number
  readonly health: Health
  /** What the health check printed last, secrets masked; `null` without a health check or before its first run. */
  readonly healthOutput: string | null
  /** The engine removes it when it ends (`--rm`). */
  readonly autoRemove: boolean
  readonly restartPolicy: boolean
  /** Cores it may use, by quota and by cpuset; `null` without a limit. */
  readonly cpuLimitCores: number | null
  /** `null` without a limit. */
  readonly memoryLimitBytes: number | null
  /** Its first process as the engine's host numbers it; `null` while it has none. */
  readonly pid: number | null
  /** Whether it has a network of its own, as against the host's, another container's, or none. */
  readonly ownNetwork: boolean
  /** What only evidence wants. */
  readonly more?: InspectedMore | null
}

/** The actions Plimsoll asks the engine for; the filter is exact, but a prefix match as `health_status` is in it. */
export const ACTIONS = [
  'create',
  'start',
  'die',
  'kill',
  'stop',
  'pause',
  'unpause',
  'rename',
  'destroy',
  'oom',
  'update',
  'health_status',
  // Of networks: a start that fails says nothing of its container but that its network was taken away again.
  'disconnect',
] as const
export type Action = (typeof ACTIONS)[number]

export interface EngineEvent {
  readonly action: Action
  readonly id: string
  /** The engine's time. */
  readonly at: EpochMs
  readonly name: string
  readonly image: string
  readonly attributes: Labels
  /** Of `health_status`; `null` of other actions. */
  readonly health: Health | null
}

const text = v.fallback(v.string(), '')
const labels = v.fallback(v.record(v.string(), v.string()), {})
const state = v.picklist(CONTAINER_STATES)
const count = v.fallback(v.number(), 0)
const flag = v.fallback(v.boolean(), false)

const ListEntry = v.object({
  Id: v.string(),
  Names: v.pipe(v.array(v.string()), v.minLength(1)),
  Image: text,
  Labels: labels,
  State: state,
})

const InspectAnswer = v.object({
  Id: v.string(),
  Name: v.string(),
  Created: text,
  RestartCount: count,
  State: v.object({
    Status: state,
    OOMKilled: flag,
    ExitCode: count,
    Pid: count,
    Error: text,
    StartedAt: text,
    FinishedAt: text,
    Health: v.optional(
      v.object({
        Status: v.fallback(v.picklist(HEALTH_STATES), 'none'),
      }),
    ),
  }),
  HostConfig: v.object({
    AutoRemove: flag,
    NetworkMode: text,
    Memory: count,
    NanoCpus: count,
    CpuQuota: count,
    CpuPeriod: count,
    CpusetCpus: text,
    RestartPolicy: v.fallback(v.object({ Name: text }), { Name: '' }),
  }),
  Config: v.object({ Image: text, Labels: labels }),
})

const EventLine = v.object({
  Type: v.fallback(v.string(), 'container'),
  Action: v.string(),
  Actor: v.object({ ID: v.string(), Attributes: labels }),
  time: count,
  timeNano: count,
  HealthStatus: v.optional(v.string()),
})

const bareName = (name: string): string => (name.startsWith('/') ? name.slice(1) : name)

/** A container's own name among those of the list: links add names with a second slash. */
function ownName(names: readonly string[]): string {
  return bareName(names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0] ?? '')
}

/** The list's entries that can be understood; `null` when the answer is no list at all. */
export function parseList(answer: unknown): readonly Listed[] | null {
  if (!Array.isArray(answer)) return null
  return answer.flatMap((entry) => {
    const read = v.safeParse(ListEntry, entry)
    if (!read.success) return []
    const { Id, Names, Image, Labels, State } = read.output
    return [{ id: Id, name: ownName(Names), image: Image, labels: Labels, state: State }]
  })
}

/** `0-2,5` → 4. `null` for an empty or unreadable list. */
export function cpusetCores(list: string): number | null {
  let cores = 0
  for (const part of list.split(',')) {
    const found = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part)
    if (found === null) return null
    cores += Number(found[2] ?? found[1]) - Number(found[1]) + 1
  }
  return cores > 0 ? cores : null
}

/** The engine's own default period of a CPU quota, in microseconds. */
const DEFAULT_CPU_PERIOD_US = 100_000

function coresOf(config: v.InferOutput<typeof InspectAnswer>['HostConfig']): number | null {
  const period = config.CpuPeriod > 0 ? config.CpuPeriod : DEFAULT_CPU_PERIOD_US
  const quota = config.NanoCpus > 0 ? config.NanoCpus / 1e9 : config.CpuQuota > 0 ? config.CpuQuota / period : null
  const cpuset = cpusetCores(config.CpusetCpus)
  if (quota === null || cpuset === null) return quota ?? cpuset
  return Math.min(quota, cpuset)
}

/** `null` when the answer is not an inspect answer. */
export function parseInspect(answer: unknown): Inspected | null {
  const read = v.safeParse(InspectAnswer, answer)
  if (!read.success) return null
  const { Id, Name, Created, RestartCount, State, HostConfig, Config } = read.output
  const policy = HostConfig.RestartPolicy.Name
  const more = moreOf(answer)
  return {
    id: Id,
    name: bareName(Name),
    image: Config.Image,
    labels: Config.Labels,
    state: State.Status,
    startedAt: parseIsoTime(State.StartedAt),
    finishedAt: parseIsoTime(State.FinishedAt),
    createdAt: parseIsoTime(Created),
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    error: State.Error,
    restarts: RestartCount,
    health: State.Health?.Status ?? 'none',
    healthOutput: more?.health?.checks.at(-1)?.output ?? null,
    autoRemove: HostConfig.AutoRemove,
    restartPolicy: policy !== '' && policy !== 'no',
    cpuLimitCores: coresOf(HostConfig),
    memoryLimitBytes: HostConfig.Memory > 0 ? HostConfig.Memory : null,
    pid: State.Pid > 0 ? State.Pid : null,
    ownNetwork: !/^(host|none|container:.*)$/.test(HostConfig.NetworkMode),
    more,
  }
}

/** `health_status: unhealthy` is Docker's way, a field of its own Podman's. */
function healthOf(action: string, field: string | undefined): Health | null {
  const word = field ?? action.split(':')[1]?.trim()
  return HEALTH_STATES.find((health) => health === word) ?? null
}

/**
 * A line of the event stream; `null` when it is not one, or of no interest. Only `Action` and `Actor` are read: engines
 * from 29 on no longer send `status` and `id`.
 */
export function parseEvent(answer: unknown): EngineEvent | null {
  const read = v.safeParse(EventLine, answer)
  if (!read.success) return null
  const { Type, Action: said, Actor, time, timeNano, HealthStatus } = read.output
  const word = said.split(':')[0]
  const action = ACTIONS.find((one) => one === (word === 'died' ? 'die' : word))
  if (action === undefined || (Type === 'container') === (action === 'disconnect')) return null
  return {
    action,
    id: action === 'disconnect' ? (Actor.Attributes.container ?? '') : Actor.ID,
    at: timeNano > 0 ? timeNano / 1e6 : time * 1000,
    name: bareName(Actor.Attributes.name ?? ''),
    image: Actor.Attributes.image ?? '',
    attributes: Actor.Attributes,
    health: action === 'health_status' ? healthOf(said, HealthStatus) : null,
  }
}
