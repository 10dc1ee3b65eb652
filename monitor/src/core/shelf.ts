/** Puts what is known of a container into the book, takes it out when nothing is left to know, and keeps it bounded. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, MAX_CONTAINERS } from './alert-book.ts'
import { type Known, openRules } from './known.ts'

function without(book: Book, names: ReadonlySet<string>): Book {
  const containers = Object.fromEntries(Object.entries(book.containers).filter(([name]) => !names.has(name)))
  return { ...book, containers }
}

/** The book with `known` in it; a removed container leaves it with its last alert. */
export function withKnown(book: Book, known: Known): Book {
  const { name } = known.subject
  if (known.condition === 'removed' && openRules(known.watches).length === 0) {
    return Object.hasOwn(book.containers, name) ? without(book, new Set([name])) : book
  }
  return { ...book, containers: { ...book.containers, [name]: known } }
}

// A late sample of a removed container makes it known again, and nothing ever tells of its end.
const STRANGER_MS = 60 * 60_000

/** Makes room for one more: forgets what was only ever seen in late samples, and beyond the bound the quietest. */
export function forgetStrangers(book: Book, now: EpochMs): Book {
  const all = Object.values(book.containers)
  const calm = all.filter((known) => openRules(known.watches).length === 0)
  const stale = calm.filter((known) => known.condition === 'unknown' && now - known.heardAt > STRANGER_MS)
  const tooMany = all.length - stale.length + 1 - MAX_CONTAINERS
  const quietest = tooMany <= 0 ? [] : calm.toSorted((a, b) => a.heardAt - b.heardAt).slice(0, tooMany)
  const names = new Set([...stale, ...quietest].map((known) => known.subject.name))
  return names.size === 0 ? book : without(book, names)
}
