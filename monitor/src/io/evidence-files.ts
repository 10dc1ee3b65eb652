/**
 * The folder `logs/evidence`: one JSON file an alert, written under another name, synced, then given its own, so that
 * whoever looks finds a whole file or none. A disk that does not take it is a state (`error`); the newest that could
 * not be written are tried again.
 * Joining: `await write(id, make)` before the alert's line, `read(id)`, `retry()` and `tidy(...)` now and then.
 */
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_EVIDENCE_BYTES } from '@plimsoll/contracts/evidence-file'
import { EVIDENCE_DIR, evidenceFile } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import { expiredEvidence, isAlertId } from '../core/evidence-retention.ts'

/** Group 1000 of the other services may write it, whatever the umask. */
const FILE_MODE = 0o664
const DIR_MODE = 0o2775
/** Node has four threads for files: one is left for the alert log. */
const PARALLEL = 3
/** Waiting for their turn to be written; the oldest of them is the next. */
const MAX_WAITING = 2_000
const MAX_FAILED = 20
const UNFINISHED = '.new'

interface Write {
  readonly id: string
  /** The text, made when it is its turn: a storm of alerts must not keep a storm of texts in memory. */
  readonly make: () => string
  readonly done: (written: boolean) => void
}

export class EvidenceFiles {
  readonly #dir: string
  readonly #waiting: Write[] = []
  /** The newest that could not be written, for when the disk is well again. */
  readonly #failed = new Map<string, () => string>()
  /** The folder's sync that runs, or ran last, and the one behind it. */
  #sync: Promise<void> | null = null
  #nextSync: Promise<void> | null = null
  #writing = 0
  #error: string | null = null

  constructor(logsDir: string) {
    this.#dir = join(logsDir, EVIDENCE_DIR)
  }

  /** Why evidence is not kept; `null` while it is. */
  get error(): string | null {
    return this.#error
  }

  /** Writes it, or in the place of what was written before. Answers whether it is on the disk; never rejects. */
  write(id: string, make: () => string): Promise<boolean> {
    return new Promise((done) => {
      if (this.#waiting.length >= MAX_WAITING) this.#failedFor({ id, make, done }, 'too many alerts at once')
      else {
        this.#waiting.push({ id, make, done })
        this.#next()
      }
    })
  }

  /** The text of an alert's evidence; `null` when there is none, or it is not readable. */
  async read(id: string): Promise<string | null> {
    if (!isAlertId(id)) return null
    const path = join(this.#dir, evidenceFile(id))
    try {
      const found = await stat(path)
      return found.isFile() && found.size <= MAX_EVIDENCE_BYTES ? await readFile(path, 'utf8') : null
    } catch {
      return null
    }
  }

  /** Tries again what could not be written. */
  async retry(): Promise<void> {
    for (const [id, make] of [...this.#failed].slice(-1)) await this.write(id, make)
    if (this.#error === null) await Promise.all([...this.#failed].map(([id, make]) => this.write(id, make)))
  }

  /** Deletes what is past its time, and what a process that was killed left unfinished. Never rejects. */
  async tidy(by: { readonly now: EpochMs; readonly keepMs: number }): Promise<readonly string[]> {
    const names = await readdir(this.#dir).catch((): string[] => [])
    const unfinished = names.filter((name) => name.endsWith(UNFINISHED) && isAlertId(name.slice(0, 26)))
    const gone: string[] = []
    const old = expiredEvidence(names, by)
    for (const name of this.#writing > 0 ? old : [...old, ...unfinished]) {
      const deleted = await unlink(join(this.#dir, name)).then(
        () => true,
        () => false,
      )
      if (deleted) gone.push(name)
    }
    return gone
  }

  #next(): void {
    while (this.#writing < PARALLEL) {
      const write = this.#waiting.shift()
      if (write === undefined) return
      this.#writing++
      void this.#carryOut(write)
    }
  }

  async #carryOut(write: Write): Promise<void> {
    try {
      await replaceFile(this.#dir, evidenceFile(write.id), write.make())
      // The new name too must outlive a power cut: the line that names it is synced right after.
      await this.#synced()
      this.#failed.delete(write.id)
      this.#error = null
      write.done(true)
    } catch (cause) {
      this.#failedFor(write, reasonOf(cause))
    } finally {
      this.#writing--
      this.#next()
    }
  }

  /** Syncs the folder; names given while one sync runs share the next. */
  #synced(): Promise<void> {
    this.#nextSync ??= (this.#sync ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#sync = this.#nextSync
        this.#nextSync = null
        return syncFolder(this.#dir)
      })
    return this.#nextSync
  }

  #failedFor({ id, make, done }: Write, why: string): void {
    this.#error = why
    this.#failed.delete(id)
    this.#failed.set(id, make)
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > MAX_FAILED && oldest !== undefined) this.#failed.delete(oldest)
    done(false)
  }
}

async function replaceFile(dir: string, name: string, text: string): Promise<void> {
  const path = join(dir, name)
  const unfinished = `${path}${UNFINISHED}`
  const handle = await open(unfinished, 'w', FILE_MODE).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    await mkdir(dir, { recursive: true, mode: DIR_MODE })
    // The umask took bits from it.
    const folder = await open(dir)
    await folder.chmod(DIR_MODE).finally(() => folder.close())
    return await open(unfinished, 'w', FILE_MODE)
  })
  try {
    await handle.chmod(FILE_MODE)
    await handle.writeFile(text)
    await handle.sync()
  } catch (cause) {
    await unlink(unfinished).catch(() => undefined)
    throw cause
  } finally {
    await handle.close()
  }
  await rename(unfinished, path)
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir)
  await folder.sync().finally(() => folder.close())
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk full'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to write'
  // Without the file's path, which differs from alert to alert.
  return String(message ?? cause).split(', ')[0] ?? 'unknown'
}
