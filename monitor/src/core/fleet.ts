/**
 * The registry of containers, fed by list, inspect and events in any order. Each step changes the fleet and answers
 * with what there is to tell: observations for the judge, events for the timeline, containers to show anew, ids to ask
 * about. Containers are keyed by the engine's id and shown by name.
 */
import type { ProbeView } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import { isLaterRun, type Life, type Named } from './berth.ts'
import type { EngineEvent, Inspected, Listed } from './engine-words.ts'
import { labelsThatMatter } from './labels.ts'
import { applyEvent, applyTime, dueOf } from './lifecycle.ts'
import type { Subject } from './observation.ts'
import { applyInspect } from './reconcile.ts'
import { destroyed, isBirth, leave, meet, meetByEvent, readWishes, rename } from './registry.ts'
import { turn } from './spans.ts'
import { type Fleet, note, nothingTold, type Step, type Told } from './told.ts'

/** A name that the engine no longer has is forgotten after this; its history reaches no further. */
export const FORGET_NAME_MS = 15 * 60_000

export interface FleetConfig {
  readonly host: string
  readonly defaults: Subject['thresholds']
  readonly targets: ReadonlyMap<string, string>
}

export function newFleet(config: FleetConfig): Fleet {
  return {
    ...config,
    byId: new Map(),
    byName: new Map(),
    ignored: new Set(),
    gone: new Set(),
    nextNo: 1,
    nextEventNo: 1,
    heard: 0,
    awaySince: null,
    runsBefore: new Map(),
    engineDown: null,
  }
}

const stepOf = (fleet: Fleet, now: EpochMs): Step => ({ fleet, now, told: nothingTold() })

/** What the engine has, asked for when `asked.after` events were heard; `all` also asks after those that seem unchanged. */
export function seeList(
  fleet: Fleet,
  list: readonly Listed[],
  asked: { readonly after: number; readonly all: boolean },
  now: EpochMs,
): Told {
  const step = stepOf(fleet, now)
  const ids = new Set<string>()
  for (const entry of list) {
    ids.add(entry.id)
    // The list was asked for before it went.
    if (fleet.ignored.has(entry.id) || fleet.gone.has(entry.id)) continue
    const life = fleet.byId.get(entry.id)
    if (life === undefined) {
      const met = meet(step, entry, 'list')
      if (met !== null) step.told.inspect.add(entry.id)
      continue
    }
    life.named.lastSeenAt = now
    if (asked.all || differs(life, entry)) step.told.inspect.add(entry.id)
  }
  for (const life of fleet.byId.values()) {
    if (!ids.has(life.id) && life.seenNo <= asked.after && life.eventNo <= asked.after) leave(step, life, now)
  }
  for (const id of fleet.ignored) if (!ids.has(id)) fleet.ignored.delete(id)
  return step.told
}

/** Whether the list gives a reason to ask. A start that failed leaves a container in `created`, and nothing else tells of it. */
function differs(life: Life, entry: Listed): boolean {
  if (life.known !== 'inspect' || entry.state === 'created') return true
  return life.state !== entry.state || life.named.name !== entry.name
}

/** An inspect answer, asked for when `askedAfter` events were heard. */
export function seeInspect(fleet: Fleet, answer: Inspected, askedAfter: number, now: EpochMs): Told {
  const step = stepOf(fleet, now)
  // Before it is known whether the engine was restarted, no end can be judged; all are asked then.
  if (fleet.ignored.has(answer.id) || fleet.awaySince !== null) return step.told
  const life = fleet.byId.get(answer.id)
  if (life === undefined) return step.told
  life.image = answer.image
  life.labels = labelsThatMatter(answer.labels)
  life.restartPolicy = answer.restartPolicy
  life.cpuLimitCores = answer.cpuLimitCores
  life.memoryLimitBytes = answer.memoryLimitBytes
  life.ownNetwork = answer.ownNetwork
  if (life.named.name !== answer.name && askedAfter >= life.eventNo) rename(step, life, answer.name)
  readWishes(step, life)
  applyInspect(step, life, answer, askedAfter)
  return step.told
}

/** Other thresholds hold from now on, where no label sets them. */
export function changeDefaults(fleet: Fleet, defaults: Subject['thresholds'], now: EpochMs): Told {
  const step = stepOf(fleet, now)
  fleet.defaults = defaults
  for (const life of fleet.byId.values()) {
    readWishes(step, life)
    step.told.changed.add(life)
  }
  return step.told
}

