import { describe, expect, it } from 'vitest'
import { keysOf } from './keys.ts'
import { FIRST_UI, pressed, type Shown, type Ui } from './ui.ts'

const shown: Shown = { names: ['a', 'b', 'c', 'd'], page: 2, maxScroll: 5 }
const after = (input: string, ui: Ui = FIRST_UI): Ui =>
  keysOf(input).reduce((is, key) => pressed(is, key, shown)[0], ui)
const wish = (input: string, ui: Ui = FIRST_UI) => pressed(ui, keysOf(input)[0] ?? { kind: 'escape' }, shown)[1]

const DOWN = '\u001b[B'
const ESC = '\u001b'

describe('keys in the table', () => {
  it('the cursor moves by one, by a page, to the ends, and stays inside', () => {
    expect(after(DOWN).selected).toBe('b')
    expect(after(`${DOWN}\u001b[6~`).selected).toBe('d')
    expect(after('Gjj').selected).toBe('d')
    expect(after('Gg').selected).toBe('a')
    expect(after('k').selected).toBe('a')
  })

  it('the cursor stays on its container when the order changes', () => {
    const ui = after('j')
    const [next] = pressed(ui, { kind: 'down' }, { ...shown, names: ['d', 'b', 'c', 'a'] })
    expect(next.selected).toBe('c')
  })

  it('a sort key sorts, and turns the order round when pressed again', () => {
    expect(after('c')).toMatchObject({ sort: 'cpu', reversed: false })
    expect(after('cc')).toMatchObject({ sort: 'cpu', reversed: true })
    expect(after('ccm')).toMatchObject({ sort: 'memory', reversed: false })
  })

  it('Enter opens the container and asks for its history', () => {
    const ui = after('j')
    expect(after('\r', ui).view).toEqual({ kind: 'detail', name: 'b' })
    expect(wish('\r', ui)).toEqual({ kind: 'look', name: 'b' })
  })

  it('Enter in an empty table does nothing', () => {
    expect(pressed(FIRST_UI, { kind: 'enter' }, { ...shown, names: [] })).toEqual([FIRST_UI, null])
  })

  it('while a filter is typed every letter is text, q too; Enter keeps it, Escape clears it', () => {
    expect(after('/web q')).toMatchObject({ filter: 'web q', typing: true })
    expect(after('/web\u007f\r')).toMatchObject({ filter: 'we', typing: false })
    expect(after(`/web\r${ESC}`)).toMatchObject({ filter: '', typing: false })
    expect(wish('q', after('/'))).toBeNull()
    expect(wish('\u0003', after('/'))).toEqual({ kind: 'quit' })
  })
})

describe('keys on the other pages', () => {
  it('scroll inside what there is', () => {
    const alerts = after('a')
    expect(after(DOWN, alerts).scroll).toBe(1)
    expect(after('GGj', alerts).scroll).toBe(5)
    expect(after('k', alerts).scroll).toBe(0)
  })

  it('help comes from everywhere and leads back there', () => {
    const alerts = after('a')
    expect(after('?', alerts).view).toEqual({ kind: 'help', from: { kind: 'alerts' } })
    expect(after('??', alerts).view).toEqual({ kind: 'alerts' })
    expect(after(`?${ESC}`, alerts).view).toEqual({ kind: 'alerts' })
    expect(after(ESC, alerts).view).toEqual({ kind: 'table' })
  })

  it('q quits from every page', () => {
    for (const ui of [FIRST_UI, after('a'), after('?'), after('\r')]) expect(wish('q', ui)).toEqual({ kind: 'quit' })
  })
})
