/** From one screen to the next: the sequences that change only the rows that differ. */
import { ansi, type Line, lineWidth } from './line.ts'

const ESC = '\u001b['
/** Terminals that know it show a frame at once; the others ignore it. */
const BEGIN_FRAME = `${ESC}?2026h`
const END_FRAME = `${ESC}?2026l`

/** The alternate screen without cursor and without wrapping, and the way back; colours are reset first. */
export const ENTER_SCREEN = `${ESC}?1049h${ESC}?25l${ESC}?7l${ESC}2J`
export const LEAVE_SCREEN = `${ESC}0m${ESC}?7h${ESC}?25h${ESC}?1049l`

/**
 * The rows as the terminal takes them. What a shorter row before it left is erased; not after a full row, where the
 * cursor still stands on the last character and would erase that.
 */
export function rendered(lines: readonly Line[], columns: number, colour: boolean): readonly string[] {
  return lines.map((line) => ansi(line, colour) + (lineWidth(line) < columns ? `${ESC}0m${ESC}K` : ''))
}

/**
 * What to write so that a terminal that shows `before` shows `after`: nothing when they are the same. `before` of
 * `null` is a terminal of which nothing is known: it is cleared.
 */
export function repaint(before: readonly string[] | null, after: readonly string[]): string {
  const rows = after.flatMap((row, i) => (before?.[i] === row ? [] : [`${ESC}${i + 1};1H${row}`]))
  if (before === null) return `${BEGIN_FRAME}${ESC}2J${rows.join('')}${END_FRAME}`
  return rows.length === 0 ? '' : `${BEGIN_FRAME}${rows.join('')}${END_FRAME}`
}
