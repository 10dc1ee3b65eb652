/** A silence: alerts that are not to be delivered for a while, because somebody said so. */
import type { EpochMs } from './time.ts'

export interface Silence {
  /** A ULID; stands in `by=` of the lines it holds back. */
  readonly id: string
  /** The containers it is for, `*` for any letters; `null` for every alert, those of no container too. */
  readonly container: string | null
  /** The rules it is for, `*` for any letters; `null` for every rule. */
  readonly rule: string | null
  readonly from: EpochMs
  readonly until: EpochMs
  /** Why, for whoever wonders later. */
  readonly reason: string
}

/** `GET /api/silences`: those in force, the newest first. */
export interface SilencesAnswer {
  readonly silences: readonly Silence[]
}

/** `POST /api/silences`: `for` is a duration such as `2h` or `45m`. Answers with the `Silence`, 201. */
export interface SilenceAsked {
  readonly container?: string | null
  readonly rule?: string | null
  readonly for: string
  readonly reason: string
}

/** `POST /api/alerts/:id/acknowledge`: somebody looks after it; it is not repeated any more. Answers with the alert. */
export interface AcknowledgeAsked {
  readonly reason?: string
}
