/** The judge's book: taken up from the run before, and kept. */
import { randomBytes } from 'node:crypto'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { type Book, fromSaved, newBook, toSaved } from './core/alert-book.ts'
import { isSavedBook } from './core/saved-book.ts'
import { AlertMemory, loadBook } from './io/alert-memory.ts'

/** The book as this process begins with it. A file that cannot be used is set aside and told of. */
export async function takeUpBook(options: { dir: string; host: string; now: EpochMs; log: Log }): Promise<Book> {
  const { dir, host, now, log } = options
  const seed = randomBytes(6).toString('hex')
  const found = await loadBook(dir, isSavedBook)
  if (found.kind === 'bad') log.warn(found.problem)
  return found.kind === 'book' ? fromSaved(found.saved, seed, now) : newBook({ host, seed, now })
}

/** Keeps the book that `book` answers with. */
export function keepBook(dir: string, book: () => Book, now: () => EpochMs): AlertMemory {
  return new AlertMemory({ dir, saved: () => toSaved(book(), now()) })
}
