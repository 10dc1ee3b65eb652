/** What the alert service says of itself at `GET /status` (:8002), and the monitor shows on the page. */
import type { AlertState } from './alert.ts'
import type { EpochMs } from './time.ts'

/** Why a line did or did not become a message. The same words are logged, counted and shown. */
export const DELIVERY_OUTCOMES = ['sent', 'grouped', 'suppressed', 'waiting', 'failed'] as const
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number]

export interface ChannelStatus {
  /** `ses`, `smtp`, `outbox`. */
  readonly name: string
  /** For a person: `e-mail by Amazon SES (eu-central-1) to ops@example.com`. */
  readonly doc: string
  readonly state: 'ok' | 'retrying' | 'blocked' | 'unused'
  /** Messages not yet accepted. */
  readonly queued: number
  readonly sent: number
  readonly lastSentAt: EpochMs | null
  /** The last failure, and what to do about it; `null` once a message went through. */
  readonly error: string | null
  readonly advice: string | null
  readonly nextTryAt: EpochMs | null
}

export interface DeliveryRecord {
  readonly at: EpochMs
  readonly id: string
  readonly state: AlertState
  readonly rule: string
  readonly container: string | null
  readonly channel: string | null
  readonly outcome: DeliveryOutcome
  /** A sentence: `first of its kind`, `within ALERT_COOLDOWN (5 min) of the last one`. */
  readonly why: string
}

export interface DeliveryStatus {
  readonly build: string
  readonly startedAt: EpochMs
  readonly state: 'ok' | 'degraded'
  readonly problems: readonly string[]
  readonly log: {
    readonly file: string
    readonly offset: number
    /** Written by the monitor, not yet read. */
    readonly behindBytes: number
    readonly lines: number
    readonly badLines: number
    /** Lines that came a second time. */
    readonly duplicates?: number
    /** Rotated files that are not read to their end yet; they must not be deleted. */
    readonly pendingFiles: readonly string[]
  }
  /** How many of the remembered lines came to which end, for all channels together. */
  readonly outcomes?: { readonly [K in DeliveryOutcome]?: number }
  readonly channels: readonly ChannelStatus[]
  /** The newest decisions, newest first, at most 50. */
  readonly recent: readonly DeliveryRecord[]
}
