/** A report as one HTML file without scripts or anything from elsewhere: to be mailed, printed, kept. */
import { durationText, latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import { type EpochMs, localTime } from '@plimsoll/contracts/time'
import { safe } from '../safe-text.ts'
import type { ContainerReport, Report } from './report.ts'
import { lineChart, stripChart } from './report-chart.ts'
import { REPORT_CSS } from './report-css.ts'
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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text of others as text: nothing in it is a tag, an entity, an end of an attribute, or a control character. */
export function escaped(text: string): string {
  return safe(text).replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? '')
}

const MOST_ALERTS = 200
const MOST_OUTAGES = 50

type Cell = { readonly text: string; readonly class?: string }

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = ({ text, class: name }: Cell) =>
    `<td${name === undefined ? '' : ` class="${name}"`}>${escaped(text)}</td>`
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return `<table><thead><tr>${head.map((text) => `<th>${escaped(text)}</th>`).join('')}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

/** The whole page. `zone` names the time zone its times are in, `madeAt` is when it was made. */
export function reportHtml(report: Report, zone: string, madeAt: EpochMs): string {
  const title = escaped(`Plimsoll report for ${report.host}`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<h1>${title}</h1>
<p class="quiet">${escaped(`${rangeText(report)}, times in ${zone}. Made ${localTime(madeAt)}.`)}</p>
${report.missing.map((text) => `<p class="bad">${escaped(`Missing: ${text}`)}</p>\n`).join('')}${summary(report)}
<h2>Uptime</h2>
${uptimeTable(report)}
<h2>Levels</h2>
${levelTable(report)}
<p class="quiet">p50 / p95 / max. ${escaped(rowsText(report))}</p>
<h2>Alerts</h2>
${alertsPart(report)}
<h2>Memory that grows</h2>
${growersPart(report)}
${stressPart(report)}<h2>Containers</h2>
${report.containers.map((container) => containerPart(container, report)).join('\n')}
</body>
</html>
`
}

function summary({ containers, tally }: Report): string {
  const unplanned = containers.reduce(
    (sum, { uptime }) => sum + uptime.outages.filter(({ planned }) => !planned).length,
    0,
  )
  const fact = (value: number, what: string, bad: boolean) =>
    `<li><b${bad && value > 0 ? ' class="bad"' : ''}>${value}</b> ${what}</li>`
  return `<ul class="facts">${fact(containers.length, 'containers', false)}${fact(unplanned, 'outages', true)}${fact(tally.fired, 'alerts', false)}${fact(tally.critical, 'critical', true)}${fact(tally.stillFiring, 'still firing', true)}</ul>`
}

function uptimeTable({ containers }: Report): string {
  const rows = containers.map(({ name, state, uptime, restarts }): Cell[] => [
    { text: name, class: 'name' },
    { text: state },
    { text: uptimePercent(uptime), class: uptimeTone(uptime) },
    { text: hmsText(uptime.upMs) },
    { text: hmsText(uptime.downMs) },
    { text: hmsText(uptime.plannedMs) },
    { text: hmsText(uptime.unknownMs) },
    { text: String(uptime.starts) },
    { text: restarts === null ? '' : String(restarts) },
  ])
  return table(['Container', 'State', 'Uptime', 'Up', 'Down', 'of it planned', 'Not known', 'Starts', 'Restarts'], rows)
}

function levelTable({ containers }: Report): string {
  const rows = containers.map(({ name, cpuPercent, memoryBytes, responseMs }): Cell[] => [
    { text: name, class: 'name' },
    { text: cpuText(cpuPercent) },
    { text: memorySpreadText(memoryBytes) },
    { text: responseText(responseMs) },
  ])
  return table(['Container', 'CPU', 'Memory', 'Response'], rows)
}

