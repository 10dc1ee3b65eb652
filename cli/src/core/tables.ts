/** Plain tables and lines for files, pipes and people without a live screen. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainersAnswer, DeliveryView, HealthAnswer, StatusAnswer } from '@plimsoll/contracts/http'
import { durationText, latencyText, memoryText, percentText, rateText, UNKNOWN } from '@plimsoll/contracts/text'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import { type Line, type Piece, piece, plainText } from './line.ts'
import { firingOf } from './rows.ts'
import { padded, safe, widthOf } from './safe-text.ts'
import { agoText, alertTimes, byUrgency, engineText, heldText, plural, stateText } from './words.ts'

type Found = ContainersAnswer['containers'][number]

/** Rows under a head, each column as wide as its widest cell; the last is never padded. */
export function columned(
  head: readonly string[],
  rows: readonly (readonly Piece[])[],
  right: readonly number[],
): readonly Line[] {
  const widths = head.map((title, i) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(safe(row[i]?.text ?? '')))),
  )
  const cell = (text: string, i: number): string => {
    const last = i === head.length - 1 && !right.includes(i)
    return last ? safe(text) : padded(text, widths[i] ?? 0, right.includes(i) ? 'right' : 'left')
  }
  const line = (cells: readonly Piece[]): Line =>
    cells.flatMap(({ text, styles }, i) => [...(i === 0 ? [] : [piece('  ')]), { text: cell(text, i), styles }])
  return [line(head.map((title) => piece(title, 'quiet'))), ...rows.map(line)]
}

/** A value with a `!` when it is over its mark. */
function marked(text: string, value: number | null, mark: number): Piece {
  return value !== null && value > mark ? piece(`${text} !`, 'bad') : piece(text)
}

function containerCells(view: Found, firing: ReturnType<typeof firingOf>): readonly Piece[] {
  const { numbers, thresholds, probe } = view
  const fires = firing.get(view.name)
  const response =
    probe === null
      ? piece('')
      : probe.ok
        ? piece(latencyText(numbers.responseMs))
        : piece(`fails: ${probe.detail}`, 'bad')
  return [
    piece(view.name, 'strong'),
    piece(stateText(view), view.state === 'running' ? (view.health === 'unhealthy' ? 'bad' : 'good') : 'quiet'),
    marked(percentText(numbers.cpuPercent), numbers.cpuPercent, thresholds.cpuPercent),
    piece(memoryText(numbers.memoryUsedBytes)),
    marked(percentText(numbers.memoryPercent), numbers.memoryPercent, thresholds.memoryPercent),
    piece(rateText(numbers.networkReceivedBytesPerSecond)),
    piece(rateText(numbers.networkSentBytesPerSecond)),
    piece(String(view.restarts)),
    response,
    fires === undefined ? piece('') : piece(fires, fires === 'critical' ? 'bad' : 'warn'),
  ]
}

const names = new Intl.Collator('en', { numeric: true })

/** Those the engine has, by name. */
export function present({ containers }: ContainersAnswer): readonly Found[] {
  return containers.filter(({ state }) => state !== 'removed').sort((a, b) => names.compare(a.name, b.name))
}

export function containerTable(answer: ContainersAnswer, alerts: readonly AlertView[]): readonly Line[] {
  const firing = firingOf(alerts)
  const rows = present(answer).map((view) => containerCells(view, firing))
  if (rows.length === 0)
    return [[piece(answer.engine.state === 'connected' ? 'No containers.' : engineText(answer.engine))]]
  const head = ['NAME', 'STATE', 'CPU', 'MEMORY', 'OF LIMIT', 'NET IN', 'OUT', 'RESTARTS', 'RESPONSE', 'FIRES']
  return columned(head, rows, [2, 3, 4, 5, 6, 7])
}

/** One line for each container, to be appended to a file: the time first. */
export function watchLines(answer: ContainersAnswer): readonly string[] {
  const at = isoTime(answer.at)
  return present(answer).map((view) => {
    const { numbers, probe } = view
    const share = `cpu=${percentText(numbers.cpuPercent)} mem=${memoryText(numbers.memoryUsedBytes)} (${percentText(numbers.memoryPercent)})`
    const net = `net=${rateText(numbers.networkReceivedBytesPerSecond)} in, ${rateText(numbers.networkSentBytesPerSecond)} out`
    const response =
      probe === null ? '' : ` response=${probe.ok ? latencyText(numbers.responseMs) : `fails: ${probe.detail}`}`
    return safe(`${at} ${view.name} ${stateText(view)} ${share} ${net} restarts=${view.restarts}${response}`)
  })
}

/** One line for each alert that fires, after the containers' lines. */
export function firingLines(alerts: readonly AlertView[], at: EpochMs): readonly string[] {
  return byUrgency(alerts).map(({ severity, rule, container, host, summary, firedAt }) =>
    safe(`${isoTime(at)} ALERT ${severity} ${rule} ${container ?? host} since ${isoTime(firedAt)}: ${summary}`),
  )
}

