/** The monitor's HTTP answers, each with a deadline. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { HostAnswer } from '@plimsoll/contracts/host'
import type {
  AlertAnswer,
  AlertsAnswer,
  ContainerAnswer,
  ContainersAnswer,
  ErrorBody,
  EventsAnswer,
  HistoryAnswer,
  LogsAnswer,
  StatusAnswer,
} from '@plimsoll/contracts/http'
import type { Silence, SilenceAsked, SilencesAnswer } from '@plimsoll/contracts/silence'
import type { EpochMs } from '@plimsoll/contracts/time'

const DEADLINE_MS = 10_000

/** An answer, or why there is none, in words for the page. */
export type Fetched<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly why: string }

function get<T>(path: string, signal: AbortSignal | null = null): Promise<Fetched<T>> {
  return ask(path, {}, signal)
}

function send<T>(method: 'POST' | 'DELETE', path: string, body: unknown): Promise<Fetched<T>> {
  const json = body === null ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  return ask(path, { method, ...json }, null)
}

async function ask<T>(path: string, request: RequestInit, signal: AbortSignal | null): Promise<Fetched<T>> {
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const until = signal === null ? deadline : AbortSignal.any([signal, deadline])
  try {
    const response = await fetch(path, { ...request, signal: until })
    if (response.ok) return { ok: true, answer: (await response.json()) as T }
    const body = (await response.json().catch(() => null)) as ErrorBody | null
    return { ok: false, why: body?.error?.message ?? `the monitor answered ${response.status}` }
  } catch (error) {
    if (deadline.aborted) return { ok: false, why: 'the monitor did not answer within 10 s' }
    return { ok: false, why: error instanceof Error ? error.message : 'the monitor cannot be reached' }
  }
}

/** What a container did from `from` to `to`, in at most about `points` rows. */
export function fetchHistory(
  name: string,
  range: { readonly from: EpochMs; readonly to: EpochMs; readonly points: number; readonly metrics?: string },
  signal: AbortSignal,
): Promise<Fetched<HistoryAnswer>> {
  const query = `from=${Math.floor(range.from)}&to=${Math.ceil(range.to)}&points=${range.points}${range.metrics === undefined ? '' : `&metrics=${range.metrics}`}`
  return get(`/api/containers/${encodeURIComponent(name)}/history?${query}`, signal)
}

/** The newest `tail` lines a container wrote, oldest first. */
export function fetchLogs(name: string, tail: number): Promise<Fetched<LogsAnswer>> {
  return get(`/api/containers/${encodeURIComponent(name)}/logs?tail=${tail}`)
}

/** One alert with the evidence of it. */
export function fetchAlert(id: string): Promise<Fetched<AlertAnswer>> {
  return get(`/api/alerts/${id}`)
}

/** Somebody looks after it: it is not repeated any more. */
export function acknowledge(id: string, reason: string): Promise<Fetched<AlertView>> {
  return send('POST', `/api/alerts/${id}/acknowledge`, { reason })
}

export function fetchSilences(): Promise<Fetched<SilencesAnswer>> {
  return get('/api/silences')
}

export function silence(asked: SilenceAsked): Promise<Fetched<Silence>> {
  return send('POST', '/api/silences', asked)
}

export function endSilence(id: string): Promise<Fetched<Silence>> {
  return send('DELETE', `/api/silences/${id}`, null)
}

export function fetchAlerts(limit: number): Promise<Fetched<AlertsAnswer>> {
  return get(`/api/alerts?limit=${limit}`)
}

export function fetchEvents(limit: number): Promise<Fetched<EventsAnswer>> {
  return get(`/api/events?limit=${limit}`)
}

/** One container, with what is told of one only. */
export function fetchContainer(name: string): Promise<Fetched<ContainerAnswer>> {
  return get(`/api/containers/${encodeURIComponent(name)}`)
}

/** All containers, and those that the engine no longer has. */
export function fetchRemoved(): Promise<Fetched<ContainersAnswer>> {
  return get('/api/containers?removed=1')
}

export function fetchHost(): Promise<Fetched<HostAnswer>> {
  return get('/api/host')
}

export function fetchStatus(): Promise<Fetched<StatusAnswer>> {
  return get('/api/status')
}
