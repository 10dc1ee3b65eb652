/** A line of the screen as data: pieces of text with a style, which become terminal sequences in one place only. */
import { cut, safe, widthOf } from './safe-text.ts'

export const STYLES = ['good', 'warn', 'bad', 'accent', 'quiet', 'strong', 'selected'] as const
export type Style = (typeof STYLES)[number]

export interface Piece {
  readonly text: string
  readonly styles: readonly Style[]
}

export type Line = readonly Piece[]

export function piece(text: string, ...styles: readonly Style[]): Piece {
  return { text, styles }
}

// SGR numbers. Colours are the terminal's own sixteen, so that they suit its theme.
const COLOURS: Readonly<Record<Style, string | null>> = {
  good: '32',
  warn: '33',
  bad: '31',
  accent: '36',
  quiet: '2',
  strong: '1',
  selected: '7',
}
// NO_COLOR asks for no colour; bold, dim and reverse are none.
const WITHOUT_COLOUR: Readonly<Record<Style, string | null>> = {
  ...COLOURS,
  good: null,
  warn: null,
  bad: '1',
  accent: null,
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(safe(text)), 0)
}

/** The line in at most `width` columns, cut with a `…`. */
export function cutLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line
  const kept: Piece[] = []
  let left = width
  for (const { text, styles } of line) {
    const shown = cut(safe(text), left)
    kept.push({ text: shown, styles })
    left -= widthOf(shown)
    if (left <= 0) break
  }
  return kept
}

/** `left` and `right` at the two ends of `width` columns; `right` stays whole, `left` is cut. */
export function justified(left: Line, right: Line, width: number): Line {
  const space = width - lineWidth(right)
  if (space < 2) return cutLine(left, width)
  const shown = cutLine(left, space - 1)
  return [...shown, piece(' '.repeat(space - lineWidth(shown))), ...right]
}

/** The line without styles. */
export function plainText(line: Line): string {
  return line.map(({ text }) => safe(text)).join('')
}

/** The line as a terminal takes it; every text is made safe here once more, whatever came before. */
export function ansi(line: Line, colour: boolean): string {
  const codes = colour ? COLOURS : WITHOUT_COLOUR
  let out = ''
  for (const { text, styles } of line) {
    const sgr = styles.flatMap((style) => codes[style] ?? []).join(';')
    out += sgr === '' ? safe(text) : `\u001b[${sgr}m${safe(text)}\u001b[0m`
  }
  return out
}
