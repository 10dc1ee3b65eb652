/** Who is in the fleet and under which name: containers come, are renamed and go. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { isAlive, type Life, type Named, newLife, viewOf } from './berth.ts'
import { bondsOf } from './bonds.ts'
import type { EngineEvent, Listed } from './engine-words.ts'
import { labelsThatMatter, wishesOf } from './labels.ts'
import { judgeEnding } from './lifecycle.ts'
import { turn } from './spans.ts'
import { type Fleet, note, type Step } from './told.ts'

/** Ids that are gone are remembered so long that a late event does not bring them back. */
const MAX_GONE = 500

/** An event that says that its container exists, though nobody told of it before. */
export function isBirth(fleet: Fleet, event: EngineEvent): boolean {
  const tells = event.name !== '' && event.action !== 'destroy' && event.action !== 'disconnect'
  return tells && !fleet.gone.has(event.id)
}

/** Meets a container by its event. What else it was before, only inspect knows: that is a baseline, not news. */
export function meetByEvent(step: Step, event: EngineEvent): Life | undefined {
  const { id, name, image, attributes, action } = event
  const known = action === 'create' || action === 'start' || action === 'die' ? 'events' : 'list'
  const state = action === 'die' ? 'running' : 'created'
  // The events' attributes hold the labels too, beside their own.
  const life = meet(step, { id, name, image, labels: attributes, state }, known)
  if (life === null) return undefined
  step.told.inspect.add(id)
  if (action === 'create') {
    life.eventNo = step.fleet.heard
    turn(life.named.spans, { condition: 'down', at: event.at, why: 'created, not started' })
    note(step, life, { kind: 'created', at: event.at, text: `created from ${image}` })
  }
  return life
}

export function meet(step: Step, entry: Listed, known: Life['known']): Life | null {
  const { fleet, now } = step
  const wishes = wishesOf(entry.labels, fleet.defaults)
  if (!wishes.enabled) {
    fleet.ignored.add(entry.id)
    return null
  }
  const named = nameOf(step, entry.name)
  const life = newLife(entry, { named, wishes: { ...wishes, problems: [] }, known, seenNo: fleet.heard, now })
  life.labels = labelsThatMatter(entry.labels)
  fleet.byId.set(entry.id, life)
  readWishes(step, life)
  step.told.changed.add(life)
  return life
}

function nameOf({ fleet, now }: Step, name: string): Named {
  const found = fleet.byName.get(name)
  if (found !== undefined) return found
  const named: Named = { no: fleet.nextNo++, name, spans: [], probe: null, lastSeenAt: now }
  fleet.byName.set(name, named)
  return named
}

export function readWishes(step: Step, life: Life): void {
  const { fleet, told } = step
  const { labels, named } = life
  const before = life.wishes.problems
  life.wishes = wishesOf(labels, fleet.defaults)
  // Labels stay as they are while a container lives: told once is enough.
  for (const problem of life.wishes.problems)
    if (!before.includes(problem)) told.problems.push(`${named.name}: ${problem}`)
  const target = healthTargetOf(fleet, life)
  life.subject = {
    name: named.name,
    id: life.id,
    thresholds: life.wishes.thresholds,
    labelled: life.wishes.labelled,
    severity: life.wishes.severity,
    expectedUp: target !== null || life.restartPolicy || life.wishes.expectedUp,
    ...bondsOf(labels),
  }
  if (target === null) named.probe = null
}

/** The address to probe for this container; a setting wins over its label. */
export function healthTargetOf(fleet: Fleet, life: Life): string | null {
  return fleet.targets.get(life.named.name) ?? life.wishes.healthUrl
}

export function rename(step: Step, life: Life, name: string): void {
  const old = life.named
  if (old.name === name || name === '') return
  const othersOldName = [...step.fleet.byId.values()].some((other) => other !== life && other.named === old)
  life.named = nameOf(step, name)
  const before = life.named.spans.at(-1)
  const last = old.spans.at(-1)
  if (last !== undefined && before?.condition !== last.condition)
    turn(life.named.spans, before === undefined ? { ...last, at: last.from } : { ...last, at: step.now })
  note(step, life, { kind: 'renamed', at: step.now, text: `renamed from ${old.name}` })
  // The judge knows containers by name: for it the old one is gone, and the new one begins.
  const gone = { ...life.subject, name: old.name }
  readWishes(step, life)
  if (!othersOldName) {
    step.told.observations.push({ kind: 'removed', subject: gone, at: step.now })
    step.told.removed.push({ ...viewOf({ ...life, named: old }, step.fleet.host), state: 'removed' })
    turn(old.spans, { condition: 'down', at: step.now, why: `renamed to ${name}` })
  }
  if (isAlive(life) && life.startedAt !== null && life.starting === null)
    step.told.observations.push({ kind: 'running', subject: life.subject, at: life.startedAt })
  step.told.changed.add(life)
}

export function destroyed(step: Step, life: Life, at: EpochMs): void {
  if (life.ending !== null && life.kill !== null && !life.autoRemove) life.removal = true
  leave(step, life, at)
}

export function leave(step: Step, life: Life, at: EpochMs): void {
  const { fleet, told } = step
  judgeEnding(step, life)
  fleet.byId.delete(life.id)
  fleet.gone.add(life.id)
  if (fleet.gone.size > MAX_GONE) fleet.gone.delete(fleet.gone.values().next().value ?? '')
  told.changed.delete(life)
  told.inspect.delete(life.id)
  note(step, life, { kind: 'removed', at, text: 'removed' })
  const heir = [...fleet.byId.values()].some((other) => other.named === life.named)
  // Under the same name another one may stand already: for page and judge the name lives on.
  if (heir) return
  turn(life.named.spans, { condition: 'down', at, why: 'removed' })
  told.removed.push({ ...viewOf(life, fleet.host), state: 'removed' })
  told.observations.push({ kind: 'removed', subject: life.subject, at })
}
