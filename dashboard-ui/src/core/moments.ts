/** The moments of a container that its charts mark: when an alert fired, when it died. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

export interface MomentOf {
  readonly at: EpochMs
  readonly token: string
  readonly text: string
}

/** The moment nearest to `at`, if one lies within `reachMs`. */
export function nearest(moments: readonly MomentOf[], at: EpochMs, reachMs: number): MomentOf | null {
  let found: MomentOf | null = null
  for (const moment of moments) {
    const away = Math.abs(moment.at - at)
    if (away <= reachMs && (found === null || away < Math.abs(found.at - at))) found = moment
  }
  return found
}

/** Two lists of alerts as one, each alert once, as the first list tells it; newest first. */
export function joined(live: readonly AlertView[], remembered: readonly AlertView[]): readonly AlertView[] {
  const known = new Set(live.map(({ id }) => id))
  const more = remembered.filter(({ id }) => !known.has(id))
  return more.length === 0 ? live : [...live, ...more].sort((a, b) => b.firedAt - a.firedAt)
}

/** Two lists of events as one, each once; newest first. Numbers begin anew with the monitor, so the time counts too. */
export function joinedEvents(live: readonly FleetEvent[], remembered: readonly FleetEvent[]): readonly FleetEvent[] {
  const keyOf = (event: FleetEvent) => `${event.at} ${event.kind}`
  const known = new Set(live.map(keyOf))
  const more = remembered.filter((event) => !known.has(keyOf(event)))
  return more.length === 0 ? live : [...live, ...more].sort((a, b) => b.at - a.at)
}

/** Alerts of container `name` by their severity's colour, and its deaths and stops that no alert tells of. */
export function momentsOf(
  name: string,
  alerts: readonly AlertView[],
  events: readonly FleetEvent[],
): readonly MomentOf[] {
  const fired = alerts
    .filter((alert) => alert.container === name)
    .map(
      (alert): MomentOf => ({
        at: alert.firedAt,
        token: alert.severity === 'critical' ? '--bad' : '--warn',
        text: `${alert.rule}: ${alert.summary}`,
      }),
    )
  const ends = events
    .filter((event) => event.container === name && event.kind === 'stopped')
    .map((event): MomentOf => ({ at: event.at, token: '--ink-3', text: event.text }))
  return [...fired, ...ends]
}
