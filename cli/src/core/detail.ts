/** One container in full: levels with their marks, the last minutes as lines, outages and alerts. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView, Span } from '@plimsoll/contracts/container'
import { durationText, latencyText, memoryText, percentText, rateText, UNKNOWN } from '@plimsoll/contracts/text'
import { type EpochMs, localTime } from '@plimsoll/contracts/time'
import { bar, type Dot, type Glyphs, sparkline } from './bar.ts'
import { type Line, type Piece, piece } from './line.ts'
import { type Row, rowsOf } from './rows.ts'
import { padded } from './safe-text.ts'
import { kindOf } from './span-kind.ts'
import type { State, Trail } from './state.ts'
import { agoText, alertTimes, byUrgency, heldText, stateStyle, stateText } from './words.ts'

export interface PageLook {
  readonly width: number
  readonly now: EpochMs
  readonly glyphs: Glyphs
}

const LABEL = 12
const OUTAGES = 20

function fact(label: string, ...pieces: readonly Piece[]): Line {
  return [piece(padded(label, LABEL), 'quiet'), ...pieces]
}

/** The page of the container `name`, however long it gets. */
export function detailLines(state: State, name: string, look: PageLook): readonly Line[] {
  const row = rowsOf(state).find(({ view }) => view.name === name)
  if (row === undefined)
    return [[piece(name, 'strong')], [piece('The engine has no container of this name any more.', 'warn')]]
  const trail = state.trail?.name === name ? state.trail : null
  return [
    ...aboutLines(row, look),
    [],
    ...levelLines(row, trail, look),
    [],
    ...flowLines(row),
    [],
    ...outageLines(row.view, trail, look),
    [],
    ...alertLines(state.alerts, name, look),
  ]
}

function aboutLines(row: Row, { now, width }: PageLook): readonly Line[] {
  const { view } = row
  const since = view.state === 'running' ? (view.startedAt ?? view.span.from) : view.span.from
  const why = view.state === 'running' ? '' : `: ${view.span.why}`
  const place = view.project === null ? '' : `  ${view.project} / ${view.service ?? UNKNOWN}`
  return [
    [piece(view.name, 'strong'), piece(place, 'quiet')],
    fact('state', piece(stateText(view), stateStyle(row), 'strong'), piece(` for ${agoText(now - since)}${why}`)),
    fact(
      'image',
      piece(padded(view.image, Math.max(10, width - LABEL - 16)).trimEnd()),
      piece(`  ${view.id.slice(0, 12)}`, 'quiet'),
    ),
    fact('health', ...probePieces(view)),
  ]
}

function probePieces(view: ContainerView): readonly Piece[] {
  if (view.probe === null) return [piece('no health target', 'quiet')]
  const { ok, responseMs, detail, url } = view.probe
  const answer = ok
    ? piece(`answers in ${latencyText(responseMs)}`, 'good')
    : piece(`fails: ${detail}`, 'bad', 'strong')
  return [answer, piece(`  ${url}`, 'quiet')]
}

function level(
  label: string,
  of: { value: string; percent: number | null; mark: number | null },
  look: PageLook,
): Line {
  const room = Math.max(10, Math.min(60, look.width - LABEL - 44))
  return fact(label, ...bar(of.percent, of.mark, room, look.glyphs), piece(`  ${of.value}`))
}

function levelLines(row: Row, trail: Trail | null, look: PageLook): readonly Line[] {
  const { view, numbers } = row
  const cpu = numbers.cpuPercent ?? null
  const share = percentText(numbers.cpuLimitPercent ?? null)
  const limit = view.memoryLimitBytes === null ? 'the host' : memoryText(view.memoryLimitBytes)
  const memory = numbers.memoryUsedBytes ?? null
  return [
    level(
      'CPU',
      {
        value: `${percentText(cpu)}, ${share} of its share, mark ${view.thresholds.cpuPercent} %`,
        percent: numbers.cpuLimitPercent ?? null,
        mark: row.cpuMark,
      },
      look,
    ),
    trailLine(trail?.cpu ?? [], 100, percentText, look),
    level(
      'memory',
      {
        value: `${memoryText(memory)} of ${limit}, mark ${view.thresholds.memoryPercent} %`,
        percent: numbers.memoryPercent ?? null,
        mark: row.memoryMark,
      },
      look,
    ),
    trailLine(trail?.memory ?? [], view.memoryLimitBytes ?? 0, memoryText, look),
  ]
}

/** A flat line is drawn at two thirds, so that it is seen to be flat and not full. */
const HEADROOM = 1.5

