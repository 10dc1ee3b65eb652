/**
 * A line as a container wrote it, made safe to show: colours become classes, every other control sequence is dropped, and
 * characters that steer a terminal or turn text around are shown as pictures instead of obeyed.
 */

/** A stretch of a line in one look. `fg` and `bg` are 0 to 15; `null` is the page's own. */
export interface Piece {
  readonly text: string
  readonly fg: number | null
  readonly bg: number | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
}

type Look = Omit<Piece, 'text'>
const PLAIN: Look = { fg: null, bg: null, bold: false, dim: false, italic: false, underline: false }

const ESC = '\\u001b'
/** Colours and the rest of CSI; OSC (titles, links) to its end; what else begins with ESC. */
const sequence = new RegExp(
  [
    `${ESC}\\[([0-9;:]*)([ -/]*[@-~])`,
    `${ESC}\\][^\\u0007\\u001b]*(?:\\u0007|${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]`,
    '\\u009b([0-9;:]*)([@-~])',
  ].join('|'),
  'g',
)
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/g
const turning = /[\u0080-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

function shown(text: string): string {
  return text
    .replaceAll(control, (c) => (c === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0))))
    .replaceAll(turning, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One of 256 colours or a true colour as the nearest of 16: the page has its own palette, light and dark. */
function nearest(codes: readonly number[]): number | null {
  const [kind, a = 0, b = 0, c = 0] = codes
  if (kind === 5) {
    if (a < 16) return a
    if (a > 231) return a > 243 ? 7 : 8
    const cube = a - 16
    return sixteenOf([Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51])
  }
  return kind === 2 ? sixteenOf([a, b, c]) : null
}

function sixteenOf(rgb: readonly number[]): number {
  const top = Math.max(...rgb)
  const bits = rgb.reduce((sum, part, i) => sum + (part > top / 2 && part > 40 ? 1 << i : 0), 0)
  return bits + (top > 200 ? 8 : 0)
}

/** The look after the numbers of one `ESC [ … m`. */
function lookAfter(look: Look, numbers: readonly number[]): Look {
  let next = look
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i] ?? 0
    if (n === 38 || n === 48) {
      const colour = nearest(numbers.slice(i + 1))
      next = n === 38 ? { ...next, fg: colour } : { ...next, bg: colour }
      i += numbers[i + 1] === 2 ? 4 : 2
    } else next = lookWith(next, n)
  }
  return next
}

function lookWith(look: Look, n: number): Look {
  if (n === 0) return PLAIN
  if (n === 1) return { ...look, bold: true }
  if (n === 2) return { ...look, dim: true }
  if (n === 3) return { ...look, italic: true }
  if (n === 4) return { ...look, underline: true }
  if (n === 22) return { ...look, bold: false, dim: false }
  if (n === 23) return { ...look, italic: false }
  if (n === 24) return { ...look, underline: false }
  if (n === 39) return { ...look, fg: null }
  if (n === 49) return { ...look, bg: null }
  if (n >= 30 && n <= 37) return { ...look, fg: n - 30 }
  if (n >= 90 && n <= 97) return { ...look, fg: n - 82 }
  if (n >= 40 && n <= 47) return { ...look, bg: n - 40 }
  if (n >= 100 && n <= 107) return { ...look, bg: n - 92 }
  return look
}

/** A line as pieces. Their texts together are what a reader may see, and nothing else of the line is. */
export function piecesOf(line: string): readonly Piece[] {
  const pieces: Piece[] = []
  let look = PLAIN
  let from = 0
  const put = (text: string) => {
    if (text !== '') pieces.push({ ...look, text: shown(text) })
  }
  for (const match of line.matchAll(sequence)) {
    put(line.slice(from, match.index))
    from = match.index + match[0].length
    const end = match[2] ?? match[4]
    if (end === 'm') look = lookAfter(look, (match[1] ?? match[3] ?? '').split(/[;:]/).map(Number))
  }
  put(line.slice(from))
  return pieces
}

/** What a reader sees of a line, as plain text: for searching. */
export function plainOf(line: string): string {
  return shown(line.replaceAll(sequence, ''))
}
