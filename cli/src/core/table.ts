/** The table of containers: which columns a terminal of some width has room for, and what stands in each cell. */
import type { Glyphs } from './bar.ts'
import { bar } from './bar.ts'
import { compactDuration, compactLatency, compactMemory, compactPercent, compactRate } from './compact.ts'
import { type Line, type Piece, piece } from './line.ts'
import { networkOf, type Row, type Sort } from './rows.ts'
import { padded, paddedName } from './safe-text.ts'
import { stateStyle, stateText } from './words.ts'

export interface TableLook {
  readonly width: number
  readonly glyphs: Glyphs
  readonly now: number
  readonly sort: Sort
  readonly reversed: boolean
}

interface Column {
  readonly title: string
  /** Fixed columns; `null` takes what is left. */
  readonly width: number | null
  readonly align: 'left' | 'right'
  readonly sort: Sort | null
  readonly cell: (row: Row, width: number) => readonly Piece[]
}

const NAME_MIN = 14
const NAME_MAX = 30

function number(title: string, width: number, sort: Sort | null, text: (row: Row) => Piece): Column {
  const cell = (row: Row, wide: number): readonly Piece[] => {
    const { text: what, styles } = text(row)
    return [piece(padded(what, wide, 'right'), ...styles)]
  }
  return { title, width, align: 'right', sort, cell }
}

function cpuCell({ view, numbers }: Row): Piece {
  const cpu = numbers.cpuPercent ?? null
  const over = cpu !== null && cpu > view.thresholds.cpuPercent
  return over ? piece(compactPercent(cpu), 'bad', 'strong') : piece(compactPercent(cpu))
}

function memoryCell({ view, numbers }: Row): Piece {
  const text = compactMemory(numbers.memoryUsedBytes ?? null)
  const percent = numbers.memoryPercent ?? null
  return percent !== null && percent > view.thresholds.memoryPercent ? piece(text, 'bad', 'strong') : piece(text)
}

function responseCell({ view, numbers }: Row): Piece {
  if (view.probe === null || view.state !== 'running') return piece('')
  if (!view.probe.ok) return piece('fails', 'bad', 'strong')
  const ms = numbers.responseMs ?? null
  return ms !== null && ms > view.thresholds.responseMs
    ? piece(compactLatency(ms), 'bad', 'strong')
    : piece(compactLatency(ms))
}

function barColumn(width: number, glyphs: Glyphs, of: (row: Row) => readonly [number | null, number | null]): Column {
  const cell = (row: Row, wide: number) => {
    const [level, mark] = of(row)
    return row.view.state === 'running' || level !== null ? bar(level, mark, wide, glyphs) : [piece(' '.repeat(wide))]
  }
  return { title: '', width, align: 'left', sort: null, cell }
}

function rate(title: string, sort: Sort | null, of: (row: Row) => number | null | undefined): Column {
  return number(title, 6, sort, (row) => piece(compactRate(of(row) ?? null)))
}

/** What flows through a container: one number, or in wide terminals each way by itself. */
function flowColumns(width: number): readonly Column[] {
  if (width < 120) return [rate('NET', 'network', networkOf)]
  const network = [
    rate('NET IN', 'network', (row) => row.numbers.networkReceivedBytesPerSecond),
    rate('OUT', null, (row) => row.numbers.networkSentBytesPerSecond),
  ]
  if (width < 140) return network
  return [
    ...network,
    rate('DISK R', null, (row) => row.numbers.blockReadBytesPerSecond),
    rate('W', null, (row) => row.numbers.blockWrittenBytesPerSecond),
  ]
}

/** The columns after the name that `width` has room for, in order. */
function columnsFor({ width, glyphs, now }: TableLook): readonly Column[] {
  const bars = width < 100 ? 8 : width < 140 ? 10 : 14
  const upFor = ({ view }: Row) => (view.state === 'running' && view.startedAt !== null ? now - view.startedAt : null)
  const share = number('MEM%', 6, null, ({ numbers }) => piece(compactPercent(numbers.memoryPercent ?? null)))
  const up = number('UP', 6, null, (row) => piece(compactDuration(upFor(row))))
  const state: Column = {
    title: 'STATE',
    width: 10,
    align: 'left',
    sort: 'state',
    cell: (row, wide) => [piece(padded(stateText(row.view), wide), stateStyle(row))],
  }
  return [
    state,
    number('CPU', 6, 'cpu', cpuCell),
    barColumn(bars, glyphs, (row) => [row.numbers.cpuLimitPercent ?? null, row.cpuMark]),
    number('MEM', 5, 'memory', memoryCell),
    barColumn(bars, glyphs, (row) => [row.numbers.memoryPercent ?? null, row.memoryMark]),
    ...(width >= 110 ? [share] : []),
    ...flowColumns(width),
    number('RESP', 6, 'response', responseCell),
    ...(width >= 110 ? [up] : []),
    number('RST', 4, 'restarts', ({ view }) => restartCell(view.restarts)),
  ]
}

function restartCell(restarts: number): Piece {
  return restarts === 0 ? piece('0', 'quiet') : piece(String(restarts), 'warn')
}

/** The width of the name, and of the image where there is room for it. */
function rooms(width: number, columns: readonly Column[]): { readonly name: number; readonly image: number } {
  const fixed = columns.reduce((sum, column) => sum + 1 + (column.width ?? 0), 2)
  const left = Math.max(NAME_MIN, width - fixed)
  if (left < NAME_MAX) return { name: left, image: 0 }
  const image = left - NAME_MAX - 1
  return image >= 8 ? { name: NAME_MAX, image } : { name: left, image: 0 }
}

/** The head of the table; the column it is sorted by is marked. */
export function tableHead(look: TableLook): Line {
  const columns = columnsFor(look)
  const { name, image } = rooms(look.width, columns)
  const arrow = look.reversed !== (look.sort === 'name') ? look.glyphs.up : look.glyphs.down
  const title = (text: string, width: number, column: Pick<Column, 'align' | 'sort'>): readonly Piece[] => {
    const by = column.sort !== null && column.sort === look.sort
    const shown = by ? (column.align === 'right' ? arrow + text : text + arrow) : text
    return [piece(padded(shown, width, column.align), by ? 'strong' : 'quiet')]
  }
  const cells = columns.flatMap((column) => [piece(' '), ...title(column.title, column.width ?? 0, column)])
  const tail = image > 0 ? [piece(' '), piece(padded('IMAGE', image), 'quiet')] : []
  return [piece('  '), ...title('NAME', name, { align: 'left', sort: 'name' }), ...cells, ...tail]
}

/** A container's row, as wide as its head. */
export function tableRow(row: Row, look: TableLook, selected: boolean): Line {
  const columns = columnsFor(look)
  const { name, image } = rooms(look.width, columns)
  const { glyphs } = look
  const sign =
    row.firing === null
      ? piece('  ')
      : row.firing === 'critical'
        ? piece(`${glyphs.critical} `, 'bad', 'strong')
        : piece(`${glyphs.warning} `, 'warn', 'strong')
  const label = paddedName(row.view.name, name)
  const cells = columns.flatMap((column) => [piece(' '), ...column.cell(row, column.width ?? 0)])
  const tail = image > 0 ? [piece(' '), piece(padded(row.view.image, image), 'quiet')] : []
  return [sign, selected ? piece(label, 'selected') : piece(label, 'strong'), ...cells, ...tail]
}