/** How far back the lines of recent values reach. */
export const RECENT_MS = 15 * 60_000

/** The line of recent values; its top is the largest of them, but at least `least`. */
function trailLine(dots: readonly Dot[], least: number, say: (value: number) => string, look: PageLook): Line {
  const from = look.now - RECENT_MS
  const known = dots.filter(({ at }) => at >= from).flatMap(({ value }) => value ?? [])
  if (known.length === 0) return fact('', piece('no recent values', 'quiet'))
  const high = Math.max(...known)
  const width = Math.max(10, Math.min(90, look.width - LABEL - 28))
  const text = sparkline(dots, { from, to: look.now, width, top: Math.max(high * HEADROOM, least) }, look.glyphs)
  return fact('', piece(text, 'accent'), piece(`  15 min, max ${say(high)}`, 'quiet'))
}

function flowLines({ view, numbers }: Row): readonly Line[] {
  const { networkReceivedBytesPerSecond: received, networkSentBytesPerSecond: sent } = numbers
  const { blockReadBytesPerSecond: read, blockWrittenBytesPerSecond: written } = numbers
  return [
    fact('network', piece(`in ${rateText(received ?? null)}, out ${rateText(sent ?? null)}`)),
    fact('disk', piece(`read ${rateText(read ?? null)}, write ${rateText(written ?? null)}`)),
    fact(
      'processes',
      piece(
        `${numbers.pids ?? UNKNOWN}, throttled ${percentText(numbers.throttledPercent ?? null)} of periods, ${view.restarts} restarts`,
      ),
    ),
  ]
}

function outageLines(view: ContainerView, trail: Trail | null, { now }: PageLook): readonly Line[] {
  const head: Line = [piece('Outages', 'strong')]
  if (trail?.history == null)
    return [head, [piece(trail?.why == null ? '  asking the monitor…' : `  not known: ${trail.why}`, 'quiet')]]
  const spans = joined(trail.history.spans, view.span).filter(isOutage).slice(-OUTAGES)
  const since = agoText(now - trail.history.from)
  if (spans.length === 0) return [head, [piece(`  none in the last ${since}`, 'good')]]
  return [head, ...spans.reverse().map((span) => spanLine(span, now))]
}

/** The stretches of the history, and the newest when it began after that was asked for. */
function joined(old: readonly Span[], newest: Span): readonly Span[] {
  const last = old.at(-1)
  if (last === undefined) return [newest]
  if (newest.from <= last.from) return old
  return [...old.slice(0, -1), { ...last, to: last.to ?? newest.from }, newest]
}

function isOutage(span: Span, i: number, all: readonly Span[]): boolean {
  const kind = kindOf(span, { isLast: i === all.length - 1, alarmed: false })
  return kind !== 'up' && kind !== 'absent'
}

function spanLine(span: Span, now: EpochMs): Line {
  const lasts = span.to === null ? `${agoText(now - span.from)} so far` : durationText(span.to - span.from)
  const style = span.condition === 'down' ? 'bad' : 'warn'
  return [piece(`  ${localTime(span.from)}  `), piece(`${span.condition} ${lasts}`, style), piece(`: ${span.why}`)]
}

function alertLines(alerts: readonly AlertView[], name: string, { now, glyphs }: PageLook): readonly Line[] {
  const own = byUrgency(alerts.filter(({ container }) => container === name)).slice(0, OUTAGES)
  const head: Line = [piece('Alerts', 'strong')]
  if (own.length === 0) return [head, [piece('  none', 'good')]]
  return [head, ...own.flatMap((alert) => alertPair(alert, now, glyphs))]
}

/** An alert in two lines: what and when, then its sentence. */
export function alertPair(alert: AlertView, now: EpochMs, glyphs: Glyphs): readonly Line[] {
  const fires = alert.resolvedAt === null
  const style = alert.severity === 'critical' ? 'bad' : 'warn'
  const sign = alert.severity === 'critical' ? glyphs.critical : glyphs.warning
  const what = fires ? piece(`${sign} ${alert.rule}`, style, 'strong') : piece(`  ${alert.rule}`, 'quiet')
  const where = piece(`  ${alert.container ?? alert.host}  `, fires ? 'strong' : 'quiet')
  const times = piece(alertTimes(alert, now), 'quiet')
  return [
    [piece('  '), what, where, times],
    [
      piece(
        `      ${alert.resolvedSummary ?? alert.summary}${heldText(alert)}`,
        ...(fires ? [] : (['quiet'] as const)),
      ),
    ],
  ]
}
