/** The two lines on top of every view, and the banner below them: host, engine, own cost, and how old what is shown is. */
import { memoryText, percentText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { bar, type Glyphs } from './bar.ts'
import { compactPercent } from './compact.ts'
import { justified, type Line, type Piece, piece } from './line.ts'
import type { State } from './state.ts'
import { agoText, clock, engineText, engineTrouble, plural } from './words.ts'

function linkPiece({ link, latest }: State, now: EpochMs, glyphs: Glyphs): Piece {
  switch (link.state) {
    case 'live': {
      const age = latest === null ? null : now - latest.at
      // A tick comes each second or two; older than ten is not live, whatever the connection says.
      if (age !== null && age > 10_000) return piece(`${glyphs.dot} no numbers for ${agoText(age)}`, 'warn', 'strong')
      return piece(`${glyphs.dot} live ${clock(now)}`, 'good')
    }
    case 'connecting':
      return piece(`${glyphs.dot} connecting`, 'warn')
    case 'lost':
      return piece(`${glyphs.dot} away for ${agoText(now - link.since)}`, 'bad', 'strong')
    case 'foreign':
      return piece(`${glyphs.dot} other version`, 'bad', 'strong')
  }
}

function alertPieces(state: State, glyphs: Glyphs): readonly Piece[] {
  const firing = state.alerts.filter(({ resolvedAt }) => resolvedAt === null)
  const critical = firing.filter(({ severity }) => severity === 'critical').length
  const warnings = firing.length - critical
  if (firing.length === 0) return [piece('nothing fires', 'good')]
  const parts: Piece[] = []
  if (critical > 0) parts.push(piece(`${glyphs.critical} ${critical} critical`, 'bad', 'strong'))
  if (critical > 0 && warnings > 0) parts.push(piece(' '))
  if (warnings > 0) parts.push(piece(`${glyphs.warning} ${plural(warnings, 'warning')}`, 'warn', 'strong'))
  return parts
}

/** The first two lines. */
export function header(state: State, look: { width: number; now: EpochMs; glyphs: Glyphs }): readonly Line[] {
  const { width, now, glyphs } = look
  const views = [...state.containers.values()].filter((view) => view.state !== 'removed')
  const running = views.filter((view) => view.state === 'running').length
  const first = [piece('Plimsoll', 'accent', 'strong'), piece(' '), piece(engineText(state.engine))]
  const counts =
    state.link.state === 'connecting' ? 'no numbers yet' : `${plural(views.length, 'container')}, ${running} running`
  const second = [
    piece(counts),
    piece(' · ', 'quiet'),
    ...(state.link.state === 'connecting' ? [] : alertPieces(state, glyphs)),
  ]
  const cost =
    state.own === null
      ? []
      : [piece(`monitor ${percentText(state.own.cpuPercent)} CPU, ${memoryText(state.own.rssBytes)}`, 'quiet')]
  return [
    justified(first, [linkPiece(state, now, glyphs)], width),
    justified(state.link.state === 'connecting' ? [piece(counts)] : second, cost, width),
  ]
}

const HOST_BAR = 8

/** The machine under the engine in one line: CPU, memory and each disk with its mark; `null` when it is not known. */
export function hostLine({ host }: State, glyphs: Glyphs): Line | null {
  if (host === null || (host.cpu === null && host.memory === null)) return null
  const marks = host.thresholds
  const level = (label: string, percent: number | null, mark: number | undefined): readonly Piece[] => [
    piece(`${label} `, 'quiet'),
    ...bar(percent, mark ?? null, HOST_BAR, glyphs),
    piece(` ${compactPercent(percent)}  `),
  ]
  return [
    piece('host  ', 'quiet'),
    ...level('CPU', host.cpu?.percent ?? null, marks?.cpuPercent),
    ...level('MEM', host.memory?.percent ?? null, marks?.memoryPercent),
    ...(host.load === null ? [] : [piece('load ', 'quiet'), piece(`${host.load.one.toFixed(2)}  `)]),
    ...host.disks.slice(0, 3).flatMap((disk) => level(disk.name, disk.percent, marks?.diskPercent)),
  ]
}

/** What a reader must know before any number; `null` when all is well. */
export function banner(state: State, where: string, now: EpochMs): Piece | null {
  const { link } = state
  const why = 'why' in link && link.why !== null ? `: ${link.why}` : ''
  if (link.state === 'connecting') return piece(`Reaching for the monitor at ${where}${why}`, 'warn')
  if (link.state === 'lost')
    return piece(
      `The monitor at ${where} is away${why}. What you see is from ${clock(link.since)}; trying again.`,
      'bad',
    )
  if (link.state === 'foreign')
    return piece(`The monitor at ${where} speaks version ${link.wire}: use the plimsoll of its own release.`, 'bad')
  const engine = engineTrouble(state.engine, now)
  if (engine !== null) return piece(engine, 'bad')
  if (state.delivery?.reachable === false)
    return piece(`The alert service is away: ${state.delivery.error}. Alerts wait in the log.`, 'warn')
  const problem = state.delivery?.reachable === true ? state.delivery.status.problems[0] : undefined
  return problem === undefined ? null : piece(`Delivery: ${problem}`, 'warn')
}
