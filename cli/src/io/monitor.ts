/** The monitor's HTTP interface, each request with a deadline. */
import type { BacktestAsked } from '@plimsoll/contracts/backtest'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { AcknowledgeAsked, SilenceAsked } from '@plimsoll/contracts/silence'
import { type AnswerKind, type Answers, checked, errorOf, type Fetched } from '../core/answers.ts'

const DEADLINE_MS = 10_000
/** The monitor itself gives up after 90 s. */
const BACKTEST_MS = 120_000
const MOST_EVENTS = 1000
/** What views and reports are made of. */
const HISTORY_METRICS: readonly MetricName[] = ['cpuPercent', 'memoryUsedBytes', 'memoryPercent', 'responseMs']

export interface Monitor {
  readonly url: string
  /** Also, with `removed`, what the engine no longer has and of which history is stored. */
  readonly containers: (query?: { removed?: boolean }) => Promise<Fetched<Answers['containers']>>
  readonly alerts: (query: { state?: 'firing' | 'resolved'; limit?: number }) => Promise<Fetched<Answers['alerts']>>
  /** What happened to containers, newest first, as many as the monitor tells at once. */
  readonly events: () => Promise<Fetched<Answers['events']>>
  readonly host: () => Promise<Fetched<Answers['host']>>
  readonly status: () => Promise<Fetched<Answers['status']>>
  /** A stalled monitor answers 503 with the same body: that is an answer. */
  readonly health: () => Promise<Fetched<Answers['health']>>
  readonly history: (
    name: string,
    range: { from: number; to: number; points: number },
  ) => Promise<Fetched<Answers['history']>>
  readonly silences: () => Promise<Fetched<Answers['silences']>>
  readonly silence: (asked: SilenceAsked) => Promise<Fetched<Answers['silence']>>
  readonly unsilence: (id: string) => Promise<Fetched<Answers['silence']>>
  readonly acknowledge: (id: string, asked: AcknowledgeAsked) => Promise<Fetched<Answers['acknowledged']>>
  readonly backtest: (asked: BacktestAsked) => Promise<Fetched<Answers['backtest']>>
}

/** A question that changes something, or is too long for an address. */
interface Said {
  readonly method: 'POST' | 'DELETE'
  readonly body?: unknown
}

/** Reaches the monitor at `url` (no slash at the end). */
export function monitorAt(url: string, deadlineMs = DEADLINE_MS): Monitor {
  const get = <K extends AnswerKind>(kind: K, path: string, said?: Said) =>
    ask(kind, `${url}${path}`, { deadlineMs, ...said })
  return {
    url,
    containers: ({ removed } = {}) => get('containers', `/api/containers${removed === true ? '?removed=1' : ''}`),
    alerts: ({ state, limit }) => {
      const query = new URLSearchParams({ ...(state && { state }), ...(limit && { limit: String(limit) }) })
      return get('alerts', `/api/alerts?${query}`)
    },
    events: () => get('events', `/api/events?limit=${MOST_EVENTS}`),
    host: () => get('host', '/api/host'),
    status: () => get('status', '/api/status'),
    health: () => get('health', '/health'),
    history: (name, { from, to, points }) => {
      const query = `from=${Math.floor(from)}&to=${Math.ceil(to)}&points=${points}&metrics=${HISTORY_METRICS.join(',')}`
      return get('history', `/api/containers/${encodeURIComponent(name)}/history?${query}`)
    },
    silences: () => get('silences', '/api/silences'),
    silence: (body) => get('silence', '/api/silences', { method: 'POST', body }),
    unsilence: (id) => get('silence', `/api/silences/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    acknowledge: (id, body) =>
      get('acknowledged', `/api/alerts/${encodeURIComponent(id)}/acknowledge`, { method: 'POST', body }),
    backtest: (body) => ask('backtest', `${url}/api/backtest`, { deadlineMs: BACKTEST_MS, method: 'POST', body }),
  }
}

interface How extends Partial<Said> {
  readonly deadlineMs: number
}

async function ask<K extends AnswerKind>(kind: K, url: string, how: How): Promise<Fetched<Answers[K]>> {
  const { deadlineMs, method = 'GET', body: sent } = how
  const signal = AbortSignal.timeout(deadlineMs)
  const headers = { accept: 'application/json', ...(sent === undefined ? {} : { 'content-type': 'application/json' }) }
  try {
    const response = await fetch(url, {
      signal,
      method,
      headers,
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    })
    const body: unknown = await response.json().catch(() => null)
    if (response.ok || (kind === 'health' && response.status === 503 && errorOf(body) === null))
      return checked(kind, body)
    const error = errorOf(body)
    const why = error?.message ?? `the monitor answered ${response.status} ${response.statusText}`.trimEnd()
    return { ok: false, why, reached: true, code: error?.code ?? null }
  } catch (error) {
    const why = signal.aborted ? `no answer within ${deadlineMs / 1000} s` : reasonOf(error)
    return { ok: false, why, reached: false, code: null }
  }
}

/** fetch says "fetch failed"; what happened stands in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as NodeJS.ErrnoException | null)?.code
  if (code === 'ECONNREFUSED') return 'connection refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host'
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'connection lost'
  return cause instanceof Error ? cause.message : String(cause)
}
