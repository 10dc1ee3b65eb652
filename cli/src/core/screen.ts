/** The whole screen as lines: a function of what is known, where the reader is, and how large the terminal is. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Glyphs } from './bar.ts'
import { detailLines, type PageLook } from './detail.ts'
import { banner, header, hostLine } from './header.ts'
import { cutLine, justified, type Line, piece } from './line.ts'
import { alertsLines, helpLines } from './pages.ts'
import { filtered, type Row, rowsOf, sorted } from './rows.ts'
import type { State } from './state.ts'
import { type TableLook, tableHead, tableRow } from './table.ts'
import { cursorOf, type Shown, type Ui } from './ui.ts'
import { plural } from './words.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Look {
  readonly size: Size
  readonly now: EpochMs
  readonly glyphs: Glyphs
  /** The monitor's address, for the banner. */
  readonly where: string
}

export interface Screen {
  /** Exactly as many as the terminal has rows, none wider than it. */
  readonly lines: readonly Line[]
  readonly shown: Shown
}

export function screen(state: State, ui: Ui, look: Look): Screen {
  const width = look.size.columns
  const page: PageLook = { width, now: look.now, glyphs: look.glyphs }
  const note = banner(state, look.where, look.now)
  const host = hostLine(state, look.glyphs)
  const between: readonly Line[] = [...(note === null ? [] : [[note]]), ...(host === null ? [] : [host])]
  const top = [...header(state, page), ...(between.length === 0 ? [[]] : between)]
  const room = Math.max(1, look.size.rows - top.length - 1)
  const body =
    ui.view.kind === 'table' ? tableBody(state, ui, { look, room }) : pageBody(pageOf(state, ui, page), ui, room)
  const middle = Array.from({ length: room }, (_, i) => body.lines[i] ?? [])
  const lines = [...top, ...middle, keysLine(ui, body, width)]
  return { lines: lines.slice(0, look.size.rows).map((line) => cutLine(line, width)), shown: body.shown }
}

interface Body {
  readonly lines: readonly Line[]
  readonly shown: Shown
  /** Where in the whole the reader is. */
  readonly place: string
}

function pageOf(state: State, ui: Ui, look: PageLook): readonly Line[] {
  switch (ui.view.kind) {
    case 'table':
      return []
    case 'detail':
      return detailLines(state, ui.view.name, look)
    case 'alerts':
      return alertsLines(state, look)
    case 'help':
      return helpLines(look)
  }
}

function pageBody(lines: readonly Line[], ui: Ui, room: number): Body {
  const maxScroll = Math.max(0, lines.length - room)
  const from = Math.min(ui.scroll, maxScroll)
  const place = maxScroll === 0 ? '' : `${from + 1}-${Math.min(lines.length, from + room)} of ${lines.length}`
  return { lines: lines.slice(from, from + room), shown: { names: [], page: Math.max(1, room - 1), maxScroll }, place }
}

function tableBody(state: State, ui: Ui, { look, room }: { look: Look; room: number }): Body {
  const all = rowsOf(state)
  const rows = sorted(filtered(all, ui.filter), ui.sort, ui.reversed)
  const names = rows.map(({ view }) => view.name)
  const page = Math.max(1, room - 1)
  const at = cursorOf(ui, names)
  // The cursor's row is always seen, and the window stays full while there are rows to fill it.
  const from = Math.max(0, Math.min(at - Math.floor(page / 2), rows.length - page))
  const table: TableLook = {
    width: look.size.columns,
    glyphs: look.glyphs,
    now: look.now,
    sort: ui.sort,
    reversed: ui.reversed,
  }
  const draw = (row: Row, i: number) => tableRow(row, table, from + i === at)
  const body = rows.slice(from, from + page).map(draw)
  const lines = [tableHead(table), ...(body.length > 0 ? body : [emptyLine(state, ui, all.length)])]
  const place = rows.length > page ? `${at + 1} of ${rows.length}` : ''
  return { lines, shown: { names, page, maxScroll: 0 }, place }
}

function emptyLine(state: State, ui: Ui, all: number): Line {
  if (state.link.state === 'connecting' || state.link.state === 'foreign') return []
  if (all > 0)
    return [piece(`  None of ${plural(all, 'container')} matches "${ui.filter}". Esc clears the filter.`, 'warn')]
  return [piece('  No containers.', 'quiet')]
}

const HINTS: Readonly<Record<Ui['view']['kind'], string>> = {
  table: 'q quit  ? help  / filter  Enter detail  a alerts  sort: s c m n i t r',
  detail: 'q quit  ? help  Esc back  up down scroll  a alerts',
  alerts: 'q quit  ? help  Esc back  up down scroll',
  help: 'q quit  Esc back',
}

function keysLine(ui: Ui, body: Body, width: number): Line {
  const place = body.place === '' ? [] : [piece(body.place, 'quiet')]
  if (ui.typing)
    return justified([piece('/', 'accent', 'strong'), piece(ui.filter), piece(' ', 'selected')], place, width)
  const filter =
    ui.filter === '' || ui.view.kind !== 'table' ? [] : [piece(`filter: ${ui.filter}  `, 'accent', 'strong')]
  return justified([...filter, piece(HINTS[ui.view.kind], 'quiet')], place, width)
}
