/**
 * Keeps the judge's book over a restart: one versioned JSON file in `STATE_DIR`, written to a temporary name, synced
 * and renamed, so that a kill at any moment leaves the old or the new one whole. JSON and not a database: it is one
 * value, read once and written whole, and a person can look into it.
 * Joining: `await loadBook(dir)` at start (with `isSavedBook`; → `fromSaved`), `memory.changed(events.length > 0)` after each `judge`,
 * `memory.close()` at stop, `memory.error` for the sink observation.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SavedBook } from '../core/alert-book.ts'

export const BOOK_FILE = 'alerts.json'

/** What was found at start. A file that cannot be understood is set aside, never overwritten unseen. */
export type Loaded =
  | { readonly kind: 'book'; readonly saved: SavedBook }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad'; readonly problem: string }

/** Reads the book of the last run. Never throws. */
export async function loadBook(dir: string, isSaved: (value: unknown) => value is SavedBook): Promise<Loaded> {
  const path = join(dir, BOOK_FILE)
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isSaved(value)) return { kind: 'book', saved: value }
    return await setAside(path, 'it is not a book of this version')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'none' }
    return await setAside(path, cause instanceof Error ? cause.message : String(cause))
  }
}

async function setAside(path: string, why: string): Promise<Loaded> {
  const kept = `${path}.unreadable`
  const moved = await rename(path, kept).then(
    () => `, kept as ${kept}`,
    () => '',
  )
  return { kind: 'bad', problem: `${path} cannot be used: ${why}${moved}` }
}

export interface MemoryOptions {
  readonly dir: string
  /** The value to save, asked for when it is written; `last` when nothing will follow. */
  readonly saved: (last: boolean) => SavedBook
  /** How soon a change is written: an alert, and anything else (holds, samples seen). */
  readonly urgentMs?: number
  readonly idleMs?: number
}

const RETRY_MS = 5000

export class AlertMemory {
  readonly #options: MemoryOptions
  #timer: NodeJS.Timeout | null = null
  #dueAt = Number.POSITIVE_INFINITY
  #writing: Promise<void> | null = null
  #closed = false
  #error: string | null = null

  constructor(options: MemoryOptions) {
    this.#options = options
  }

  /** Why the book cannot be kept; `null` while it can. */
  get error(): string | null {
    return this.#error
  }

  /** The book changed. Writes soon when alerts did, else within `idleMs`; many changes are one write. */
  changed(urgent: boolean): void {
    const { urgentMs = 50, idleMs = 15_000 } = this.#options
    this.#schedule(urgent ? urgentMs : idleMs)
  }

  /** Writes the book a last time, within `deadlineMs`. */
  async close(deadlineMs = 1000): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const last = (this.#writing ?? Promise.resolve()).then(() => this.#write())
    await Promise.race([last, sleep(deadlineMs, undefined, { ref: false })])
  }

  #schedule(inMs: number): void {
    const dueAt = performance.now() + inMs
    if (this.#closed || dueAt >= this.#dueAt) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => this.#due(), inMs)
    this.#timer.unref()
  }

  #due(): void {
    this.#timer = null
    this.#dueAt = Number.POSITIVE_INFINITY
    if (this.#writing !== null) {
      this.#schedule(10)
      return
    }
    this.#writing = this.#write().finally(() => {
      this.#writing = null
    })
  }

  async #write(): Promise<void> {
    try {
      await replaceFile(this.#options.dir, BOOK_FILE, JSON.stringify(this.#options.saved(this.#closed)))
      this.#error = null
    } catch (cause) {
      this.#error = cause instanceof Error ? cause.message : String(cause)
      this.#schedule(RETRY_MS)
    }
  }
}

async function replaceFile(dir: string, name: string, text: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const path = join(dir, name)
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
}
