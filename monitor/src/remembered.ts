/** The judge's book: taken up from the run before, and kept. */
import { randomBytes } from 'node:crypto'
import { uptime } from 'node:os'
import { encode } from '@plimsoll/contracts/alert-log'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { type Book, fromSaved, newBook, toSaved } from './core/alert-book.ts'
import { recall } from './core/recall.ts'
import { isSavedBook } from './core/saved-book.ts'
import { AlertMemory, loadBook } from './io/alert-memory.ts'
import { readAlertTail } from './io/alert-tail.ts'

export interface TakeUp {
  readonly stateDir: string
  readonly logsDir: string
  readonly host: string
  readonly now: EpochMs
  readonly log: Log
  /** Writes a line that the run before decided and did not get to write. */
  readonly say: (line: string) => void
}

/**
 * The book as this process begins with it, held against the end of the alert log (`core/recall.ts`). A file that
 * cannot be used is set aside and told of.
 */
export async function takeUpBook({ stateDir, logsDir, host, now, log, say }: TakeUp): Promise<Book> {
  const seed = randomBytes(6).toString('hex')
  const bootedAt = now - uptime() * 1000
  const found = await loadBook(stateDir, isSavedBook)
  if (found.kind === 'bad') log.warn(found.problem)
  const before = found.kind === 'book' ? fromSaved(found.saved, { seed, now, bootedAt }) : newBook({ host, seed, now })
  const logged = await readAlertTail(logsDir).catch((cause: unknown) => {
    log.warn({ err: cause }, 'the alert log cannot be read: what the last run said is not known')
    return null
  })
  if (logged === null) return before
  const [book, unsaid] = recall(before, logged)
  for (const event of unsaid) say(encode(event))
  return book
}

/** Keeps the book that `book` answers with. */
export function keepBook(dir: string, book: () => Book, now: () => EpochMs): AlertMemory {
  return new AlertMemory({ dir, saved: (last) => toSaved(book(), now(), last) })
}
