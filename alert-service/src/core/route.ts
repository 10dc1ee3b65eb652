/** Which alerts a channel is for: by severity, container and Compose project. */
import type { AlertEvent } from '@plimsoll/contracts/alert'

/** Every channel there is, by the name that `ROUTES` and `/status` use. `mail` is all three ways of mail. */
export const CHANNEL_NAMES = ['mail', 'slack', 'teams', 'discord', 'ntfy', 'webhook', 'alertmanager'] as const

export interface Route {
  readonly severities: 'all' | 'critical'
  /** Patterns of container names with `*`, or `project=` and one of projects; null takes all, what is about the host too. */
  readonly containers: readonly string[] | null
}

// No container name has an equals sign.
const OF_PROJECT = 'project='

export const EVERYTHING: Route = { severities: 'all', containers: null }

/** `critical`, `all`, `critical:web*|db|project=shop`; undefined when it is neither. */
export function parseRoute(text: string): Route | undefined {
  const found = /^(all|critical)(?::([^\s:]+))?$/.exec(text)
  if (found === null) return undefined
  const severities = found[1] === 'critical' ? 'critical' : 'all'
  return { severities, containers: found[2]?.split('|').filter((name) => name !== '') ?? null }
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}

/** Whether the route takes the event. */
export function routes(route: Route, event: Pick<AlertEvent, 'severity' | 'container' | 'project'>): boolean {
  if (route.severities === 'critical' && event.severity !== 'critical') return false
  if (route.containers === null) return true
  const { container, project } = event
  return route.containers.some((pattern) => {
    if (!pattern.startsWith(OF_PROJECT)) return container !== null && matches(pattern, container)
    return project !== undefined && matches(pattern.slice(OF_PROJECT.length), project)
  })
}
