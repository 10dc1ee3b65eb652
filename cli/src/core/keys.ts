/** What a terminal sends, as keys. Unknown sequences are swallowed whole, so that no part of one acts as a letter. */

export type Key =
  | { readonly kind: 'char'; readonly char: string }
  | {
      readonly kind:
        | 'enter'
        | 'escape'
        | 'backspace'
        | 'up'
        | 'down'
        | 'page-up'
        | 'page-down'
        | 'home'
        | 'end'
        | 'interrupt'
        | 'suspend'
        | 'redraw'
        | 'clear-line'
    }

type Named = Exclude<Key['kind'], 'char'>

const controls: Readonly<Record<string, Named>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
  '\u001a': 'suspend',
  '\u000c': 'redraw',
  '\u0015': 'clear-line',
}

// After ESC [ or ESC O, with the numbers of modifiers taken out.
const sequences: Readonly<Record<string, Named>> = {
  A: 'up',
  B: 'down',
  H: 'home',
  F: 'end',
  '5~': 'page-up',
  '6~': 'page-down',
  '1~': 'home',
  '7~': 'home',
  '4~': 'end',
  '8~': 'end',
}

// CSI with parameters, SS3 with one letter, ESC alone (with a character after it, Alt, it is ESC and that character).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal sends
const token = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[A-Za-z]|\u001b|[^\u001b]/gsu

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal sends
const unfinished = /\u001b(?:\[[0-?]*[ -/]*|O)?$/

/** Whether `input` ends in what may be the first part of a longer sequence; a moment later it was the key Escape. */
export function isUnfinished(input: string): boolean {
  return unfinished.test(input)
}

/** The keys in one chunk of input, in order; at most 64, for a paste is not a plan. */
export function keysOf(input: string): readonly Key[] {
  const keys: Key[] = []
  for (const [text] of input.matchAll(token)) {
    const key = keyOf(text)
    if (key !== null) keys.push(key)
    if (keys.length === 64) break
  }
  return keys
}

function keyOf(text: string): Key | null {
  if (text === '\u001b') return { kind: 'escape' }
  if (text.startsWith('\u001b')) {
    const named = sequences[text.slice(2).replace(/^(?:1;\d+)/, '')]
    return named === undefined ? null : { kind: named }
  }
  const named = controls[text]
  if (named !== undefined) return { kind: named }
  return /^\p{Cc}$/u.test(text) ? null : { kind: 'char', char: text }
}
