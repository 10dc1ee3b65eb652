/** Sentences: how a container is and since when, how the link and the engine stand. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import type { EngineView } from '@plimsoll/contracts/http'
import { durationText, latencyText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { isPlanned } from './spans.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'quiet'

export interface Said {
  readonly tone: Tone
  readonly text: string
}

/** `3 min 5 s`, without seconds from ten minutes on: a sentence is read, not timed. */
export function agoText(ms: number): string {
  if (ms < 1000) return '0 s'
  return durationText(ms >= 600_000 ? Math.floor(ms / 60_000) * 60_000 : ms)
}

/** What the state is called, with health where the image checks it. */
export function stateText(view: ContainerView): string {
  if (view.state !== 'running') return view.state
  if (view.health === 'none') return 'running'
  return view.health === 'starting' ? 'starting' : view.health
}

/** The colour of a container: what fires decides, then its state. */
export function toneOf(view: ContainerView, severity: 'critical' | 'warning' | null): Tone {
  if (severity === 'critical' || view.state === 'dead') return 'bad'
  if (severity === 'warning' || view.state === 'restarting' || view.health === 'unhealthy') return 'warn'
  if (view.probe?.ok === false && view.state === 'running') return 'warn'
  return view.state === 'running' ? 'good' : 'quiet'
}

function healthWords(view: ContainerView): string {
  if (view.health === 'healthy') return ', healthy'
  if (view.health === 'unhealthy') return ', but its health check fails'
  return view.health === 'starting' ? ', still starting' : ''
}

function probeWords(view: ContainerView): string {
  if (view.probe === null) return ''
  if (!view.probe.ok) return `; its health address fails: ${view.probe.detail}`
  return `, answering in ${latencyText(view.probe.responseMs)}`
}

function restartWords(view: ContainerView): string {
  if (view.restarts === 0) return ''
  return `, restarted ${view.restarts === 1 ? 'once' : `${view.restarts} times`} by the engine`
}

/** One sentence: how it is, and since when. `fullInMs` is the forecast of its memory, when there is one. */
export function bannerText(view: ContainerView, now: EpochMs, fullInMs: number | null = null): string {
  const since = view.state === 'running' ? (view.startedAt ?? view.span.from) : view.span.from
  const ago = agoText(now - since)
  switch (view.state) {
    case 'running': {
      const full = fullInMs === null ? '' : `; its memory would be full in about ${agoText(fullInMs)}`
      return `Running for ${ago}${healthWords(view)}${probeWords(view)}${restartWords(view)}${full}.`
    }
    case 'paused':
      return `Paused for ${ago}.`
    case 'restarting':
      return `Restarting for ${ago}: ${view.span.why}.`
    case 'created':
      return `Created ${ago} ago, never started.`
    case 'removing':
      return 'Being removed.'
    case 'removed':
      return `Removed ${ago} ago. What was recorded stays here.`
    case 'exited':
    case 'dead':
      return `${isPlanned(view.span) ? 'Not running' : 'Away'} for ${ago}: ${view.span.why}.`
  }
}

/** What a person said to an alert: `acknowledged`, `silenced: a planned move`; `null` when nobody did. */
export function handledText(alert: AlertView): string | null {
  if (alert.handled === undefined) return null
  const { state, why } = alert.handled
  if (why === '' || why === state) return state
  return why.startsWith(state) ? why : `${state}: ${why}`
}

/** What fires in a few words for the tab's title: `2 firing`, or nothing. */
export function titleText(alerts: readonly AlertView[], where: string | null): string {
  const firing = alerts.filter((alert) => alert.resolvedAt === null)
  const critical = firing.filter((alert) => alert.severity === 'critical').length
  const place = where === null ? 'Plimsoll' : `${where} · Plimsoll`
  if (firing.length === 0) return place
  const sign = critical > 0 ? '▲' : '△'
  const first = firing.length === 1 ? firing[0] : undefined
  const what = first === undefined ? `${firing.length} alerts` : `${first.rule} ${first.container ?? ''}`.trim()
  return `${sign} ${what} · ${place}`
}

/** How the monitor stands with the engine, where that needs saying; `null` when all is well. */
export function engineTrouble(engine: EngineView | null, now: EpochMs): { what: string; next: string } | null {
  if (engine === null || engine.state === 'connected') return null
  if (engine.state === 'connecting')
    return {
      what: `Reaching for the Docker engine at ${engine.where}`,
      next: 'The first answer usually takes a second.',
    }
  const since = agoText(now - engine.since)
  return { what: `The Docker engine has not answered for ${since}: ${engine.error}`, next: engine.advice }
}
