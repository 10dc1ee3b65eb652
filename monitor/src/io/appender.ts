/**
 * Appends whole lines to a file that others follow: one write(2) each with O_APPEND, in order, without ever blocking
 * or throwing into its caller. Rotation is rename and create. A full disk, a lost folder or a file that was taken away
 * is a state (`error`), and the lines wait for better times.
 * Joining: `append(text)`, `error` for the sink observation, `close()` at stop. Alert lines: `sync: true`.
 */
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rotatedName } from '@plimsoll/contracts/files'
import { durationText } from '@plimsoll/contracts/text'
import { type EpochMs, isoDay } from '@plimsoll/contracts/time'

export interface AppenderOptions {
  readonly dir: string
  /** The file's name; a function for a file per day. */
  readonly file: string | ((at: EpochMs) => string)
  /** Rotated before it grows beyond this; `null` for never. */
  readonly maxBytes: number | null
  /** Rotated when the UTC day changes. */
  readonly daily: boolean
  /** fdatasync behind what was queued together: for what a power cut must not take. */
  readonly sync: boolean
  /** Chunks kept while the file cannot be written; beyond it the oldest goes. */
  readonly maxQueued: number
  /** The first line of each new file, with its newline. */
  readonly header?: string
  readonly now: () => EpochMs
  /** How long to wait after a failure before the next try. */
  readonly retryMs?: number
}

/** Group 1000 of the other services may write it, whatever the umask. */
const FILE_MODE = 0o664
const DIR_MODE = 0o2775
const CHECK_IDENTITY_MS = 1000
/** Under a flood of lines the disk is asked to keep them in batches of this many. */
const SYNC_EVERY = 100
// A disk that does not answer (a network share gone) is told of after this.
const STUCK_MS = 10_000

interface OpenFile {
  readonly handle: FileHandle
  readonly path: string
  readonly name: string
  readonly identity: string
  /** The UTC day of its newest line. */
  day: string
  bytes: number
  /** The last line has no end: what comes next must not continue it. */
  torn: boolean
  checkedAt: EpochMs
}

export class Appender {
  readonly #options: AppenderOptions
  readonly #queue: string[] = []
  #file: OpenFile | null = null
  #running: Promise<void> | null = null
  #busySince: EpochMs | null = null
  #failure: string | null = null
  #dropped = 0
  #unsynced = 0
  readonly #stopping = new AbortController()

  constructor(options: AppenderOptions) {
    this.#options = options
  }

  /** Queues a line, or several, without the last newline. Returns at once. */
  append(text: string): void {
    this.#queue.push(text)
    if (this.#queue.length > this.#options.maxQueued) {
      this.#queue.shift()
      this.#dropped++
    }
    this.#running ??= this.#drain()
  }