export function alertTable(alerts: readonly AlertView[], now: EpochMs): readonly Line[] {
  if (alerts.length === 0) return [[piece('No alerts.')]]
  return byUrgency(alerts).flatMap((alert): Line[] => {
    const fires = alert.resolvedAt === null
    const style = alert.severity === 'critical' ? 'bad' : 'warn'
    const state = fires ? piece('firing  ', style, 'strong') : piece('resolved', 'quiet')
    const head = [
      state,
      piece(`  ${alert.severity.padEnd(8)}  ${alert.rule}  `),
      piece(alert.container ?? alert.host, 'strong'),
    ]
    const said = fires || alert.resolvedSummary === null ? alert.summary : alert.resolvedSummary
    // The id is what `plimsoll ack` wants.
    const id = fires ? [piece(`  ${alert.id}`, 'quiet')] : []
    return [
      [...head, piece(`  ${alertTimes(alert, now)}`, 'quiet')],
      [piece(`          ${said}${heldText(alert)}`), ...id],
    ]
  })
}

export interface StatusTold {
  readonly lines: readonly Line[]
  readonly well: boolean
}

/** How the monitor is, in words; `well` is false when something needs somebody. */
export function statusLines(status: StatusAnswer, health: HealthAnswer, now: EpochMs): StatusTold {
  const { sampler, own, engine, sinks } = status
  const row = (label: string, ...pieces: readonly Piece[]): Line => [piece(padded(label, 10), 'quiet'), ...pieces]
  const good = health.status === 'ok'
  const last =
    sampler.lastAt === null
      ? 'no sample yet'
      : `last ${agoText(now - sampler.lastAt)} ago in ${durationText(sampler.lastRoundMs)}`
  const trouble = engine.state === 'unreachable' ? [row('', piece(`${engine.error}. ${engine.advice}`, 'bad'))] : []
  const lines = [
    row(
      'monitor',
      piece(health.status, good ? 'good' : 'bad', 'strong'),
      piece(`, build ${status.build}, up ${agoText(now - status.startedAt)}`),
    ),
    ...health.problems.map((problem) => row('', piece(problem, 'bad'))),
    row('engine', piece(engineText(engine), engine.state === 'connected' ? 'good' : 'bad')),
    ...trouble,
    row(
      'sampling',
      piece(`every ${durationText(sampler.intervalMs)}, ${last}, ${plural(sampler.lateRounds, 'late round')}`),
    ),
    row(
      'own cost',
      piece(
        `${percentText(own.cpuPercent)} CPU, ${memoryText(own.rssBytes)}, ${plural(status.viewers, 'viewer')}${costText(status)}`,
      ),
    ),
    ...sinks.map(({ name, ok, error }) =>
      row('writes', piece(name), ok ? piece(' ok', 'good') : piece(` fails: ${error ?? UNKNOWN}`, 'bad')),
    ),
    ...deliveryLines(status.delivery, now, row),
  ]
  return {
    lines,
    well: good && engine.state === 'connected' && sinks.every(({ ok }) => ok) && isDelivering(status.delivery),
  }
}

function costText({ cost }: StatusAnswer): string {
  if (cost === undefined) return ''
  const engine = percentText(cost.engineEstimatePercent)
  return `; in the engine's daemons about ${engine}, of a budget of ${percentText(cost.budgetPercent, 0)}`
}

function isDelivering(delivery: DeliveryView | null): boolean {
  return delivery === null || (delivery.reachable && delivery.status.state === 'ok')
}

function deliveryLines(
  delivery: DeliveryView | null,
  now: EpochMs,
  row: (label: string, ...pieces: readonly Piece[]) => Line,
): readonly Line[] {
  if (delivery === null) return [row('delivery', piece('no alert service is set up (ALERT_SERVICE_URL)', 'quiet'))]
  if (!delivery.reachable)
    return [
      row(
        'delivery',
        piece(`the alert service is away for ${agoText(now - delivery.since)}: ${delivery.error}`, 'bad'),
      ),
    ]
  return [
    ...delivery.status.problems.map((problem) => row('delivery', piece(problem, 'bad'))),
    ...delivery.status.channels.map((channel) => {
      const said =
        channel.error === null ? '' : `: ${channel.error}${channel.advice === null ? '' : `; ${channel.advice}`}`
      const style = channel.state === 'ok' ? 'good' : channel.state === 'unused' ? 'quiet' : 'bad'
      return row(
        'delivery',
        piece(`${channel.name} `),
        piece(channel.state, style),
        piece(`, ${channel.sent} sent, ${channel.queued} waiting${said}`),
      )
    }),
  ]
}

/** Lines as text for a file or a pipe. */
export function asText(lines: readonly Line[]): string {
  return lines.map((line) => `${plainText(line).trimEnd()}\n`).join('')
}
