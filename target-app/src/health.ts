/** Whether the target app is well: true to the database, asked anew each time. */
import type { Ping } from './database.ts'

/** Well below the 5 s after which a health check gives up, so that the reason is told and not lost in a timeout. */
export const HEALTH_DEADLINE_MS = 1500

export interface Health {
  readonly status: 'ok' | 'failing'
  readonly database: Ping
  /** Why it fails, in a sentence. */
  readonly reason?: string
}

/** The verdict and its HTTP status. An `outage` load fails it whatever the database says. */
export function healthOf(ping: Ping, outage: boolean): { readonly status: 200 | 503; readonly body: Health } {
  if (outage) return { status: 503, body: { status: 'failing', database: ping, reason: 'an outage load asks for it' } }
  if (ping.ok) return { status: 200, body: { status: 'ok', database: ping } }
  return { status: 503, body: { status: 'failing', database: ping, reason: `database: ${ping.error}` } }
}
