import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endLog, feedLog, MAX_LINE_CHARS, MAX_LOG_CHARS, newLogReader } from './log-lines.ts'

const encoder = new TextEncoder()
const AT = '2026-11-21T14:00:00.123456789Z'
const TIME = Date.UTC(2026, 10, 21, 14) + 123.456789

function frame(stream: 1 | 2, message: string | Uint8Array, time = `${AT} `): Uint8Array {
  const bytes = typeof message === 'string' ? encoder.encode(message) : message
  const payload = new Uint8Array([...encoder.encode(time), ...bytes])
  const header = new Uint8Array(8)
  header[0] = stream
  new DataView(header.buffer).setUint32(4, payload.length)
  return new Uint8Array([...header, ...payload])
}

function read(...chunks: Uint8Array[]) {
  const reader = newLogReader()
  for (const chunk of chunks) feedLog(reader, chunk)
  return endLog(reader)
}
const texts = (answer: ReturnType<typeof read>) => answer.lines.map(({ text }) => text)

describe('a log without a terminal', () => {
  it('tells the two streams apart, each line with its time', () => {
    expect(read(frame(1, 'hello\n'), frame(2, 'oh no\n'))).toEqual({
      lines: [
        { at: expect.closeTo(TIME, 3), stream: 'stdout', text: 'hello' },
        { at: expect.closeTo(TIME, 3), stream: 'stderr', text: 'oh no' },
      ],
      truncated: false,
    })
  })

  it('is the same however the bytes are split', () => {
    const whole = new Uint8Array([
      ...frame(1, 'one ü €\n'),
      ...frame(2, 'two\n'),
      ...frame(1, '\n'),
      ...frame(1, 'open end'),
    ])
    const expected = read(whole)
    expect(texts(expected)).toEqual(['one ü €', 'two', '', 'open end'])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
        expect(read(...places.slice(1).map((end, i) => whole.slice(places[i], end)))).toEqual(expected)
      }),
    )
  })

  it('puts the parts of a long message together, also where a character is cut in two', () => {
    const euro = encoder.encode('€')
    expect(
      texts(read(frame(1, euro.slice(0, 1)), frame(2, 'between\n'), frame(1, euro.slice(1)), frame(1, '!\n'))),
    ).toEqual(['between', '€!'])
  })

  it('keeps control characters and colours as they are, and makes of bytes that are no text a mark', () => {
    expect(texts(read(frame(1, '\x1b[31mred\x1b[0m\x07\r\n')))).toEqual(['\x1b[31mred\x1b[0m\x07\r'])
    expect(texts(read(frame(1, Uint8Array.of(0xff, 0xfe, 0x0a))))).toEqual(['\ufffd\ufffd'])
  })

  it('a line that begins like a time, but has none of its own, is whole', () => {
    expect(read(frame(1, 'no time here\n', ''))).toMatchObject({ lines: [{ at: null, text: 'no time here' }] })
  })
})

describe('a log with a terminal', () => {
  it('is lines of text, without the terminal’s carriage returns', () => {
    expect(read(encoder.encode(`${AT} $ ls\r\n${AT} a  b\r\n`))).toMatchObject({
      lines: [
        { at: expect.closeTo(TIME, 3), stream: 'stdout', text: '$ ls' },
        { stream: 'stdout', text: 'a  b' },
      ],
    })
  })
})

describe('a log without end', () => {
  it('keeps the newest lines, and says that there were more', () => {
    const reader = newLogReader()
    for (let i = 0; i < 3000; i++) feedLog(reader, frame(1, `${i} ${'x'.repeat(1000)}\n`))
    const { lines, truncated } = endLog(reader)
    expect(truncated).toBe(true)
    expect(lines.at(-1)?.text.startsWith('2999 ')).toBe(true)
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MAX_LOG_CHARS)
  })

  it('cuts a line that never ends', () => {
    const parts = Array.from({ length: 20 }, () => frame(1, 'y'.repeat(8000)))
    const { lines, truncated } = read(...parts)
    expect(lines.map(({ text }) => text.length)).toEqual([MAX_LINE_CHARS])
    expect(truncated).toBe(true)
  })

  it('any bytes end in an answer', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => void read(...chunks)),
    )
  })
})
