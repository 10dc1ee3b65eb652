/**
 * The containers known, by name: plain data, never changed in place. In 64 drawers, so that putting one container back
 * copies its drawer and not the whole (with 500 containers in one record a sample cost 150 µs, so 4).
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import { isOpen, type Known } from './known.ts'

export type Shelf = readonly Readonly<Record<string, Known>>[]

const DRAWERS = 64
/** Containers known at one time; beyond it those with no alert that were not heard of for longest are forgotten. */
export const MAX_CONTAINERS = 2000
// A late sample of a removed container makes it known again, and nothing ever tells of its end.
const STRANGER_MS = 60 * 60_000

export function emptyShelf(): Shelf {
  return Array.from({ length: DRAWERS }, () => ({}))
}

function drawerOf(name: string): number {
  let sum = 0
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) % 65_536
  return sum % DRAWERS
}

/** What is known of a container; `null` for nothing. */
export function knownBy(shelf: Shelf, name: string): Known | null {
  const drawer = shelf[drawerOf(name)]
  // A container may be called `constructor`.
  return drawer !== undefined && Object.hasOwn(drawer, name) ? (drawer[name] ?? null) : null
}

export function allKnown(shelf: Shelf): Known[] {
  return shelf.flatMap((drawer) => Object.values(drawer))
}

function without(shelf: Shelf, name: string): Shelf {
  const at = drawerOf(name)
  const { [name]: _, ...rest } = shelf[at] ?? {}
  return shelf.with(at, rest)
}

/** The shelf with `known` in its place; a removed container leaves it with its last alert. */
export function shelve(shelf: Shelf, known: Known): Shelf {
  const { name } = known.subject
  if (known.condition === 'removed' && !isOpen(known)) {
    return knownBy(shelf, name) === null ? shelf : without(shelf, name)
  }
  const at = drawerOf(name)
  return shelf.with(at, { ...shelf[at], [name]: known })
}

/** Makes room for one more: forgets what was only ever seen in late samples, and beyond the bound the quietest. */
export function withRoom(shelf: Shelf, now: EpochMs): Shelf {
  const all = allKnown(shelf)
  if (all.length < MAX_CONTAINERS && all.length % DRAWERS !== 0) return shelf // looking through all takes time
  const calm = all.filter((known) => !isOpen(known))
  const stale = calm.filter((known) => known.condition === 'unknown' && now - known.heardAt > STRANGER_MS)
  const tooMany = all.length - stale.length + 1 - MAX_CONTAINERS
  const quietest = tooMany <= 0 ? [] : calm.toSorted((a, b) => a.heardAt - b.heardAt).slice(0, tooMany)
  return [...stale, ...quietest].reduce((rest, known) => without(rest, known.subject.name), shelf)
}
