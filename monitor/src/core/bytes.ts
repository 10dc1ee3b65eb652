/**
 * Reads the kernel's small text files where they lie in a buffer: numbers by their digits, words by their bytes. A sample
 * of a container is a dozen such files; strings, splits and patterns on each would cost several times the reading itself.
 */

const NEWLINE = 10
const SPACE = 32
const ZERO = 48
const NINE = 57

/** The digits that begin at `from`, as a number; NaN where none does (`max`, a minus sign, the end). */
export function digitsAt(bytes: Uint8Array, from: number, end: number): number {
  let value = 0
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) break
    value = value * 10 + (byte - ZERO)
  }
  return at === from ? Number.NaN : value
}

/** The first position at or after `from` that is no space; `end` when there is none. */
export function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] === SPACE) at++
  return at
}

/** The first position at or after `from` that is a space or a newline; `end` when there is none. */
export function wordEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== SPACE && bytes[at] !== NEWLINE) at++
  return at
}

/** Where the line after the one that `from` lies in begins; `end` after the last. */
export function nextLine(bytes: Uint8Array, from: number, end: number): number {
  // Lines are short: a loop is faster than the call of `indexOf`.
  let at = from
  while (at < end && bytes[at] !== NEWLINE) at++
  return at < end ? at + 1 : end
}

/** Whether the bytes from `from` on are those of `word`. */
export function isWordAt(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return false
  return true
}

const encoder = new TextEncoder()

/** A word as its bytes; made once, when a module loads. */
export function wordOf(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The keys of a file of `key value` lines, in the order their values are wanted in. */
export type Keys = readonly Uint8Array[]

export function keysOf(...keys: readonly string[]): Keys {
  return keys.map(wordOf)
}

/**
 * Finds `keys` in a file of `key value` lines (`memory.stat`, `cpu.stat`) and puts the value of the i-th key into
 * `into[i]`; NaN where the file has no such line or the value is no number. Stops as soon as all are found.
 */
export function readKeyed(bytes: Uint8Array, end: number, keys: Keys, into: Float64Array): void {
  into.fill(Number.NaN, 0, keys.length)
  let missing = keys.length
  let line = 0
  while (line < end && missing > 0) {
    const space = wordEnd(bytes, line, end)
    const length = space - line
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k] as Uint8Array
      if (key.length !== length || !isWordAt(bytes, line, key)) continue
      into[k] = digitsAt(bytes, space + 1, end)
      missing--
      break
    }
    line = nextLine(bytes, space, end)
  }
}

/** NaN as the `null` that leaves the core's hot path. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
