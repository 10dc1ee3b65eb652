import { MASKED } from '@plimsoll/contracts/evidence'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evidenceLogs, MAX_CHARS, MAX_LINE_CHARS, MAX_LINES, maskedText } from './evidence-log.ts'

const line = (text: string) => ({ at: 1, stream: 'stdout', text }) as const
const log = (...texts: string[]) => ({ lines: texts.map(line), truncated: false })

describe('the last lines of a container as evidence', () => {
  it('are as they were written', () => {
    const logs = log('a', '', '\u001b[31mred\u001b[0m')
    expect(evidenceLogs(logs)).toEqual({ ...logs, maskedLines: 0 })
  })

  it('are the newest fifty', () => {
    const told = evidenceLogs(log(...Array.from({ length: 80 }, (_, i) => `line ${i}`)))
    expect(told.lines).toHaveLength(MAX_LINES)
    expect(told).toMatchObject({ truncated: true })
    expect(told.lines.at(-1)?.text).toBe('line 79')
  })

  it('are masked before they are cut: a secret at the edge is no half of one', () => {
    const told = evidenceLogs(log(`${'x'.repeat(MAX_LINE_CHARS - 14)} password=hunter2hunter2hunter2`))
    expect(told.lines[0]?.text).not.toContain('hunter')
    expect(told.maskedLines).toBe(1)
  })

  it('of too much text are the newest that fit', () => {
    const told = evidenceLogs(log(...Array.from({ length: 50 }, (_, i) => `${i} ${'y'.repeat(3000)}`)))
    expect(told.lines.at(-1)?.text.startsWith('49 ')).toBe(true)
    expect(told.lines.length).toBe(MAX_CHARS / MAX_LINE_CHARS)
    expect(told.truncated).toBe(true)
  })

  it('stay within their bounds whatever was written', () => {
    const piece = fc.string({ unit: 'binary', maxLength: 12 })
    const text = fc.tuple(piece, fc.nat({ max: 600 })).map(([one, times]) => one.repeat(times))
    const any = fc.array(text, { maxLength: 60 })
    fc.assert(
      fc.property(any, (texts) => {
        const { lines } = evidenceLogs(log(...texts))
        expect(lines.length).toBeLessThanOrEqual(MAX_LINES)
        expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MAX_CHARS)
        expect(lines.every(({ text }) => text.length <= MAX_LINE_CHARS && text.isWellFormed())).toBe(true)
      }),
      { numRuns: 8 },
    )
  })
})

it('text of others is masked and cut', () => {
  expect(maskedText('token=abc and more', 10)).toBe(`token=${MASKED}`.slice(0, 10))
})
