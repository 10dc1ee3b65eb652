/** Level bars with the Plimsoll mark, and small lines of recent values, made of characters. */
import { type Piece, piece, type Style } from './line.ts'

/** The characters things are drawn with: `unicode` where the terminal can, else ASCII. */
export interface Glyphs {
  readonly full: string
  /** Parts of a cell, from the smallest. */
  readonly parts: readonly string[]
  readonly empty: string
  readonly mark: string
  readonly critical: string
  readonly warning: string
  readonly up: string
  readonly down: string
  readonly dot: string
  readonly rule: string
  readonly sparks: readonly string[]
}

export const UNICODE: Glyphs = {
  full: '█',
  parts: ['▏', '▎', '▍', '▌', '▋', '▊', '▉'],
  empty: '·',
  mark: '┃',
  critical: '▲',
  warning: '△',
  up: '↑',
  down: '↓',
  dot: '●',
  rule: '─',
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
}

export const ASCII: Glyphs = {
  full: '#',
  parts: [],
  empty: '.',
  mark: '|',
  critical: '!',
  warning: '?',
  up: '^',
  down: 'v',
  dot: '*',
  rule: '-',
  sparks: ['.', '_', '-', '=', '+', '*', '%', '#'],
}

// The same zones as on the page: green to 60 %, yellow to 80 %, red above.
const WARN_PERCENT = 60
const HIGH_PERCENT = 80

export function zoneStyle(percent: number): Style {
  if (percent <= WARN_PERCENT) return 'good'
  return percent <= HIGH_PERCENT ? 'warn' : 'bad'
}

/**
 * A bar `width` cells wide: `percent` of it filled, the mark in its cell whatever the level is. An unknown level
 * (`null`) is an empty bar with nothing in it, a mark of `null` is not drawn.
 */
export function bar(percent: number | null, mark: number | null, width: number, glyphs: Glyphs): readonly Piece[] {
  const at = mark === null ? -1 : Math.min(width - 1, Math.floor((Math.max(0, mark) / 100) * width))
  const over = percent !== null && mark !== null && percent > mark
  if (percent === null) return cells(width, at, () => piece(' '), piece(glyphs.mark, 'quiet'))
  const level = (Math.min(100, Math.max(0, percent)) / 100) * width
  const style = zoneStyle(percent)
  const cell = (i: number): Piece => {
    const filled = level - i
    if (filled >= 1) return piece(glyphs.full, style)
    const part = glyphs.parts[Math.floor(filled * 8) - 1]
    return filled <= 0 || part === undefined ? piece(glyphs.empty, 'quiet') : piece(part, style)
  }
  return cells(width, at, cell, over ? piece(glyphs.mark, 'bad', 'strong') : piece(glyphs.mark, 'strong'))
}

function cells(width: number, markAt: number, cell: (i: number) => Piece, mark: Piece): readonly Piece[] {
  return Array.from({ length: width }, (_, i) => (i === markAt ? mark : cell(i)))
}

/** A value at a time, for a small line. */
export interface Dot {
  readonly at: number
  readonly value: number | null
}

/**
 * The values from `from` to `to` as one line `width` cells wide; each cell is the largest of its values, so that a short
 * peak is seen. A cell without a value is a space. `top` is what the highest cell stands for.
 */
export function sparkline(
  dots: readonly Dot[],
  range: { readonly from: number; readonly to: number; readonly width: number; readonly top: number },
  glyphs: Glyphs,
): string {
  const { from, to, width, top } = range
  const high: (number | null)[] = Array.from({ length: width }, () => null)
  for (const { at, value } of dots) {
    if (value === null || at < from || at > to) continue
    const cell = Math.min(width - 1, Math.floor(((at - from) / (to - from)) * width))
    high[cell] = Math.max(value, high[cell] ?? 0)
  }
  const last = glyphs.sparks.length - 1
  const glyph = (value: number | null): string =>
    value === null ? ' ' : (glyphs.sparks[top <= 0 ? 0 : Math.round((Math.min(top, value) / top) * last)] ?? ' ')
  return high.map(glyph).join('')
}
