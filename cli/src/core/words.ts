/** Words for states, the same in every view and command. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView } from '@plimsoll/contracts/container'
import type { EngineView } from '@plimsoll/contracts/http'
import { durationText, memoryText } from '@plimsoll/contracts/text'
import { type EpochMs, localTime } from '@plimsoll/contracts/time'
import type { Style } from './line.ts'
import type { Row } from './rows.ts'

/** The state, with health where the image checks it, and the exit code of what ended badly. */
export function stateText(view: ContainerView): string {
  if (view.state === 'running') return view.health === 'none' ? 'running' : view.health
  if (view.state !== 'exited' && view.state !== 'dead') return view.state
  return view.exitCode === null || view.exitCode === 0 ? view.state : `${view.state} ${view.exitCode}`
}

export function stateStyle(row: Row): Style {
  if (row.firing === 'critical' || row.view.state === 'dead') return 'bad'
  if (row.firing === 'warning' || row.view.state === 'restarting' || row.view.health === 'unhealthy') return 'warn'
  return row.view.state === 'running' ? 'good' : 'quiet'
}

/** The time of day in the reader's own zone. */
export function clock(at: EpochMs): string {
  return localTime(at).slice(11)
}

/** Whole seconds, from ten minutes on whole minutes: it is read, not timed. */
export function agoText(ms: number): string {
  const whole = Math.max(0, ms)
  return durationText(Math.floor(whole / (whole >= 600_000 ? 60_000 : 1000)) * (whole >= 600_000 ? 60_000 : 1000))
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `web1 · Docker 28.3.0 · 8 cores · 15.5 GiB`, or how it stands with the engine. */
export function engineText(engine: EngineView | null): string {
  if (engine === null) return 'no word of the engine yet'
  if (engine.state === 'connected')
    return `${engine.host} · Docker ${engine.version} · ${plural(engine.cpus, 'core')} · ${memoryText(engine.memoryBytes)}`
  return engine.state === 'connecting' ? `reaching for the engine at ${engine.where}` : 'engine unreachable'
}

/** What is wrong with the engine and what to do; `null` when all is well. */
export function engineTrouble(engine: EngineView | null, now: EpochMs): string | null {
  if (engine?.state !== 'unreachable') return null
  return `The engine has not answered for ${agoText(now - engine.since)}: ${engine.error}. ${engine.advice}`
}

/** When an alert fired and how long it lasted or lasts. */
export function alertTimes(alert: AlertView, now: EpochMs): string {
  if (alert.resolvedAt === null) return `since ${localTime(alert.firedAt)}, for ${agoText(now - alert.firedAt)}`
  return `${localTime(alert.firedAt)}, lasted ${durationText(alert.resolvedAt - alert.firedAt)}`
}

/** Why an alert is not delivered; nothing when it is. */
export function heldText({ suppressed }: AlertView): string {
  return suppressed === undefined ? '' : ` (held back: ${suppressed})`
}

/** Firing first, the critical before the others; then the newest. */
export function byUrgency(alerts: readonly AlertView[]): readonly AlertView[] {
  const rank = (alert: AlertView) => (alert.resolvedAt !== null ? 2 : alert.severity === 'critical' ? 0 : 1)
  return [...alerts].sort((a, b) => rank(a) - rank(b) || b.firedAt - a.firedAt)
}