/** The engine no longer knows this id. */
export function seeGone(fleet: Fleet, id: string, now: EpochMs): Told {
  const step = stepOf(fleet, now)
  fleet.ignored.delete(id)
  const life = fleet.byId.get(id)
  if (life !== undefined) leave(step, life, now)
  return step.told
}

/** An event of the engine; one that was seen before changes nothing. */
export function seeEvent(fleet: Fleet, event: EngineEvent, now: EpochMs): Told {
  fleet.heard++
  const step = stepOf(fleet, now)
  if (event.action === 'destroy') fleet.ignored.delete(event.id)
  if (fleet.ignored.has(event.id)) return step.told
  const life = fleet.byId.get(event.id) ?? (isBirth(fleet, event) ? meetByEvent(step, event) : undefined)
  if (life === undefined) return step.told
  life.named.lastSeenAt = now
  if (event.action === 'rename') {
    life.eventNo = fleet.heard
    rename(step, life, event.name)
  } else if (event.action === 'destroy') destroyed(step, life, event.at)
  else applyEvent(step, life, event)
  return step.told
}

/** Time went on: waits that are over are ended, names long gone are forgotten. */
export function passTime(fleet: Fleet, now: EpochMs): Told {
  const step = stepOf(fleet, now)
  for (const life of fleet.byId.values()) {
    applyTime(step, life)
    life.named.lastSeenAt = now
  }
  for (const named of fleet.byName.values()) {
    if (now - named.lastSeenAt > FORGET_NAME_MS) fleet.byName.delete(named.name)
  }
  return step.told
}

/** The engine no longer answers: from here on nobody can tell. */
export function loseEngine(fleet: Fleet, at: EpochMs): Told {
  const step = stepOf(fleet, at)
  if (fleet.awaySince !== null) return step.told
  fleet.awaySince = at
  const runs = [...fleet.byId.values()].flatMap(({ id, startedAt, state }): [string, EpochMs][] =>
    state === 'running' && startedAt !== null ? [[id, startedAt]] : [],
  )
  fleet.runsBefore = new Map(runs)
  for (const life of fleet.byId.values()) {
    turn(life.named.spans, { condition: 'unknown', at, why: 'engine unreachable' })
    step.told.changed.add(life)
  }
  note(step, null, { kind: 'engine', at, text: 'the engine went away' })
  return step.told
}

/**
 * The engine answers again, `answers` being what inspect says of all it has. `forgot` when it no longer has the events it
 * had sent before: then it was restarted, or has sent hundreds since. If none of the containers that ran went on running,
 * they ended with the engine, which nobody is to be called for.
 */
export function findEngine(fleet: Fleet, answers: readonly Inspected[], forgot: boolean, now: EpochMs): Told {
  const step = stepOf(fleet, now)
  if (fleet.awaySince === null) return step.told
  // Not against what is known by now: events of the new engine may have told of new runs already.
  const goesOn = ({ id, state, startedAt }: Inspected) =>
    state === 'running' && startedAt !== null && !isLaterRun(fleet.runsBefore.get(id) ?? null, startedAt)
  const restarted = forgot && !answers.some(goesOn)
  if (restarted) fleet.engineDown = { from: fleet.awaySince, to: now }
  fleet.awaySince = null
  fleet.runsBefore = new Map()
  note(step, null, { kind: 'engine', at: now, text: restarted ? 'the engine was restarted' : 'the engine is back' })
  return step.told
}

/** When `passTime` has something to do next; `null` while nothing waits. */
export function nextDue(fleet: Fleet): EpochMs | null {
  let next: EpochMs | null = null
  for (const life of fleet.byId.values()) {
    const due = dueOf(life)
    if (due !== null && (next === null || due < next)) next = due
  }
  return next
}

/** Keeps a probe's answer; says whether it differs in more than its time. */
export function seeProbe(named: Named, probe: ProbeView): boolean {
  const before = named.probe
  named.probe = probe
  return before?.ok !== probe.ok || before.detail !== probe.detail || before.url !== probe.url
}

/** All of them, in the order of their names. */
export function livesByName(fleet: Fleet): readonly Life[] {
  const byName = (a: Life, b: Life) => (a.named.name < b.named.name ? -1 : a.named.name > b.named.name ? 1 : 0)
  return [...fleet.byId.values()].sort(byName)
}

/** The container of a name, if the engine has one. */
export function lifeOf(fleet: Fleet, name: string): Life | undefined {
  const named = fleet.byName.get(name)
  if (named === undefined) return undefined
  for (const life of fleet.byId.values()) if (life.named === named) return life
  return undefined
}
