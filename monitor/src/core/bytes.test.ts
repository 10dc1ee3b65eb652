import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digitsAt, keysOf, known, nextLine, readKeyed, skipSpaces, wordEnd, wordOf } from './bytes.ts'

describe('numbers by their digits', () => {
  it('are what JavaScript reads in the same text', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.string({ maxLength: 5 }), (value, after) => {
        const bytes = wordOf(`${value} ${after}`)
        expect(digitsAt(bytes, 0, bytes.length)).toBe(value)
      }),
    )
  })

  it.each([
    ['max', Number.NaN],
    ['', Number.NaN],
    ['-1', Number.NaN],
    ['0', 0],
    ['12\n', 12],
  ])('%j is %d', (text, value) => {
    expect(digitsAt(wordOf(text), 0, wordOf(text).length)).toBe(value)
  })

  it('ends where the file ends, though the buffer goes on with the file before', () => {
    expect(digitsAt(wordOf('1234567'), 0, 3)).toBe(123)
  })
})

describe('words and lines', () => {
  const bytes = wordOf('  one two\nthree')
  it('finds where a word begins and ends', () => {
    expect([skipSpaces(bytes, 0, bytes.length), wordEnd(bytes, 2, bytes.length)]).toEqual([2, 5])
  })
  it('finds the next line, and the end after the last', () => {
    expect([nextLine(bytes, 0, bytes.length), nextLine(bytes, 10, bytes.length)]).toEqual([10, bytes.length])
  })
  it('does not find a line beyond the end', () => {
    expect(nextLine(bytes, 0, 5)).toBe(5)
  })
})

describe('files of keys and values', () => {
  const keys = keysOf('total_cache', 'total_rss', 'missing', 'cache')
  const read = (text: string): (number | null)[] => {
    const into = new Float64Array(8)
    const bytes = wordOf(text)
    readKeyed(bytes, bytes.length, keys, into)
    return [...into.subarray(0, keys.length)].map(known)
  }

  it('finds each key at the start of its line only, in any order', () => {
    expect(read('total_rss 7\ncache 1\nxtotal_cache 9\ntotal_cache 42\n')).toEqual([42, 7, null, 1])
  })
  it('an empty file tells nothing', () => {
    expect(read('')).toEqual([null, null, null, null])
  })
  it('never throws and never invents a value, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const value of read(text)) expect(value === null || value >= 0).toBe(true)
      }),
    )
  })
})
