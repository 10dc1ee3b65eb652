/** A report as plain text, for a terminal or a text mail. */
import { durationText } from '@plimsoll/contracts/text'
import { localTime } from '@plimsoll/contracts/time'
import { type Line, piece } from '../line.ts'
import { columned } from '../tables.ts'
import { heldText, plural } from '../words.ts'
import type { ContainerReport, Report } from './report.ts'
import {
  cpuText,
  growthText,
  hmsText,
  memorySpreadText,
  outageText,
  rangeText,
  responseText,
  rowsText,
  sentText,
  uptimePercent,
  uptimeTone,
} from './report-words.ts'
import { stressText } from './stress.ts'

const MOST_OUTAGES = 20
const MOST_ALERTS = 100

const heading = (text: string): readonly Line[] => [[], [piece(text, 'strong')]]
const none = (text: string): Line => [piece(`  ${text}`, 'good')]

export function reportLines(report: Report): readonly Line[] {
  return [
    [piece(`Plimsoll report for ${report.host}`, 'accent', 'strong')],
    [piece(rangeText(report))],
    ...report.missing.map((text): Line => [piece(`Missing: ${text}`, 'warn')]),
    ...heading('Uptime'),
    ...uptimeTable(report.containers),
    ...heading('Outages'),
    ...outages(report.containers),
    ...heading('Levels: p50 / p95 / max'),
    ...levelTable(report.containers),
    [piece(rowsText(report), 'quiet')],
    ...heading('Alerts'),
    ...alertLines(report),
    ...heading('Memory that grows'),
    ...(report.growers.length === 0
      ? [none('none')]
      : report.growers.map((one): Line => [piece(`  ${one.name}  `, 'strong'), piece(growthText(one))])),
    ...stressLines(report),
  ]
}

function stressLines({ stressRuns }: Report): readonly Line[] {
  if (stressRuns.length === 0) return []
  return [...heading('Stress runs'), ...stressRuns.map((run): Line => [piece(`  ${stressText(run)}`)])]
}

function uptimeTable(containers: readonly ContainerReport[]): readonly Line[] {
  if (containers.length === 0) return [none('no containers')]
  const rows = containers.map(({ name, state, uptime, restarts }) => [
    piece(name, 'strong'),
    piece(state),
    piece(uptimePercent(uptime), uptimeTone(uptime)),
    piece(hmsText(uptime.upMs)),
    piece(hmsText(uptime.downMs)),
    piece(hmsText(uptime.plannedMs)),
    piece(hmsText(uptime.unknownMs)),
    piece(String(uptime.starts)),
    piece(restarts === null ? '' : String(restarts)),
  ])
  const head = ['NAME', 'STATE', 'UPTIME', 'UP', 'DOWN', 'OF IT PLANNED', 'NOT KNOWN', 'STARTS', 'RESTARTS']
  return columned(head, rows, [2, 3, 4, 5, 6, 7, 8])
}

function outages(containers: readonly ContainerReport[]): readonly Line[] {
  const lines = containers.flatMap(({ name, uptime }) => {
    const shown = uptime.outages.slice(-MOST_OUTAGES)
    const more = uptime.outages.length - shown.length
    return [
      ...(more > 0
        ? [[piece(`  ${name}  `, 'strong'), piece(`${plural(more, 'earlier outage')} not listed`, 'quiet')]]
        : []),
      ...shown.map(
        (one): Line => [piece(`  ${name}  `, 'strong'), piece(outageText(one), one.planned ? 'quiet' : 'bad')],
      ),
    ]
  })
  return lines.length === 0 ? [none('none')] : lines
}

function levelTable(containers: readonly ContainerReport[]): readonly Line[] {
  const rows = containers.map(({ name, cpuPercent, memoryBytes, responseMs }) => [
    piece(name, 'strong'),
    piece(cpuText(cpuPercent)),
    piece(memorySpreadText(memoryBytes)),
    piece(responseText(responseMs)),
  ])
  return rows.length === 0 ? [] : columned(['NAME', 'CPU', 'MEMORY', 'RESPONSE'], rows, [1, 2, 3])
}

function alertLines({ alerts, tally, sent, from, to }: Report): readonly Line[] {
  if (alerts.length === 0) return [none('none')]
  const summary = `${tally.fired} fired, ${tally.critical} critical, ${tally.suppressed} held back, ${tally.stillFiring} still firing`
  const rules = tally.byRule.map(({ rule, count, firingMs }) => [
    piece(`  ${rule}`),
    piece(String(count)),
    piece(durationText(Math.round(firingMs / 1000) * 1000)),
  ])
  const shown = alerts.slice(0, MOST_ALERTS)
  return [
    [piece(`  ${summary}`)],
    ...(sent === null ? [] : [[piece(`  delivery: ${sentText(sent, from)}`)]]),
    [],
    ...columned(['  RULE', 'ALERTS', 'FIRING FOR'], rules, [1, 2]),
    [],
    ...shown.map((alert): Line => {
      const until =
        alert.resolvedAt === null || alert.resolvedAt > to
          ? 'still firing'
          : `for ${durationText(alert.resolvedAt - alert.firedAt)}`
      const style = alert.severity === 'critical' ? 'bad' : 'warn'
      const where = `${alert.container ?? alert.host}: ${alert.summary}`
      return [
        piece(`  ${localTime(alert.firedAt)}  `),
        piece(alert.rule, style),
        piece(`  ${where}  ${until}${heldText(alert)}`),
      ]
    }),
    ...(alerts.length > shown.length ? [[piece(`  and ${alerts.length - shown.length} more`, 'quiet')]] : []),
  ]
}