  /** Why lines wait, in words; `null` while all is well. */
  get error(): string | null {
    const lost = this.#dropped === 0 ? '' : `, ${this.#dropped} lost`
    if (this.#failure !== null) return `${this.#failure}; ${this.#queue.length} waiting${lost}`
    const busyMs = this.#busySince === null ? 0 : this.#options.now() - this.#busySince
    return busyMs > STUCK_MS ? `the disk has not answered for ${durationText(busyMs)}${lost}` : null
  }

  /** Chunks not yet written. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Waits until all is written, at most `deadlineMs`; answers whether it is. */
  async flush(deadlineMs: number): Promise<boolean> {
    if (this.#running !== null) await Promise.race([this.#running, sleep(deadlineMs, undefined, { ref: false })])
    return this.#queue.length === 0
  }

  /** Writes what waits, within `deadlineMs`, and lets go of the file. What could not be written is lost. */
  async close(deadlineMs = 500): Promise<void> {
    await this.flush(deadlineMs)
    this.#stopping.abort()
    await Promise.race([this.#release(), sleep(deadlineMs, undefined, { ref: false })])
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopping.signal.aborted) {
      this.#busySince = this.#options.now()
      this.#failure = await this.#writeNext().then(() => null, reasonOf)
      this.#busySince = null
      if (this.#failure !== null) await this.#pause()
    }
    this.#running = null
  }

  async #pause(): Promise<void> {
    await this.#release().catch(() => undefined) // opened anew at the next try: the folder may have been replaced
    const { signal } = this.#stopping
    await sleep(this.#options.retryMs ?? 1000, undefined, { signal, ref: false }).catch(() => undefined)
  }

  async #writeNext(): Promise<void> {
    const text = this.#queue[0]
    if (text === undefined) return
    const line = Buffer.from(`${text}\n`)
    const file = await this.#current(line.length)
    await writeWhole(file, line)
    // Only now, so that a failure repeats the line. If the bound took it out meanwhile, it is not in front any more.
    if (this.#queue[0] === text) this.#queue.shift()
    this.#dropped = 0
    this.#unsynced++
    if (!this.#options.sync || (this.#queue.length > 0 && this.#unsynced < SYNC_EVERY)) return
    await file.handle.datasync()
    this.#unsynced = 0
  }

  /** The file that `bytes` more go to: opened, rotated or found again as needed. */
  async #current(bytes: number): Promise<OpenFile> {
    const { now, file: name, maxBytes, daily } = this.#options
    const at = now()
    const wanted = typeof name === 'string' ? name : name(at)
    if (this.#file !== null && (this.#file.name !== wanted || !(await this.#isStillThere(this.#file, at)))) {
      await this.#release()
    }
    let file = this.#file ?? (await this.#open(wanted))
    const today = isoDay(at)
    const full = maxBytes !== null && file.bytes > 0 && file.bytes + bytes > maxBytes
    const outdated = daily && file.bytes > 0 && file.day !== today
    if (full || outdated) {
      await this.#release()
      await rotate(this.#options.dir, wanted, at)
      file = await this.#open(wanted)
    }
    file.day = today
    return file
  }

  /** Whether the name still leads to the open file: somebody may have deleted or renamed it. */
  async #isStillThere(file: OpenFile, at: EpochMs): Promise<boolean> {
    if (Math.abs(at - file.checkedAt) < CHECK_IDENTITY_MS) return true
    file.checkedAt = at
    const found = await stat(file.path).catch(() => null)
    return found !== null && `${found.dev}:${found.ino}` === file.identity
  }

  async #open(name: string): Promise<OpenFile> {
    const { dir, header, now } = this.#options
    const file = await openFile(dir, name, now())
    this.#file = file
    if (header === undefined) return file
    if (file.bytes === 0) await writeWhole(file, Buffer.from(header))
    else if (!(await startsWith(file, header))) {
      // Written by a version with other columns: set aside whole, so that each file has one header.
      await this.#release()
      await rotate(dir, name, now())
      return await this.#open(name)
    }
    return file
  }

  async #release(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.handle.close()
  }
}

async function openFile(dir: string, name: string, at: EpochMs): Promise<OpenFile> {
  const path = join(dir, name)
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_RDWR
  const handle = await open(path, flags, FILE_MODE).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    await mkdir(dir, { recursive: true, mode: DIR_MODE })
    return await open(path, flags, FILE_MODE)
  })
  const { size, dev, ino, mtimeMs, mode } = await handle.stat()
  // The umask took bits from a new file; one that belongs to another stays as it is.
  if ((mode & 0o777) !== FILE_MODE) await handle.chmod(FILE_MODE).catch(() => undefined)
  const torn = size > 0 && (await lastByte(handle, size)) !== 0x0a
  return { handle, path, name, identity: `${dev}:${ino}`, day: isoDay(mtimeMs), bytes: size, torn, checkedAt: at }
}

async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0]
}

async function startsWith(file: OpenFile, header: string): Promise<boolean> {
  const wanted = Buffer.from(header)
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(wanted.length), 0, wanted.length, 0)
  return bytesRead === wanted.length && buffer.equals(wanted)
}

/** One write(2). A short one is an error: the rest of a line written later would not be a line. */
async function writeWhole(file: OpenFile, line: Buffer): Promise<void> {
  const whole = file.torn ? Buffer.concat([Buffer.from('\n'), line]) : line
  file.torn = true
  const { bytesWritten } = await file.handle.write(whole)
  file.bytes += bytesWritten
  if (bytesWritten < whole.length) throw new Error('disk full: a line was cut short')
  file.torn = false
}

/** Gives the file its rotated name, a free one. Another process may have taken it away already. */
async function rotate(dir: string, name: string, at: EpochMs): Promise<void> {
  const base = rotatedName(join(dir, name), at)
  let target = base
  for (let n = 1; (await stat(target).catch(() => null)) !== null; n++) target = `${base}-${n}`
  await rename(join(dir, name), target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
  })
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk full'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to write'
  return message
}
