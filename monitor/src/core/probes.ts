/**
 * Which container has a health target, and where. Joining: `healthUrl(name, labels, map)` for each container the fleet
 * knows (`HEALTH_TARGETS` as the settings read it).
 */

import { durationText } from '@plimsoll/contracts/text'
import { oneLine } from './sentences.ts'

export const HEALTH_LABEL = 'plimsoll.health.url'

/** The address to probe, or why there is none. A label that is not an `http(s)` address is a problem to show, once. */
export type HealthUrl =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad'; readonly problem: string }

const MAX_URL_CHARS = 2000

/** The container's health target: `HEALTH_TARGETS` before the label. */
export function healthUrl(
  name: string,
  labels: Readonly<Record<string, string>>,
  targets: ReadonlyMap<string, string>,
): HealthUrl {
  const set = targets.get(name)
  if (set !== undefined) return { kind: 'url', url: set }
  const label = Object.hasOwn(labels, HEALTH_LABEL) ? (labels[HEALTH_LABEL] ?? '').trim() : ''
  if (label === '') return { kind: 'none' }
  if (/^https?:\/\/[^\s/]/i.test(label) && URL.canParse(label) && label.length <= MAX_URL_CHARS) {
    return { kind: 'url', url: label }
  }
  return { kind: 'bad', problem: `label ${HEALTH_LABEL} is not an http:// or https:// address` }
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed without an answer',
  UND_ERR_CONNECT_TIMEOUT: 'no connection before the deadline',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name cannot be looked up now',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate not trusted (self-signed)',
  CERT_HAS_EXPIRED: 'certificate has expired',
}

/** Why a probe got no answer, in words. */
export function failureText(cause: unknown, timeoutMs: number): string {
  const { name, code, message } = (cause ?? {}) as { name?: unknown; code?: unknown; message?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return `timeout after ${durationText(timeoutMs)}`
  if (typeof code === 'string') return causes[code] ?? code
  return typeof message === 'string' ? oneLine(message) : 'failed'
}
