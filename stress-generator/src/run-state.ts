/** What a run remembers from tick to tick. */
import type { LoadAnswer } from '@plimsoll/contracts/load'
import { type History, NO_HISTORY } from './history.ts'
import { NO_SCORES, type Scores } from './score.ts'
import { type Commands, NO_COMMANDS } from './steer.ts'

/** A run of a week is not kept probe by probe. */
export const MAX_TIMES = 10_000

/** What `/health` answered over the run. */
export interface Health {
  readonly probes: number
  readonly failed: number
  /** Milliseconds of the good answers, the newest `MAX_TIMES` of them. */
  readonly times: readonly number[]
}

/** What database loads, anybody's, did meanwhile; since the target's newest start if it restarted. */
export interface DatabaseDone {
  readonly queries: number
  readonly errors: number
  readonly lastError: string | null
}

/** Changed in place by the loop, and by nobody else. */
export interface State {
  history: History
  commands: Commands
  scores: Scores
  health: { probes: number; failed: number; times: number[] }
  probing: boolean
  turn: { readonly number: number; readonly bootId: string | null }
  steeredFrom: number | null
  bootId: string | null
  restarts: number
  database: { readonly first: LoadAnswer['database']; readonly last: LoadAnswer['database'] } | null
  /** Since when the target does not answer, or does not do what it is asked for. */
  trouble: { readonly sinceMs: number; readonly reason: string } | null
}

export function freshState(): State {
  return {
    history: NO_HISTORY,
    commands: NO_COMMANDS,
    scores: NO_SCORES,
    health: { probes: 0, failed: 0, times: [] },
    probing: false,
    turn: { number: -1, bootId: null },
    steeredFrom: null,
    bootId: null,
    restarts: 0,
    database: null,
    trouble: null,
  }
}

/** The difference between the first and the last look at the target's counters. */
export function databaseOf({ database }: State): DatabaseDone {
  if (database === null) return { queries: 0, errors: 0, lastError: null }
  const { first, last } = database
  const errors = last.errors - first.errors
  return { queries: last.queries - first.queries, errors, lastError: errors > 0 ? last.lastError : null }
}
