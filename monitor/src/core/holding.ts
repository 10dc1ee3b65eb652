/** One cause, one message: which alert is told in the place of another, and whom a container that is down takes along. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './alert-book.ts'
import type { Known } from './known.ts'
import type { PlayedRule } from './rules.ts'
import { allKnown } from './shelf.ts'
import { silencing } from './silences.ts'
import type { Held, Watch } from './watch.ts'

/** What a container suffers when something it needs is down. */
const SYMPTOMS: readonly string[] = [
  'container-down',
  'container-restart-loop',
  'container-unhealthy',
  'health-check-failed',
  'slow-response',
] satisfies readonly PlayedRule[]
/** What says that a container is down. */
const DOWN: readonly PlayedRule[] = ['container-restart-loop', 'container-down', 'container-stopped']

function heldFor(reason: string, watch: Watch | null | undefined): Held | null {
  return watch?.state === 'firing' ? { reason, by: watch.id, freeSince: null } : null
}

/** The alert that is told in the place of this one; `null` when it speaks for itself. */
export function causeOf(book: Book, known: Known, rule: string, now: EpochMs): Held | null {
  const down = rule === 'container-down'
  return (
    silencing(book, { rule, container: known.subject.name }, now) ??
    (down ? heldFor('container-restart-loop', known.watches['container-restart-loop']) : null) ??
    (down && known.end?.oomKilled === true ? heldFor('container-oom', known.watches['container-oom']) : null) ??
    heldFor('flapping', known.flaps[rule]?.watch) ??
    (SYMPTOMS.includes(rule) ? heldByDependency(book, known) : null)
  )
}

function heldByDependency(book: Book, known: Known): Held | null {
  if ((known.subject.dependsOn ?? []).length === 0) return null
  for (const dependency of dependenciesOf(book, known)) {
    for (const rule of DOWN) {
      const watch = dependency.watches[rule]
      if (watch?.state !== 'firing') continue
      // What it needs may itself be held back by what that needs: the cause is the one that is told.
      return { reason: 'dependency-down', by: tellerOf(book, watch), freeSince: null }
    }
  }
  return null
}

/** A silence and quiet hours hold back too, but are no alert that could be over. */
function tellerOf({ alerts }: Book, { id, held }: Watch & { state: 'firing' }): string {
  return held !== null && alerts.some((alert) => alert.id === held.by) ? held.by : id
}

/** Whether the alert that held another back fires no more, or the silence has ended. */
export function isOver(book: Book, held: Held, now: EpochMs): boolean {
  if (held.reason === 'silence') return !book.silences.some((one) => one.id === held.by && one.until > now)
  return !book.alerts.some((alert) => alert.id === held.by && alert.resolvedAt === null)
}

/** All it needs, over any number of steps, each once. */
function dependenciesOf(book: Book, known: Known): Known[] {
  const all = allKnown(book.containers)
  const found = new Set<Known>()
  const ask = [...(known.subject.dependsOn ?? [])]
  for (let name = ask.pop(); name !== undefined; name = ask.pop()) {
    for (const one of all) {
      if (one.subject.name === known.subject.name || found.has(one) || !answersTo(one, name)) continue
      found.add(one)
      ask.push(...(one.subject.dependsOn ?? []))
    }
  }
  return [...found]
}

function answersTo({ subject }: Known, name: string): boolean {
  return subject.name === name || (subject.aliases?.includes(name) ?? false)
}

const MAX_NAMED = 3

/** `web, api depend on it`; `null` when no container that is there does. */
export function dependentsText(book: Book, known: Known): string | null {
  const names = allKnown(book.containers)
    .filter(
      ({ condition, subject }) => condition !== 'removed' && subject.dependsOn?.some((name) => answersTo(known, name)),
    )
    .map(({ subject }) => subject.name)
    .toSorted()
  if (names.length === 0) return null
  const more = names.length - MAX_NAMED
  const named = names.slice(0, MAX_NAMED).join(', ')
  return `${more > 0 ? `${named} and ${more} more` : named} ${names.length === 1 ? 'depends' : 'depend'} on it`
}
