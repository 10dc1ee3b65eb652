/** A back-test: what a rule set would have sent on the stored history, over HTTP. */
import type { Severity } from './alert.ts'
import type { EpochMs } from './time.ts'

/** `POST /api/backtest`; `GET /api/backtest?days` asks the same of the rules in force. */
export interface BacktestAsked {
  /** How far back, 1 to 400; 7 unless given. */
  readonly days?: number
  /** A rules file's text (YAML); without it the rules in force. */
  readonly rules?: string
}

export interface BacktestAnswer {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Whose rules: those in force, or those asked about. */
  readonly rules: 'in force' | 'asked'
  /** By rule and container, most alerts first. */
  readonly totals: readonly BacktestTotal[]
  /** The newest first, at most 500 of `alertsCount`. */
  readonly alerts: readonly BacktestAlert[]
  readonly alertsCount: number
  /** What the judgement is made from, in order of time: each stretch was read at this resolution at best. */
  readonly resolutions: readonly BacktestStretch[]
  /** Rules that stored history cannot answer for, and why. */
  readonly notReplayed: readonly { readonly rule: string; readonly why: string }[]
  /** What the answer can and cannot tell, in sentences. */
  readonly notes: readonly string[]
  /** How many containers were replayed, and the names of those that time did not suffice for. */
  readonly containers: number
  readonly leftOut: readonly string[]
  readonly tookMs: number
}

export interface BacktestTotal {
  readonly rule: string
  readonly severity: Severity
  readonly container: string
  /** Alerts, judged by the mean of each stretch; those held back (flapping, quiet hours, a worse one) are not counted. */
  readonly count: number
  readonly heldBack: number
  /** How long they fired, those held back included. */
  readonly firingMs: number
  /** The same judged by the highest sample of each stretch. What would have been sent lies between. */
  readonly byPeaks: { readonly count: number; readonly firingMs: number }
  /** What was really fired in this time, as far as it is stored, by whatever rules were in force then. */
  readonly fired: number
}

export interface BacktestAlert {
  readonly rule: string
  readonly severity: Severity
  readonly container: string
  readonly from: EpochMs
  /** `null`: still firing at the end. */
  readonly to: EpochMs | null
  readonly value: number | null
  readonly threshold: number | null
  readonly summary: string
  readonly suppressed?: string
}

export interface BacktestStretch {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly stepMs: number
}
