/** Progress for people: a small panel that is written over in a terminal, a line every 5 s elsewhere. */
import { latencyText, percentText, UNKNOWN } from '@plimsoll/contracts/text'
import type { Progress } from './drive.ts'
import { type Aim, MEASURES, type Measure } from './profiles.ts'
import { labelOf, shareOf } from './score.ts'

/** Where there is no terminal, a line this often. */
const PLAIN_EVERY_SECONDS = 5
const BAR_CELLS = 30

const number = (n: number | null) => (n === null ? UNKNOWN : n >= 100 ? n.toFixed(0) : n.toFixed(1))
const clamp = (n: number, max: number) => Math.min(max, Math.max(0, n))

function titleOf({ level, phase, elapsedMs, totalMs }: Progress): string {
  const name = phase.name === 'steady' ? level : `${level} (${phase.name})`
  return `${name} ${Math.floor(elapsedMs / 1000)}/${Math.round(totalMs / 1000)} s`
}

const healthText = ({ values }: Progress) =>
  `health ${values.healthMs === null ? 'failing' : latencyText(values.healthMs)}`

function httpText({ http }: Progress): string {
  const { perSecond, p50, p95, p99, serverErrors, failures } = http
  const times = `p50 ${latencyText(p50)}, p95 ${latencyText(p95)}, p99 ${latencyText(p99)}`
  return `http ${number(perSecond)}/s, ${times}; 5xx ${serverErrors}, failed ${failures}`
}

/** CPU and memory where they are not aimed at, for the full picture. */
function besidesText({ phase, values }: Progress): string[] {
  return (['cpu', 'memory'] as const satisfies readonly Measure[])
    .filter((measure) => !phase.aims.some((aim) => aim.measure === measure))
    .map((measure) => `${MEASURES[measure].name} ${number(values[measure])} %`)
}

/** One line of progress: time, each aim with what is achieved, and what it costs those who ask. */
export function progressLine(progress: Progress): string {
  const { phase, values, trouble, restarts } = progress
  const title = titleOf(progress)
  if (trouble !== null) return `${title} · target: ${trouble}`
  const aimed = phase.aims.map(({ measure, min, max }) => {
    const { name, unit } = MEASURES[measure]
    return `${name} ${number(values[measure])} ${unit} (aim ${min}–${max})`
  })
  const http = phase.httpPerSecond > 0 ? [httpText(progress)] : []
  const restarted = restarts > 0 ? [`restarts ${restarts}`] : []
  return [title, ...aimed, ...besidesText(progress), ...http, healthText(progress), ...restarted].join(' · ')
}

/** The band as `═` on its scale and the value as `●`: `───────────●══───`. A percentage is on a scale to 100. */
export function bandBar({ measure, min, max }: Aim, value: number | null, cells = BAR_CELLS): string {
  const top = MEASURES[measure].unit === '%' ? 100 : max * 1.5
  const cellOf = (n: number) => clamp(Math.floor((n / top) * cells), cells - 1)
  const bar = Array.from({ length: cells }, (_, i): string => (i >= cellOf(min) && i <= cellOf(max) ? '═' : '─'))
  if (value !== null) bar[cellOf(value)] = '●'
  return bar.join('')
}

function aimLine(progress: Progress, aim: Aim): string {
  const { name, unit } = MEASURES[aim.measure]
  const value = progress.values[aim.measure]
  const score = progress.scores.get(labelOf(progress.phase, aim))
  const share = score === undefined ? 'ramp' : `in band ${percentText(shareOf(score), 0)}`
  const shown = `${number(value)} ${unit}`.padStart(10)
  return `  ${name.padEnd(14)}${shown}  ${bandBar(aim, value)}  ${share}`
}

/** The panel of a terminal: at most six lines, each cut to `columns`. */
export function panelLines(progress: Progress, columns: number): string[] {
  const { elapsedMs, totalMs, phase, trouble, restarts } = progress
  const done = clamp(Math.round((elapsedMs / totalMs) * BAR_CELLS), BAR_CELLS)
  const lines = [
    `${titleOf(progress)}  ${'█'.repeat(done)}${'░'.repeat(BAR_CELLS - done)}`,
    ...phase.aims.map((aim) => aimLine(progress, aim)),
    ...(phase.httpPerSecond > 0 ? [`  ${httpText(progress)}`] : []),
    `  ${[healthText(progress), ...besidesText(progress), ...(restarts > 0 ? [`restarts ${restarts}`] : [])].join(', ')}`,
    ...(trouble === null ? [] : [`  target: ${trouble}`]),
  ]
  return lines.map((line) => line.slice(0, columns - 1))
}

export interface Screen {
  readonly isTTY: boolean
  /** Characters in a line; `null` where nobody knows. */
  readonly columns: () => number | null
  readonly write: (text: string) => void
}

export interface Display {
  readonly show: (progress: Progress) => void
  /** A line that stays. */
  readonly say: (line: string) => void
}

export function createDisplay(screen: Screen): Display {
  let shownSecond = Number.NEGATIVE_INFINITY
  /** Lines of the panel on the screen right now. */
  let live = 0
  const clear = () => {
    // Up to its first line, then everything below it goes.
    if (live > 0) screen.write(`\u001b[${live}A\r\u001b[J`)
    live = 0
  }
  return {
    show: (progress) => {
      if (screen.isTTY) {
        const lines = panelLines(progress, screen.columns() ?? 80)
        clear()
        screen.write(`${lines.join('\n')}\n`)
        live = lines.length
        return
      }
      const second = Math.floor(progress.elapsedMs / 1000)
      // A new step begins at 0 again.
      if (second >= shownSecond && second - shownSecond < PLAIN_EVERY_SECONDS) return
      shownSecond = second
      screen.write(`${progressLine(progress)}\n`)
    },
    say: (line) => {
      clear()
      screen.write(`${line}\n`)
    },
  }
}
