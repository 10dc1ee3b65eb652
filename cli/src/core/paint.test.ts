import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piece } from './line.ts'
import { rendered, repaint } from './paint.ts'

/** As much of a terminal as frames use: places the cursor, writes, erases to the end of the row, clears. */
class FakeTerminal {
  readonly cells: string[][]
  readonly #columns: number
  #row = 0
  #column = 0

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => '?'))
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it reads what a terminal reads
    for (const [token, args, final] of text.matchAll(/\u001b\[([0-?]*)([@-~])|[^\u001b]/g)) {
      if (final === undefined) this.#put(token)
      else if (final === 'H')
        [this.#row, this.#column] = (args ?? '').split(';').map((n) => Number(n) - 1) as [number, number]
      else if (final === 'K') this.cells[this.#row]?.fill(' ', this.#column)
      else if (final === 'J') for (const row of this.cells) row.fill(' ')
    }
  }

  #put(char: string): void {
    const row = this.cells[this.#row]
    if (row !== undefined) row[this.#column] = char
    // Without wrapping the cursor stays on the last column.
    this.#column = Math.min(this.#columns - 1, this.#column + 1)
  }

  get rows(): string[] {
    return this.cells.map((row) => row.join(''))
  }
}

const frames = fc.array(fc.array(fc.stringMatching(/^[a-z ]{0,8}$/), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 6,
})

describe('painting', () => {
  it('after any run of frames the terminal shows the last one', () => {
    fc.assert(
      fc.property(frames, (run) => {
        const terminal = new FakeTerminal(8, 3)
        let before: readonly string[] | null = null
        for (const frame of run) {
          const after = rendered(
            frame.map((text) => [piece(text, 'strong')]),
            8,
            true,
          )
          terminal.write(repaint(before, after))
          before = after
        }
        expect(terminal.rows).toEqual(run.at(-1)?.map((text) => text.padEnd(8)))
      }),
    )
  })

  it('writes nothing when nothing changed, and only the rows that did', () => {
    const one = rendered([[piece('a')], [piece('b')]], 80, true)
    const two = rendered([[piece('a')], [piece('c')]], 80, true)
    expect(repaint(one, one)).toBe('')
    expect(repaint(one, two)).toContain('\u001b[2;1Hc')
    expect(repaint(one, two)).not.toContain('\u001b[1;1H')
  })
})
