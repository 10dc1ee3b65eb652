import type { LogLine } from '@plimsoll/contracts/http'
import { describe, expect, it } from 'vitest'
import { continued, levelOf, lineAt, MOST_LINES, matching } from './logs.ts'

const line = (at: number, text = `line ${at}`): LogLine => ({ at, stream: 'stdout', text })
const texts = (lines: readonly { plain: string }[]) => lines.map(({ plain }) => plain)

describe('a tail that is asked for again', () => {
  it('goes on where the known lines end, each line once', () => {
    const first = continued([], [line(1), line(2)])
    const then = continued(first.lines, [line(2), line(3)])
    expect(texts(then.lines)).toEqual(['line 1', 'line 2', 'line 3'])
    expect(then.gap).toBe(false)
    expect(then.lines[0]).toBe(first.lines[0])
  })

  it('stays the same when nothing was written', () => {
    const first = continued([], [line(1)])
    expect(continued(first.lines, [line(1)]).lines).toBe(first.lines)
    expect(continued(first.lines, []).lines).toBe(first.lines)
  })

  it('tells two equal lines of one moment apart from one told twice', () => {
    const first = continued([], [line(1, 'tick'), line(1, 'tick')])
    expect(continued(first.lines, [line(1, 'tick'), line(1, 'tick'), line(2)]).lines).toHaveLength(3)
  })

  it('says when more was written in between than was asked for', () => {
    const first = continued([], [line(1)])
    expect(continued(first.lines, [line(8), line(9)]).gap).toBe(true)
  })

  it('holds a bounded number of lines', () => {
    const many = Array.from({ length: MOST_LINES + 10 }, (_, i) => line(i))
    expect(continued([], many).lines).toHaveLength(MOST_LINES)
  })
})

describe('the level of a line', () => {
  it.each([
    ['{"level":50,"msg":"x"}', 'error'],
    ['{"level":30,"msg":"an error was avoided"}', 'info'],
    ['time=… level=warn msg="y"', 'warn'],
    ['2026-11-21 ERROR: relation does not exist', 'error'],
    ['2026-11-21 UTC [1] LOG:  database system is ready', 'info'],
    ['[Warning] low', 'warn'],
    ['DEBUG error handler set', 'debug'],
    ['GET / 200', 'none'],
    ['terrorists', 'none'],
  ] as const)('%s is %s', (text, level) => {
    expect(levelOf(text)).toBe(level)
  })
})

describe('finding lines', () => {
  const { lines } = continued([], [line(1, 'GET /health 200'), line(5, '\u001b[31mGET\u001b[0m /slow 500')])

  it('is by all words, past the colours', () => {
    expect(texts(matching(lines, 'get 500'))).toEqual(['GET /slow 500'])
    expect(matching(lines, '')).toBe(lines)
  })

  it('is by the moment too', () => {
    expect(lineAt(lines, 2)?.plain).toBe('GET /slow 500')
    expect(lineAt(lines, 6)).toBeNull()
  })
})
