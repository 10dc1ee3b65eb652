/** A back-test for people: what would have been sent, and how well that is known. */
import type { BacktestAnswer, BacktestTotal } from '@plimsoll/contracts/backtest'
import { durationText } from '@plimsoll/contracts/text'
import { localTime } from '@plimsoll/contracts/time'
import { type Line, piece } from './line.ts'
import { columned } from './tables.ts'
import { plural } from './words.ts'

/** Newest alerts that are listed below the totals. */
const LISTED = 20

/** The totals, the newest alerts, and the notes. */
export function backtestLines(answer: BacktestAnswer): readonly Line[] {
  const { from, to, rules, containers, alerts, alertsCount } = answer
  const whose = rules === 'asked' ? 'the rules asked about' : 'the rules in force'
  const count = answer.totals.reduce((sum, total) => sum + total.count, 0)
  const head = `${localTime(from)} to ${localTime(to)}, ${whose}: ${plural(count, 'alert')} of ${plural(containers, 'container')}`
  const list = alerts.slice(0, LISTED).map((alert): Line => {
    const lasted = alert.to === null ? 'still firing' : durationText(alert.to - alert.from)
    const held = alert.suppressed === undefined ? '' : ` (held back: ${alert.suppressed})`
    const style = alert.severity === 'critical' ? 'bad' : 'warn'
    const what = piece(`  ${alert.rule} `, style)
    return [
      piece(localTime(alert.from), 'quiet'),
      what,
      piece(alert.container, 'strong'),
      piece(`  ${lasted}: ${alert.summary}${held}`),
    ]
  })
  const more = alertsCount > list.length ? [[piece(`… ${alertsCount - list.length} more (--json)`, 'quiet')]] : []
  const section = (title: string, lines: readonly Line[]): readonly Line[] =>
    lines.length === 0 ? [] : [[], [piece(title, 'strong')], ...lines]
  return [
    [piece(head, 'strong')],
    ...section('By rule and container', answer.totals.length === 0 ? [] : totalLines(answer.totals)),
    ...section('The newest', [...list, ...more]),
    ...section('How well this is known', knowledgeLines(answer)),
  ]
}

function totalLines(totals: readonly BacktestTotal[]): readonly Line[] {
  const rows = totals.map(({ rule, severity, container, count, heldBack, firingMs, byPeaks, fired }) => [
    piece(rule, severity === 'critical' ? 'bad' : 'warn'),
    piece(container, 'strong'),
    piece(String(count)),
    piece(firingMs === 0 ? '' : durationText(firingMs)),
    piece(String(heldBack)),
    piece(byPeaks.firingMs === 0 ? String(byPeaks.count) : `${byPeaks.count} (${durationText(byPeaks.firingMs)})`),
    piece(String(fired)),
  ])
  return columned(
    ['RULE', 'CONTAINER', 'ALERTS', 'FIRING', 'HELD BACK', 'BY PEAKS', 'REALLY SENT'],
    rows,
    [2, 3, 4, 5, 6],
  )
}

function knowledgeLines({ resolutions, notes, notReplayed, leftOut }: BacktestAnswer): readonly Line[] {
  const line = (text: string): Line => [piece(`- ${text}`)]
  const stretch = ({ from, to, stepMs }: BacktestAnswer['resolutions'][number]) =>
    `${localTime(from)} to ${localTime(to)}: rows of ${durationText(stepMs)}`
  const names = notReplayed.map(({ rule, why }) => `${rule} (${why})`).join(', ')
  return [
    ...resolutions.map((one) => line(stretch(one))),
    ...notes.map(line),
    ...(names === '' ? [] : [line(`Not replayed: ${names}.`)]),
    ...(leftOut.length === 0 ? [] : [line(`Left out: ${leftOut.join(', ')}.`)]),
  ]
}
