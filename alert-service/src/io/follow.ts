/**
 * Follows the alert log through every way it can be rotated: rename and create, copy and truncate, delete and
 * recreate, and several of them while nobody looked. Rotated files are finished before the log goes on.
 *
 * Calls are synchronous: the folder is a local disk, and a place must not move between a look and a read.
 */
import { type BigIntStats, closeSync, fstatSync, openSync, readdirSync, readSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { doneKey, isOlderPart, type Sibling, stillThere, unread } from '../core/rotation.ts'
import { type Line, nextMark, type Place, START, sameBytes, splitLines } from '../core/tail.ts'

export interface Follow {
  readonly folder: string
  readonly file: string
  readonly maxLineBytes: number
  /** How much is read at once; a line longer than this is skipped in pieces. */
  readonly chunkBytes: number
}

export interface Reading {
  readonly lines: readonly Line[]
  /** Where to go on once `lines` are dealt with. */
  readonly place: Place
  /** Nothing more to read now. */
  readonly caughtUp: boolean
  /** What a person should know: a file that is gone, a truncation. */
  readonly notes: readonly string[]
}

/** How far behind a place is. */
export interface Backlog {
  readonly behindBytes: number
  readonly pendingFiles: readonly string[]
}

interface Open {
  readonly fd: number
  readonly inode: string
}

const codeOf = (cause: unknown) => (cause as NodeJS.ErrnoException).code

function statOrNull(path: string): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null
}

function siblingsOf({ folder, file }: Follow): readonly Sibling[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw cause
  }
  return names
    .filter((name) => isOlderPart(name, file))
    .flatMap((name) => {
      const stat = statOrNull(join(folder, name))
      if (stat === null || !stat.isFile()) return []
      return [{ name, inode: String(stat.ino), size: Number(stat.size), changedNs: stat.mtimeNs }]
    })
}

function openOrNull(path: string): Open | null {
  try {
    const fd = openSync(path, 'r')
    return { fd, inode: String(fstatSync(fd, { bigint: true }).ino) }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null
    throw cause
  }
}

/** What stands from `mark` on in an open file; null when the bytes before the place are not those of the mark. */
function bytesAfter(fd: number, place: Place, buffer: Uint8Array): Uint8Array | null {
  const { mark, offset } = place
  const got = readSync(fd, buffer, 0, buffer.length, offset - mark.length)
  if (got < mark.length || !sameBytes(buffer.subarray(0, mark.length), mark)) return null
  return buffer.subarray(mark.length, got)
}

interface Located {
  /** Null while there is nothing to read. */
  readonly place: Place | null
  readonly notes: readonly string[]
}

const moved = (place: Place, found: Located): Reading => ({
  lines: [],
  place: found.place ?? place,
  caughtUp: found.place === null,
  notes: found.notes,
})

const lostPlace = (file: string, { offset }: Place) =>
  `${file} was truncated or replaced, and what may have followed byte ${offset} is nowhere: going on from the beginning of the next file`

/** Holds one file open, so that even a deleted one is read to its end. `read` throws when the disk does. */
export class Follower {
  readonly #follow: Follow
  readonly #path: string
  readonly #buffer: Uint8Array
  #open: Open | null = null