function alertsPart({ alerts, tally, sent, from, to }: Report): string {
  if (alerts.length === 0) return '<p class="good">None.</p>'
  const rows = alerts.slice(0, MOST_ALERTS).map((alert): Cell[] => [
    { text: localTime(alert.firedAt) },
    {
      text:
        alert.resolvedAt === null || alert.resolvedAt > to
          ? 'still firing'
          : durationText(alert.resolvedAt - alert.firedAt),
    },
    { text: alert.rule, class: alert.severity === 'critical' ? 'bad' : 'warn' },
    { text: alert.container ?? alert.host, class: 'name' },
    { text: alert.summary, class: 'long' },
    { text: alert.suppressed === undefined ? '' : `held back: ${alert.suppressed}` },
  ])
  const more = alerts.length > rows.length ? `<p>And ${alerts.length - rows.length} more.</p>` : ''
  const counts = `${tally.fired} fired, ${tally.critical} critical, ${tally.suppressed} held back, ${tally.stillFiring} still firing.`
  const delivery = sent === null ? '' : `<p>${escaped(`Delivery: ${sentText(sent, from)}.`)}</p>`
  const rules = table(
    ['Rule', 'Alerts', 'Firing for'],
    tally.byRule.map(({ rule, count, firingMs }) => [
      { text: rule },
      { text: String(count) },
      { text: hmsText(firingMs) },
    ]),
  )
  return `<p>${counts}</p>${delivery}\n${rules}\n${table(['Fired', 'Lasted', 'Rule', 'Container', 'What', ''], rows)}${more}`
}

function growersPart({ growers }: Report): string {
  if (growers.length === 0) return '<p class="good">None.</p>'
  return `<ul>${growers.map((one) => `<li><b>${escaped(one.name)}</b> ${escaped(growthText(one))}</li>`).join('')}</ul>`
}

function stressPart({ stressRuns }: Report): string {
  if (stressRuns.length === 0) return ''
  return `<h2>Stress runs</h2>\n<ul>${stressRuns.map((run) => `<li>${escaped(stressText(run))}</li>`).join('')}</ul>\n`
}

function containerPart(container: ContainerReport, range: Report): string {
  const { name, image, uptime, history, thresholds, cpuPercent, memoryBytes, responseMs } = container
  const series = (metric: 'cpuPercent' | 'memoryUsedBytes' | 'responseMs') => ({
    at: history.at,
    values: history.maxima?.[metric] ?? history.columns[metric] ?? [],
    stepMs: history.stepMs,
  })
  const chart = (label: string, metric: Parameters<typeof series>[0], mark: number | null, most: string) =>
    `<figure><figcaption>${escaped(`${label}, highest ${most}`)}</figcaption>${lineChart(series(metric), range, mark)}</figure>`
  const limit = container.memoryLimitBytes
  const memoryMark = limit === null || thresholds === null ? null : (limit * thresholds.memoryPercent) / 100
  const outages = uptime.outages
    .slice(-MOST_OUTAGES)
    .map((one) => `<li${one.planned ? '' : ' class="bad"'}>${escaped(outageText(one))}</li>`)
  const charts = [
    cpuPercent === null ? '' : chart('CPU', 'cpuPercent', thresholds?.cpuPercent ?? null, percentText(cpuPercent.max)),
    memoryBytes === null ? '' : chart('Memory', 'memoryUsedBytes', memoryMark, memoryText(memoryBytes.max)),
    responseMs === null
      ? ''
      : chart('Response', 'responseMs', thresholds?.responseMs ?? null, latencyText(responseMs.max)),
  ]
  return `<section>
<h3>${escaped(name)} <span class="quiet">${escaped(image ?? 'removed')}</span></h3>
<p>${escaped(`up ${hmsText(uptime.upMs)}, down ${hmsText(uptime.downMs)}: ${uptimePercent(uptime)}`)}</p>
${stripChart(history.spans, range)}
<div class="charts">${charts.join('')}</div>
${outages.length === 0 ? '' : `<ul>${outages.join('')}</ul>`}
</section>`
}
