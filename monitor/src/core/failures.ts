/** Why a request got no answer, in words a person can act on: for probes and for the alert service. */
import { durationText } from '@plimsoll/contracts/text'
import { oneLine } from './sentences.ts'

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

/** `timeout after 5 s`, `connection refused`, else the error's code or message in one line. */
export function failureText(cause: unknown, timeoutMs: number): string {
  const { name, code, message } = (cause ?? {}) as { name?: unknown; code?: unknown; message?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return `timeout after ${durationText(timeoutMs)}`
  if (typeof code === 'string') return causes[code] ?? code
  return typeof message === 'string' ? oneLine(message) : 'failed'
}