  constructor(follow: Follow) {
    this.#follow = follow
    this.#path = join(follow.folder, follow.file)
    this.#buffer = new Uint8Array(follow.chunkBytes)
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.fd)
    this.#open = null
  }

  /** The next lines after `known`; null is the very first start, which begins with the log as it is. */
  read(known: Place | null): Reading {
    const place = known ?? { ...START, done: siblingsOf(this.#follow).map(doneKey) }
    if (this.#open === null || this.#open.inode !== place.inode || this.#hasOlder(place)) {
      const found = this.#locate(place)
      if (found.place !== place) return moved(place, found)
    }
    const bytes = this.#open === null ? null : bytesAfter(this.#open.fd, place, this.#buffer)
    if (bytes !== null) return this.#readOn(place, bytes)
    return moved(place, this.#locate(place))
  }

  /** How much is written and not yet read, and in which rotated files. */
  backlog(place: Place): Backlog {
    const pending = this.#unread(place.done)
    const log = statOrNull(this.#path)
    const files = log === null ? pending : [...pending, { inode: String(log.ino), size: Number(log.size) }]
    const read = (inode: string) => (inode === place.inode ? place.offset : 0)
    const behindBytes = files.reduce((sum, { inode, size }) => sum + Math.max(0, size - read(inode)), 0)
    return { behindBytes, pendingFiles: pending.map(({ name }) => name) }
  }

  #unread(done: readonly string[]): readonly Sibling[] {
    return unread(siblingsOf(this.#follow), done, this.#follow.file)
  }

  /** Opens the file if it holds the place; otherwise nothing stays open. */
  #opens(candidate: string, place: Place): Open | null {
    this.close()
    this.#open = openOrNull(candidate)
    if (this.#open !== null && bytesAfter(this.#open.fd, place, this.#buffer) === null) this.close()
    return this.#open
  }

  /** Opens what comes after everything in `done`: the oldest unread file, else the log. Null: nothing is there. */
  #openNext(done: readonly string[]): Place | null {
    const siblings = siblingsOf(this.#follow)
    const kept = stillThere(done, siblings)
    const names = unread(siblings, kept, this.#follow.file).map(({ name }) => join(this.#follow.folder, name))
    for (const candidate of [...names, this.#path]) {
      const opened = this.#opens(candidate, START)
      if (opened !== null) return { ...START, inode: opened.inode, done: kept }
    }
    return null
  }

  /** Finds the file that a place is in: the log, its renamed self, or the copy that was made before a truncation. */
  #locate(place: Place): Located {
    if (place.offset === 0) return { place: this.#openNext(place.done), notes: [] }
    if (String(statOrNull(this.#path)?.ino) === place.inode && this.#opens(this.#path, place) !== null)
      return { place, notes: [] }
    const candidates = this.#unread(place.done).filter(({ size }) => size >= place.offset)
    const renamed = candidates.filter(({ inode }) => inode === place.inode)
    const copies = candidates.filter(({ inode }) => inode !== place.inode)
    for (const { name } of [...renamed, ...copies]) {
      const opened = this.#opens(join(this.#follow.folder, name), place)
      if (opened !== null) return { place: { ...place, inode: opened.inode }, notes: [] }
    }
    const next = this.#openNext(place.done)
    // While the log is missing the place stays, so that a file that is only being moved is found again.
    return next === null ? { place: null, notes: [] } : { place: next, notes: [lostPlace(this.#follow.file, place)] }
  }

  /** Whether the open file can get no more lines: another one has taken its place, or comes after it. */
  #isReplaced(place: Place): boolean {
    const log = statOrNull(this.#path)
    if (log !== null) return String(log.ino) !== place.inode
    return this.#unread(place.done).some(({ inode }) => inode !== place.inode)
  }

  /** At its very beginning the log may already have been rotated away under us, by copy and truncate. */
  #hasOlder(place: Place): boolean {
    if (place.offset !== 0) return false
    const [oldest] = this.#unread(place.done)
    return oldest !== undefined && oldest.inode !== place.inode
  }

  #readOn(place: Place, bytes: Uint8Array): Reading {
    const from = { skipping: place.skipping, ended: false }
    const { lines, consumed, skipping } = splitLines(bytes, from, this.#follow.maxLineBytes)
    if (consumed > 0) {
      const mark = nextMark(place.mark, bytes.subarray(0, consumed))
      return { lines, place: { ...place, offset: place.offset + consumed, mark, skipping }, caughtUp: false, notes: [] }
    }
    if (this.#open === null || !this.#isReplaced(place)) return { lines: [], place, caughtUp: true, notes: [] }
    // The writer has left this file; what it wrote between our read and its leaving is there by now.
    const length = bytes.length
    const rest = bytesAfter(this.#open.fd, place, this.#buffer)
    if (rest === null || rest.length !== length) return { lines: [], place, caughtUp: false, notes: [] }
    return this.#finish(place, rest)
  }

  #finish(place: Place, rest: Uint8Array): Reading {
    const { lines } = splitLines(rest, { skipping: place.skipping, ended: true }, this.#follow.maxLineBytes)
    const done = [...place.done, doneKey({ inode: place.inode ?? '', size: place.offset + rest.length })]
    const next = this.#openNext(done)
    return { lines, place: next ?? { ...START, done }, caughtUp: next === null, notes: [] }
  }
}

/**
 * Calls `hint` when the log or one of its rotated parts may have changed. Only a hint: a folder that cannot be watched
 * is polled. Other files of the folder change every second and are passed over.
 */
export function watchLog(folder: string, file: string, hint: () => void): { readonly close: () => void } {
  try {
    const watcher = watch(folder, { persistent: false }, (_kind, name) => {
      if (name === null || name.startsWith(file)) hint()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return { close: () => {} }
  }
}
