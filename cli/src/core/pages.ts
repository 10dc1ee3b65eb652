/** The pages without numbers: all alerts, and the help. */
import { alertPair, type PageLook } from './detail.ts'
import { type Line, piece } from './line.ts'
import { padded } from './safe-text.ts'
import type { State } from './state.ts'
import { byUrgency } from './words.ts'

/** Every alert the monitor told of: what fires first, the critical before the others. */
export function alertsLines(state: State, { now, glyphs }: PageLook): readonly Line[] {
  const firing = state.alerts.filter(({ resolvedAt }) => resolvedAt === null).length
  const head: Line = [
    piece('Alerts', 'strong'),
    piece(`  ${firing} firing, ${state.alerts.length - firing} over`, 'quiet'),
  ]
  if (state.alerts.length === 0) return [head, [], [piece('  No alert yet.', 'good')]]
  return [head, [], ...byUrgency(state.alerts).flatMap((alert) => alertPair(alert, now, glyphs))]
}

const KEYS: readonly (readonly [string, string])[] = [
  ['up down, j k', 'move; so do Page Up, Page Down, Home, End, g, G and space'],
  ['Enter', "the container's own page: levels, last minutes, outages, alerts"],
  ['Esc', 'back; in the table: clear the filter'],
  ['/', 'filter by name, image, state, project, service; Enter keeps it'],
  ['s c m n', 'sort by state (what fires first), CPU, memory, name'],
  ['i t r', 'sort by network, response time, restarts'],
  ['', 'the same key again turns the order round'],
  ['a', 'all alerts'],
  ['Ctrl-L', 'draw the screen anew'],
  ['? h', 'this help'],
  ['q Ctrl-C', 'quit'],
]

export function helpLines({ glyphs }: PageLook): readonly Line[] {
  return [
    [piece('Keys', 'strong')],
    ...KEYS.map(([keys, what]): Line => [piece('  '), piece(padded(keys, 14), 'accent'), piece(what)]),
    [],
    [piece('The table', 'strong')],
    [piece(`  ${glyphs.critical} a critical alert fires, ${glyphs.warning} a warning does.`)],
    [piece('  CPU is what docker stats prints: 100% is one core. Its bar fills to the share')],
    [piece('  of what it may use: its limit, else all cores. MEM is bytes, its bar the share.')],
    [piece(`  ${glyphs.mark} in a bar is the mark: beyond it the container's rule fires.`)],
    [piece('  An en dash or an empty bar is "not known", never 0. Rates are bytes a second.')],
  ]
}
