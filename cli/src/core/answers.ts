/**
 * Answers of the monitor, checked at the border: only what every command leans on, so that an answer of a newer
 * monitor with more in it passes and the page of some other server on that port does not.
 */

import type { AlertView } from '@plimsoll/contracts/alert'
import type { BacktestAnswer } from '@plimsoll/contracts/backtest'
import type { HostAnswer } from '@plimsoll/contracts/host'
import type {
  AlertsAnswer,
  ContainersAnswer,
  EventsAnswer,
  HealthAnswer,
  HistoryAnswer,
  StatusAnswer,
} from '@plimsoll/contracts/http'
import type { Silence, SilencesAnswer } from '@plimsoll/contracts/silence'
import * as v from 'valibot'

const engine = v.looseObject({ state: v.picklist(['connecting', 'connected', 'unreachable']) })
const named = v.looseObject({
  name: v.string(),
  state: v.string(),
  thresholds: v.looseObject({}),
  numbers: v.looseObject({}),
  span: v.looseObject({ from: v.number() }),
})
const alert = v.looseObject({
  id: v.string(),
  rule: v.string(),
  severity: v.string(),
  firedAt: v.number(),
  summary: v.string(),
})
const silence = v.looseObject({ id: v.string(), until: v.number(), reason: v.string() })

export const ANSWERS = {
  containers: v.looseObject({ at: v.number(), engine, containers: v.array(named) }),
  alerts: v.looseObject({ alerts: v.array(alert) }),
  events: v.looseObject({ events: v.array(v.looseObject({ at: v.number(), kind: v.string() })) }),
  host: v.looseObject({ at: v.number(), host: v.string(), disks: v.array(v.looseObject({ name: v.string() })) }),
  status: v.looseObject({
    build: v.string(),
    engine,
    own: v.looseObject({ cpuPercent: v.number(), rssBytes: v.number() }),
  }),
  health: v.looseObject({ status: v.picklist(['ok', 'degraded', 'stalled']), problems: v.array(v.string()) }),
  history: v.looseObject({
    name: v.string(),
    stepMs: v.number(),
    at: v.array(v.number()),
    columns: v.looseObject({}),
    spans: v.array(v.looseObject({ from: v.number(), condition: v.string() })),
  }),
  silences: v.looseObject({ silences: v.array(silence) }),
  silence,
  acknowledged: alert,
  backtest: v.looseObject({
    from: v.number(),
    to: v.number(),
    totals: v.array(v.looseObject({ rule: v.string(), container: v.string(), count: v.number() })),
    alerts: v.array(v.looseObject({ rule: v.string(), from: v.number() })),
    resolutions: v.array(v.looseObject({ stepMs: v.number() })),
    notes: v.array(v.string()),
  }),
} as const

export interface Answers {
  readonly containers: ContainersAnswer
  readonly alerts: AlertsAnswer
  readonly events: EventsAnswer
  readonly host: HostAnswer
  readonly status: StatusAnswer
  readonly health: HealthAnswer
  readonly history: HistoryAnswer
  readonly silences: SilencesAnswer
  readonly silence: Silence
  readonly acknowledged: AlertView
  readonly backtest: BacktestAnswer
}
export type AnswerKind = keyof Answers

/** An answer, or why there is none: a sentence, and whether the monitor answered at all. */
export type Fetched<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly why: string; readonly reached: boolean; readonly code: string | null }

/** The body as an answer of `kind`, or why it is none. */
export function checked<K extends AnswerKind>(kind: K, body: unknown): Fetched<Answers[K]> {
  const read = v.safeParse(ANSWERS[kind], body)
  if (read.success) return { ok: true, answer: read.output as unknown as Answers[K] }
  const issue = read.issues[0]
  const where = v.getDotPath(issue)
  const why = `the answer is not a Plimsoll monitor's (${where === null ? '' : `${where}: `}${issue.message})`
  return { ok: false, why, reached: true, code: null }
}

const errorBody = v.looseObject({ error: v.looseObject({ code: v.string(), message: v.string() }) })

/** The code and message of an error answer; `null` when the body is something else. */
export function errorOf(body: unknown): { readonly code: string; readonly message: string } | null {
  const read = v.safeParse(errorBody, body)
  return read.success ? read.output.error : null
}
