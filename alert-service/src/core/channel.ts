/** What a channel is to the rest of the service: something a message can be handed to, that says what came of it. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { Report } from './digest.ts'
import type { Entry } from './memory.ts'

export type Failure =
  /** Throttled, a server fault or no way through: the channel tries again, with back-off. */
  | 'retry'
  /** The day's quota is used up: the channel waits long and then tells everything in one message. */
  | 'quota'
  /** The channel itself is refused (credentials, address of the server): a person must act. Kept, and tried again. */
  | 'blocked'
  /** This message or its recipient is refused; others may pass. Kept, and tried again. */
  | 'refused'

export type SendResult =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false
      readonly failure: Failure
      /** One line: what the other side said. */
      readonly error: string
      /** What a person can do about it. */
      readonly advice: string
      /** How long the other side asked to wait. */
      readonly retryAfterMs: number | null
    }

/** Alerts beyond what a message can list, counted by what they were. */
export type Overflow = Readonly<Record<string, number>>

/** What goes into one message, before anyone has put it into words. */
export interface Parcel {
  readonly entries: readonly Entry[]
  /** Those that are only counted: `container rule state` → how many. */
  readonly more: Overflow
  /** For mail: whom this copy is for. Empty where a channel has one reader. */
  readonly recipients: readonly string[]
  /** A mail that is no alert goes alone, and to mail only. */
  readonly report?: Report
}

export interface Channel {
  readonly name: string
  /** For a person: `e-mail by Amazon SES (eu-central-1) to ops@example.com`. */
  readonly doc: string
  /** The copies that a message needs: lists of recipients, or one empty list. */
  readonly copies: readonly (readonly string[])[]
  readonly wants: (event: AlertEvent) => boolean
  /** Never throws; `signal` ends it. */
  readonly send: (parcel: Parcel, signal: AbortSignal) => Promise<SendResult>
}

/** Recipients in groups of at most `size`: SES takes 50 a message. */
export function copiesOf(recipients: readonly string[], size: number): readonly (readonly string[])[] {
  const unique = [...new Set(recipients)]
  return Array.from({ length: Math.ceil(unique.length / size) }, (_, i) => unique.slice(i * size, (i + 1) * size))
}
