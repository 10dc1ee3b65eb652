/** Which containers the fleet shows, in what order and in which groups. */
import type { AlertView, Severity } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import type { TickMetric } from '@plimsoll/contracts/live'
import { type Latest, newest } from './state.ts'

export const SORTS = ['name', 'state', 'cpu', 'memory', 'response', 'network', 'restarts', 'uptime'] as const
export type SortKey = (typeof SORTS)[number]

export interface Choice {
  readonly filter: string
  readonly troubledOnly: boolean
  readonly stoppedToo: boolean
  /** Also those that the engine no longer has. */
  readonly removedToo: boolean
  readonly sort: SortKey
  readonly descending: boolean
}

export const FIRST_CHOICE: Choice = {
  filter: '',
  troubledOnly: false,
  stoppedToo: false,
  removedToo: false,
  sort: 'name',
  descending: false,
}

export interface Group {
  /** The Compose project; `null` for containers without one. */
  readonly project: string | null
  readonly containers: readonly ContainerView[]
}

/** The worst that fires for each container, by name. */
export function firingBy(alerts: readonly AlertView[]): ReadonlyMap<string, Severity> {
  const worst = new Map<string, Severity>()
  for (const alert of alerts) {
    if (alert.resolvedAt !== null || alert.container === null) continue
    if (worst.get(alert.container) !== 'critical') worst.set(alert.container, alert.severity)
  }
  return worst
}

/** Whether a container runs, so that it has numbers. A paused or restarting one counts: it is not gone. */
export function isUp(view: ContainerView): boolean {
  return view.state === 'running' || view.state === 'paused' || view.state === 'restarting'
}

/** Whether something is wrong with it: it fires, is unhealthy, restarts, or is dead. */
export function isTroubled(view: ContainerView, firing: ReadonlyMap<string, Severity>): boolean {
  const wrong = view.state === 'restarting' || view.state === 'dead' || view.health === 'unhealthy'
  return wrong || firing.has(view.name) || view.probe?.ok === false
}

function matches(view: ContainerView, words: readonly string[]): boolean {
  const text = `${view.name} ${view.image} ${view.project ?? ''} ${view.service ?? ''} ${view.state} ${view.health}`
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}

/** Those to show. A stopped container that fires is shown without being asked for: it is the one that matters. */
export function shown(
  all: Iterable<ContainerView>,
  choice: Choice,
  firing: ReadonlyMap<string, Severity>,
): readonly ContainerView[] {
  const words = choice.filter.toLowerCase().split(/\s+/).filter(Boolean)
  return [...all].filter((view) => {
    if (choice.troubledOnly && !isTroubled(view, firing)) return false
    if (!choice.stoppedToo && !isUp(view) && !firing.has(view.name)) return false
    return matches(view, words)
  })
}

const stateOrder = ['dead', 'restarting', 'exited', 'removing', 'created', 'paused', 'running', 'removed'] as const

function keyOf(view: ContainerView, sort: SortKey, latest: Latest | null): number | string | null {
  const value = (metric: TickMetric) => newest(latest, view.no, metric)
  switch (sort) {
    case 'name':
      return view.name
    case 'state':
      return stateOrder.indexOf(view.state) - (view.health === 'unhealthy' ? 0.5 : 0)
    case 'cpu':
      return value('cpuLimitPercent')
    case 'memory':
      return value('memoryPercent')
    case 'response':
      return value('responseMs')
    case 'network': {
      const received = value('networkReceivedBytesPerSecond')
      const sent = value('networkSentBytesPerSecond')
      return received === null && sent === null ? null : (received ?? 0) + (sent ?? 0)
    }
    case 'restarts':
      return view.restarts
    case 'uptime':
      return isUp(view) && view.startedAt !== null ? -view.startedAt : null
  }
}

const names = new Intl.Collator('en', { numeric: true })

/** Ordered by the choice; the unknown last either way, equals by name, so that nothing trades places for nothing. */
export function sorted(
  views: readonly ContainerView[],
  choice: Choice,
  latest: Latest | null,
): readonly ContainerView[] {
  const keyed = views.map((view) => ({ view, key: keyOf(view, choice.sort, latest) }))
  const turn = choice.descending ? -1 : 1
  keyed.sort((a, b) => {
    const byName = names.compare(a.view.name, b.view.name)
    if (a.key === null || b.key === null) return a.key === b.key ? byName : a.key === null ? 1 : -1
    if (typeof a.key === 'string') return byName * turn
    return a.key === b.key ? byName : (a.key < Number(b.key) ? -1 : 1) * turn
  })
  return keyed.map(({ view }) => view)
}

/** By Compose project, projects by name, containers without one last; within a group the given order stands. */
export function grouped(views: readonly ContainerView[]): readonly Group[] {
  const groups = new Map<string | null, ContainerView[]>()
  for (const view of views) {
    const group = groups.get(view.project)
    if (group === undefined) groups.set(view.project, [view])
    else group.push(view)
  }
  return [...groups]
    .map(([project, containers]) => ({ project, containers }))
    .sort((a, b) => (a.project === null ? 1 : b.project === null ? -1 : names.compare(a.project, b.project)))
}

/**
 * The new views in the old order: what changed keeps its place. `null` when other containers are shown than before, or
 * one moved to another project: then the order has to be made anew.
 */
export function inPlace(groups: readonly Group[], views: readonly ContainerView[]): readonly Group[] | null {
  const byName = new Map(views.map((view) => [view.name, view]))
  let kept = 0
  const next = groups.map(({ project, containers }) => ({
    project,
    containers: containers.flatMap((before) => {
      const view = byName.get(before.name)
      if (view === undefined || view.project !== project) return []
      kept++
      return [view]
    }),
  }))
  const before = groups.reduce((sum, group) => sum + group.containers.length, 0)
  return kept === views.length && kept === before ? next : null
}
