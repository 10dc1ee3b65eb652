import { describe, expect, it } from 'vitest'
import { isUnfinished, keysOf } from './keys.ts'

const names = (input: string) => keysOf(input).map((key) => (key.kind === 'char' ? key.char : key.kind))

describe('what a terminal sends', () => {
  it.each([
    ['letters', 'cq', ['c', 'q']],
    ['arrows of both modes', '\u001b[A\u001bOB', ['up', 'down']],
    ['arrows with a modifier', '\u001b[1;5A', ['up']],
    [
      'pages, home and end in all their spellings',
      '\u001b[5~\u001b[6~\u001b[H\u001b[4~\u001bOF',
      ['page-up', 'page-down', 'home', 'end', 'end'],
    ],
    [
      'Enter, Backspace, Ctrl-C, Ctrl-Z, Ctrl-L',
      '\r\u007f\u0003\u001a\u000c',
      ['enter', 'backspace', 'interrupt', 'suspend', 'redraw'],
    ],
    ['Escape alone, and before a letter', '\u001b\u001bq', ['escape', 'escape', 'q']],
    ['letters of other scripts whole', 'ü服😀', ['ü', '服', '😀']],
  ])('%s', (_, input, keys) => {
    expect(names(input)).toEqual(keys)
  })

  it('swallows sequences it does not know whole: no part of one acts as a key', () => {
    expect(names('\u001b[200~\u001b[24~\u001b[?62;c\u001bOP\u0001')).toEqual([])
  })

  it('takes at most 64 keys of a paste', () => {
    expect(keysOf('j'.repeat(1000))).toHaveLength(64)
  })

  it('knows when the rest of a sequence may still be on its way', () => {
    expect(['\u001b', '\u001b[', '\u001b[1;5', '\u001bO'].map(isUnfinished)).toEqual([true, true, true, true])
    expect(['\u001b[A', 'q', ''].map(isUnfinished)).toEqual([false, false, false])
  })
})
