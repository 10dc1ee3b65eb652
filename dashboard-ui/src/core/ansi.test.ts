import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf, plainOf } from './ansi.ts'

const ESC = '\u001b'
const brief = (line: string) => piecesOf(line).map(({ text, fg, bold }) => [text, fg, bold])

describe('colours of a log line', () => {
  it('become looks, and end where they end', () => {
    expect(brief(`a ${ESC}[31;1mred${ESC}[0m b`)).toEqual([
      ['a ', null, false],
      ['red', 1, true],
      [' b', null, false],
    ])
  })

  it('of 256 or millions become the nearest of the page’s sixteen', () => {
    expect(brief(`${ESC}[38;5;196mx${ESC}[38;2;20;200;20my${ESC}[39mz`)).toEqual([
      ['x', 9, false],
      ['y', 2, false],
      ['z', null, false],
    ])
  })

  it('are the only thing obeyed: titles, links, clearing and moving are dropped', () => {
    expect(plainOf(`${ESC}[2J${ESC}[H${ESC}]0;owned\u0007${ESC}]8;;http://x\u001b\\ok${ESC}c`)).toBe('ok')
  })

  it('show what steers a terminal or turns text around, and keep tabs', () => {
    expect(plainOf('a\u0000b\rc\td\u202ee')).toBe('a␀b␍c\td\\u202ee')
  })

  it('leave nothing in a line that could steer anything, whatever was written (property)', () => {
    const nasty = fc.array(
      fc.oneof(fc.constantFrom(ESC, '[', ']', '0', ';', 'm', '\u009b', '\u0007', '\r'), fc.string()),
    )
    fc.assert(
      fc.property(nasty, (parts) => {
        const line = parts.join('')
        const text = piecesOf(line)
          .map((piece) => piece.text)
          .join('')
        expect(text).toBe(plainOf(line))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e]/)
      }),
    )
  })
})
