/** In which order the rotated files of a log are read, and which of them still have to be. */
import { isRotated } from '@plimsoll/contracts/files'

/** A file beside the log, as the folder shows it. */
export interface Sibling {
  readonly name: string
  readonly inode: string
  readonly size: number
  /** Nanoseconds; two writes within one tick of the kernel's clock share it. */
  readonly changedNs: bigint
}

/** A packed or half-copied file cannot be followed. */
const unreadable = /\.(gz|xz|bz2|zst|lz4|tmp|swp)$/

/** Whether `name` is an older part of `file`: our own rotation's name, or another tool's (`.1`, `-20261121`). */
export function isOlderPart(name: string, file: string): boolean {
  const next = name.startsWith(file) ? name.charAt(file.length) : ''
  return (next === '.' || next === '-') && !unreadable.test(name)
}

/** `…Z-10` after `…Z-2` after `…Z`. */
function nameOrder(name: string): readonly [string, number] {
  const found = /^(.*Z)(?:-(\d+))?$/.exec(name)
  return found === null ? [name, 0] : [found[1] ?? name, Number(found[2] ?? 0)]
}

function byName(a: Sibling, b: Sibling): number {
  const [textA, countA] = nameOrder(a.name)
  const [textB, countB] = nameOrder(b.name)
  return textA < textB ? -1 : textA > textB ? 1 : countA - countB
}

/**
 * Oldest first. Our own names say when a file was rotated, so they decide; with another tool's names among them the
 * time of the last write does.
 */
export function inOrder(siblings: readonly Sibling[], file: string): readonly Sibling[] {
  const ours = siblings.every((sibling) => isRotated(sibling.name, file))
  const order = (a: Sibling, b: Sibling) =>
    ours || a.changedNs === b.changedNs ? byName(a, b) : a.changedNs < b.changedNs ? -1 : 1
  return siblings.toSorted(order)
}

/** How a finished file is remembered. One that grows afterwards is another one, and is read again. */
export function doneKey(file: { readonly inode: string; readonly size: number }): string {
  return `${file.inode}:${file.size}`
}

/** The files that are not read to their end, oldest first. */
export function unread(siblings: readonly Sibling[], done: readonly string[], file: string): readonly Sibling[] {
  const finished = new Set(done)
  return inOrder(siblings, file).filter((sibling) => sibling.size > 0 && !finished.has(doneKey(sibling)))
}

/** `done` without what is no longer there, so that it stays as small as the folder. */
export function stillThere(done: readonly string[], siblings: readonly Sibling[]): readonly string[] {
  const there = new Set(siblings.map(doneKey))
  return done.filter((key) => there.has(key))
}
