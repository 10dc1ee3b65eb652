/** Where the reader of the terminal view is, and what each key does. */
import type { Key } from './keys.ts'
import type { Sort } from './rows.ts'

export type View =
  | { readonly kind: 'table' }
  | { readonly kind: 'detail'; readonly name: string }
  | { readonly kind: 'alerts' }
  | { readonly kind: 'help'; readonly from: Exclude<View, { readonly kind: 'help' }> }

export interface Ui {
  readonly view: View
  readonly sort: Sort
  readonly reversed: boolean
  readonly filter: string
  /** True while the filter is typed. */
  readonly typing: boolean
  /** The name the cursor is on: it stays on its container when rows change places. `null` is the first row. */
  readonly selected: string | null
  /** How far a view without a cursor is scrolled. */
  readonly scroll: number
}

export const FIRST_UI: Ui = {
  view: { kind: 'table' },
  sort: 'state',
  reversed: false,
  filter: '',
  typing: false,
  selected: null,
  scroll: 0,
}

/** What a key asks of the world. */
export type Wish =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'look'; readonly name: string }

/** What the keys can act on: the names in the order shown, how many rows a page has, how far a page can scroll. */
export interface Shown {
  readonly names: readonly string[]
  readonly page: number
  readonly maxScroll: number
}

type Step = readonly [Ui, Wish | null]

export const SORT_KEYS: Readonly<Record<string, Sort>> = {
  s: 'state',
  n: 'name',
  c: 'cpu',
  m: 'memory',
  i: 'network',
  t: 'response',
  r: 'restarts',
}
const MAX_FILTER_CHARS = 60

/** The answer to a key: where the reader is then, and what is to be done. */
export function pressed(ui: Ui, key: Key, shown: Shown): Step {
  if (key.kind === 'interrupt') return [ui, { kind: 'quit' }]
  if (key.kind === 'suspend' || key.kind === 'redraw') return [ui, { kind: key.kind }]
  if (ui.typing) return [typed(ui, key), null]
  if (key.kind === 'char' && key.char === 'q') return [ui, { kind: 'quit' }]
  if (key.kind === 'char' && (key.char === '?' || key.char === 'h')) return [toggledHelp(ui), null]
  switch (ui.view.kind) {
    case 'table':
      return inTable(ui, key, shown)
    case 'detail':
    case 'alerts':
    case 'help':
      return [inPage(ui, key, shown), null]
  }
}

function typed(ui: Ui, key: Key): Ui {
  if (key.kind === 'char') return { ...ui, filter: [...ui.filter, key.char].slice(0, MAX_FILTER_CHARS).join('') }
  if (key.kind === 'backspace') return { ...ui, filter: [...ui.filter].slice(0, -1).join('') }
  if (key.kind === 'clear-line') return { ...ui, filter: '' }
  if (key.kind === 'enter') return { ...ui, typing: false }
  return key.kind === 'escape' ? { ...ui, filter: '', typing: false } : ui
}

function toggledHelp(ui: Ui): Ui {
  const view: View = ui.view.kind === 'help' ? ui.view.from : { kind: 'help', from: ui.view }
  return { ...ui, view, scroll: 0 }
}

function inTable(ui: Ui, key: Key, shown: Shown): Step {
  if (key.kind === 'char') return [charInTable(ui, key.char, shown), null]
  const at = cursorOf(ui, shown.names)
  if (key.kind === 'enter') {
    const name = shown.names[at]
    return name === undefined
      ? [ui, null]
      : [
          { ...ui, view: { kind: 'detail', name }, selected: name, scroll: 0 },
          { kind: 'look', name },
        ]
  }
  if (key.kind === 'escape') return [{ ...ui, filter: '' }, null]
  const to = moved(key.kind, at, shown)
  return [to === null ? ui : { ...ui, selected: shown.names[to] ?? null }, null]
}

function charInTable(ui: Ui, char: string, shown: Shown): Ui {
  const sort = SORT_KEYS[char]
  if (sort !== undefined) return { ...ui, sort, reversed: sort === ui.sort ? !ui.reversed : false }
  if (char === '/') return { ...ui, typing: true }
  if (char === 'a') return { ...ui, view: { kind: 'alerts' }, scroll: 0 }
  const kind = LETTER_MOVES[char]
  const to = kind === undefined ? null : moved(kind, cursorOf(ui, shown.names), shown)
  return to === null ? ui : { ...ui, selected: shown.names[to] ?? null }
}

const LETTER_MOVES: Readonly<Record<string, Key['kind']>> = {
  j: 'down',
  k: 'up',
  g: 'home',
  G: 'end',
  ' ': 'page-down',
}

/** Where the cursor stands among the rows shown: on its container, or on the first when that is not shown. */
export function cursorOf(ui: Ui, names: readonly string[]): number {
  return ui.selected === null ? 0 : Math.max(0, names.indexOf(ui.selected))
}

function moved(kind: Key['kind'], at: number, { names, page }: Shown): number | null {
  const last = Math.max(0, names.length - 1)
  const to = target(kind, at, { page, last })
  return to === null ? null : Math.min(last, Math.max(0, to))
}

function target(kind: Key['kind'], at: number, to: { readonly page: number; readonly last: number }): number | null {
  if (kind === 'up') return at - 1
  if (kind === 'down') return at + 1
  if (kind === 'page-up') return at - to.page
  if (kind === 'page-down') return at + to.page
  if (kind === 'home') return 0
  return kind === 'end' ? to.last : null
}

function inPage(ui: Ui, key: Key, shown: Shown): Ui {
  const char = key.kind === 'char' ? key.char : null
  if (key.kind === 'escape' || key.kind === 'backspace' || key.kind === 'enter')
    return { ...ui, view: ui.view.kind === 'help' ? ui.view.from : { kind: 'table' }, scroll: 0 }
  if (char === 'a')
    return { ...ui, view: ui.view.kind === 'alerts' ? { kind: 'table' } : { kind: 'alerts' }, scroll: 0 }
  const kind = char === null ? key.kind : LETTER_MOVES[char]
  const to = kind === undefined ? null : target(kind, ui.scroll, { page: shown.page, last: shown.maxScroll })
  return to === null ? ui : { ...ui, scroll: Math.min(shown.maxScroll, Math.max(0, to)) }
}
