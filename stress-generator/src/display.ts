/** Progress for people: one line that is written over in a terminal, a line every 5 s elsewhere. */
import { UNKNOWN } from '@plimsoll/contracts/text'
import type { Progress } from './drive.ts'
import { MEASURES, type Measure } from './profiles.ts'

/** Where there is no terminal, a line this often. */
const PLAIN_EVERY_SECONDS = 5

const number = (n: number | null) => (n === null ? UNKNOWN : n >= 100 ? n.toFixed(0) : n.toFixed(1))

/** One line of progress: time, each aim with what is achieved, and what it costs those who ask. */
export function progressLine(progress: Progress): string {
  const { level, phase, elapsedMs, totalMs, values, httpPerSecond, away, restarts } = progress
  const name = phase.name === 'steady' ? level : `${level} (${phase.name})`
  const time = `${Math.floor(elapsedMs / 1000)}/${Math.round(totalMs / 1000)} s`
  if (away !== null) return `${name} ${time} · the target does not answer: ${away}`
  const aimed = phase.aims.map(({ measure, min, max }) => {
    const { name: what, unit } = MEASURES[measure]
    return `${what} ${number(values[measure])} ${unit} (aim ${min}–${max})`
  })
  const rest = (['cpu', 'memory'] as const satisfies readonly Measure[])
    .filter((measure) => !phase.aims.some((aim) => aim.measure === measure))
    .map((measure) => `${MEASURES[measure].name} ${number(values[measure])} %`)
  const health = `health ${values.healthMs === null ? 'failing' : `${number(values.healthMs)} ms`}`
  const http = phase.httpPerSecond > 0 ? [`http ${number(httpPerSecond)}/s`] : []
  const restarted = restarts > 0 ? [`restarts ${restarts}`] : []
  return [`${name} ${time}`, ...aimed, ...rest, ...http, health, ...restarted].join(' · ')
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
  let live = false
  const clear = () => {
    if (live) screen.write('\r\u001b[K')
    live = false
  }
  return {
    show: (progress) => {
      const text = progressLine(progress)
      if (screen.isTTY) {
        clear()
        screen.write(text.slice(0, (screen.columns() ?? 80) - 1))
        live = true
        return
      }
      const second = Math.floor(progress.elapsedMs / 1000)
      // A new step begins at 0 again.
      if (second >= shownSecond && second - shownSecond < PLAIN_EVERY_SECONDS) return
      shownSecond = second
      screen.write(`${text}\n`)
    },
    say: (line) => {
      clear()
      screen.write(`${line}\n`)
    },
  }
}
