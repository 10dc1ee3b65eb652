import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ansi, plainText } from './line.ts'
import { cut, padded, paddedName, safe, widthOf } from './safe-text.ts'

/** Any code points, half of them where the controls and the marks are. fast-check's own `binary` takes 5 s to begin. */
const point = fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.integer({ min: 0, max: 0x2070 }))
const anyText = fc.array(point, { maxLength: 40 }).map((points) => String.fromCodePoint(...points))

describe('text of others on a terminal', () => {
  it('shows what a terminal would obey instead of letting it', () => {
    expect(safe('x\u001b]0;owned\u0007\u001b[2Jy')).toBe('x�]0;owned��[2Jy')
    expect(safe('a\u202eb\u200bc\u009bd')).toBe('a�b�c�d')
  })

  it('makes one line of many', () => {
    expect(safe('first\r\n\tsecond')).toBe('first second')
  })

  it('leaves names and other scripts as they are', () => {
    expect(safe('web-1 größe 服务')).toBe('web-1 größe 服务')
  })

  it('counts columns, not characters', () => {
    expect(widthOf('服务')).toBe(4)
    expect(widthOf('e\u0301')).toBe(1)
  })

  it('cuts to the width with a mark, never through a character', () => {
    expect(cut('monitored-app', 8)).toBe('monitor…')
    expect(cut('服务服务', 4)).toBe('服…')
    expect(cut('abc', 0)).toBe('')
  })

  it('a name that is too long keeps its end, where the names of a project differ', () => {
    expect(paddedName('plimdev-postgres-1', 16)).toBe('plimdev-…tgres-1')
    expect(paddedName('web', 6)).toBe('web   ')
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(widthOf(paddedName(text, width))).toBe(width)
      }),
    )
  })

  it('whatever the text: exactly as wide as asked, and nothing in it is a control', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, width) => {
        const shown = padded(text, width)
        expect(widthOf(shown)).toBe(width)
        expect(shown).not.toMatch(/\p{Cc}/u)
      }),
    )
  })

  it('a line of any texts holds no control but our own colours', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const out = ansi([{ text, styles: ['bad', 'strong'] }], true)
        expect(out).toBe(`\u001b[31;1m${plainText([{ text, styles: [] }])}\u001b[0m`)
        expect(out.slice(7, -4)).not.toMatch(/\p{Cc}/u)
      }),
    )
  })

  it('without colour there is bold and reverse, and no colour', () => {
    expect(
      ansi(
        [
          { text: 'a', styles: ['bad'] },
          { text: 'b', styles: ['good'] },
        ],
        false,
      ),
    ).toBe('\u001b[1ma\u001b[0mb')
  })
})
