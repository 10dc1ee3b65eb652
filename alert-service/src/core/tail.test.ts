import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARK_BYTES, nextMark, splitLines } from './tail.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const fresh = { skipping: false, ended: false }

describe('lines of a growing file', () => {
  it('are taken only once they are whole', () => {
    expect(splitLines(bytes('one\ntwo\nthr'), fresh, 100)).toEqual({
      lines: [{ text: 'one' }, { text: 'two' }],
      consumed: 8,
      skipping: false,
    })
  })

  it('leave out empty ones, which a writer puts after a full disk', () => {
    expect(splitLines(bytes('\n\none\n'), fresh, 100).lines).toEqual([{ text: 'one' }])
  })

  it('include the rest of a file that gets no more bytes', () => {
    expect(splitLines(bytes('one\ntwo'), { skipping: false, ended: true }, 100).lines).toEqual([
      { text: 'one' },
      { text: 'two' },
    ])
  })

  it('that are too long are one bad line, reported where they end', () => {
    const first = splitLines(bytes('x'.repeat(20)), fresh, 10)
    expect(first).toEqual({ lines: [], consumed: 20, skipping: true })
    const second = splitLines(bytes('xxx\nnext\n'), { skipping: true, ended: false }, 10)
    expect(second.lines).toEqual([{ text: null }, { text: 'next' }])
  })

  it('come out the same however the bytes are cut, in the middle of a character too', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replaceAll(/[\n\r]/g, '·'))
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 40 })), (lines, cuts) => {
        const all = bytes(lines.map((text) => `${text.toWellFormed()}\n`).join(''))
        const got: (string | null)[] = []
        let at = 0
        for (const cut of [...cuts, all.length]) {
          const split = splitLines(all.subarray(at, Math.min(all.length, at + cut)), fresh, 10_000)
          got.push(...split.lines.map(({ text }) => text))
          at += split.consumed
        }
        expect(got).toEqual(lines.map((text) => text.toWellFormed()))
      }),
    )
  })
})

describe('the mark before a place', () => {
  it('is the last bytes that went by, however they were cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 })), (parts) => {
        const all = Buffer.concat(parts)
        const mark = parts.reduce(nextMark, new Uint8Array(0))
        expect(Buffer.from(mark)).toEqual(Buffer.from(all.subarray(Math.max(0, all.length - MARK_BYTES))))
      }),
    )
  })
})
