import { describe, expect, it } from 'vitest'
import { ASCII, bar, sparkline, UNICODE } from './bar.ts'
import { plainText } from './line.ts'

const drawn = (level: number | null, mark: number | null, width = 10, glyphs = ASCII) =>
  plainText(bar(level, mark, width, glyphs))

describe('a level bar', () => {
  it.each([
    ['is filled to its level, the mark in its place', 30, 80, '###.....|.'],
    ['shows the mark when the level is beyond it', 95, 40, '####|####.'],
    ['is full at 100 and beyond', 250, null, '##########'],
    ['keeps a mark of 100 % inside', 0, 100, '.........|'],
    ['that is unknown has no level, only the mark', null, 80, '        | '],
    ['that is unknown without a mark is empty', null, null, '          '],
  ])('%s', (_, level, mark, text) => {
    expect(drawn(level, mark)).toBe(text)
  })

  it('draws eighths of a cell where the terminal can', () => {
    expect(drawn(12.5, null, 4, UNICODE)).toBe('▌···')
  })

  it('is green to 60 %, yellow to 80 %, red above; the mark turns red when it is passed', () => {
    expect(bar(60, null, 1, ASCII)[0]?.styles).toEqual(['quiet'])
    expect(bar(60, null, 2, ASCII)[0]?.styles).toEqual(['good'])
    expect(bar(80, null, 2, ASCII)[0]?.styles).toEqual(['warn'])
    expect(bar(81, null, 2, ASCII)[0]?.styles).toEqual(['bad'])
    expect(bar(50, 10, 4, ASCII)[0]?.styles).toEqual(['bad', 'strong'])
  })
})

describe('a line of recent values', () => {
  const range = { from: 0, to: 100, width: 10, top: 70 }

  it('stands at its time and leaves a gap where nothing is known', () => {
    const dots = [
      { at: 0, value: 0 },
      { at: 15, value: 70 },
      { at: 25, value: null },
      { at: 100, value: 35 },
    ]
    expect(sparkline(dots, range, ASCII)).toBe('.#       +')
  })

  it('shows the highest of what falls into one cell', () => {
    const dots = [10, 70, 0].map((value, i) => ({ at: i, value }))
    expect(sparkline(dots, range, ASCII)).toBe('#         ')
  })

  it('leaves out what is older than its beginning', () => {
    expect(sparkline([{ at: -1, value: 70 }], range, ASCII)).toBe(' '.repeat(10))
  })
})
