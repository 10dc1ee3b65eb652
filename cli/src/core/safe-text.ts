/** Text of others on a terminal: nothing a container can name or print may move the cursor, colour or title anything. */
import stringWidth from 'string-width'

// Control characters, line separators, and the marks that are invisible or turn text around.
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu
const plain = /^[\x20-\x7e]*$/

/** `text` with everything a terminal could obey made visible as `�`; line breaks and tabs become spaces. */
export function safe(text: string): string {
  if (plain.test(text)) return text
  return text
    .toWellFormed()
    .replaceAll(/[\t\r\n]+/g, ' ')
    .replaceAll(unsafe, '�')
}

// One column each: Latin, dashes and quotes, arrows, and what bars and boxes are drawn with. Anything else is looked up,
// which is a hundred times slower.
const narrow = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25cf\ufffd]*$/

/** How many columns of a terminal `text` takes. */
export function widthOf(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text)
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })
const MORE = '…'

/** `text` in at most `width` columns; what is cut off leaves a `…`. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of segments.segment(text)) {
    const wide = widthOf(segment)
    if (used + wide > width - 1) break
    kept += segment
    used += wide
  }
  return kept + MORE
}

/**
 * `text` made safe and exactly `width` columns wide, what is too much taken from its middle: the names of a project's
 * containers differ at their ends.
 */
export function paddedName(text: string, width: number): string {
  const shown = safe(text)
  if (widthOf(shown) <= width || width < 8) return padded(shown, width)
  const tail: string[] = []
  let used = 0
  for (const { segment } of [...segments.segment(shown)].reverse()) {
    const wide = widthOf(segment)
    if (used + wide > Math.floor((width - 1) / 2)) break
    tail.unshift(segment)
    used += wide
  }
  return padded(cut(shown, width - used) + tail.join(''), width)
}

/** `text` made safe and exactly `width` columns wide. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(safe(text), width)
  const rest = ' '.repeat(Math.max(0, width - widthOf(shown)))
  return align === 'left' ? shown + rest : rest + shown
}
