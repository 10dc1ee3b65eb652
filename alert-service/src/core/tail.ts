/** How bytes of a growing file become whole lines, and how a file is known again: pure, so that a model can play against it. */

/** How many bytes before the place are remembered, to know a file again whose inode or size says nothing. */
export const MARK_BYTES = 256

/** Where reading goes on. The offset always stands at the beginning of a line, or inside one that is being skipped. */
export interface Place {
  /** The inode, as text: it can be wider than a double holds. `null` when the file is not there yet. */
  readonly inode: string | null
  readonly offset: number
  /** The last bytes before `offset`, at most `MARK_BYTES`. */
  readonly mark: Uint8Array
  /** Inside a line that is longer than any line may be; what follows up to its newline is passed over. */
  readonly skipping: boolean
  /** Rotated files that are read to their end, as `inode:size`; one that grows is read again. */
  readonly done: readonly string[]
}

export const START: Place = { inode: null, offset: 0, mark: new Uint8Array(0), skipping: false, done: [] }

export interface Line {
  /** Without its newline. `null` for a line that is longer than any line may be. */
  readonly text: string | null
}

export interface Split {
  readonly lines: readonly Line[]
  /** Bytes that are done with: whole lines, or the part of an over-long one. */
  readonly consumed: number
  readonly skipping: boolean
}

const NEWLINE = 10
const decoder = new TextDecoder()

function textOf(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/**
 * The whole lines in `bytes`, empty ones left out. A line is decoded only once all of it is there, so a UTF-8
 * character split between two reads is never torn. More than `maxLineBytes` without a newline are skipped as one
 * line with `text: null`, reported where it ends. With `ended` the file gets no more bytes, so a rest without a
 * newline is a line too.
 */
export function splitLines(
  bytes: Uint8Array,
  from: { readonly skipping: boolean; readonly ended: boolean },
  maxLineBytes: number,
): Split {
  const lines: Line[] = []
  let { skipping } = from
  let start = 0
  const take = (end: number) => {
    if (skipping || end - start > maxLineBytes) lines.push({ text: null })
    else if (end > start) lines.push({ text: textOf(bytes.subarray(start, end)) })
    skipping = false
  }
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, start)) {
    take(at)
    start = at + 1
  }
  const rest = bytes.length - start
  if (from.ended && (rest > 0 || skipping)) {
    take(bytes.length)
    start = bytes.length
  } else if (rest > maxLineBytes || (skipping && rest > 0)) {
    skipping = true
    start = bytes.length
  }
  return { lines: lines.filter((line) => line.text !== ''), consumed: start, skipping }
}

/** The mark after `consumed` bytes went by: the last `MARK_BYTES` of the old mark and them. */
export function nextMark(mark: Uint8Array, consumed: Uint8Array): Uint8Array {
  const joined = new Uint8Array(mark.length + consumed.length)
  joined.set(mark)
  joined.set(consumed, mark.length)
  return joined.slice(Math.max(0, joined.length - MARK_BYTES))
}

/** Whether two stretches of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
