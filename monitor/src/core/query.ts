/** The parameters of a question over HTTP: checked here, and named when they are wrong. */
import { METRICS, type MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { parseIsoTime } from '@plimsoll/contracts/time'
import { type Asked, HISTORY_MS } from './history.ts'

/** As it stands in the address; one that stands twice is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

/** What a chart can show; more rows than this nobody sees. */
export const POINTS = { fallback: 600, most: 5000 } as const
export const LIMIT = { fallback: 100, most: 1000 } as const

const wrong = (problem: string) => ({ ok: false, problem }) as const

/** `null` when it is not there. */
function textOf(query: Query, name: string): string | null {
  const value = query[name]
  return value === undefined || value === '' ? null : String(value)
}

function wholeIn(query: Query, name: string, range: { fallback: number; most: number }): Read<number> {
  const text = textOf(query, name)
  if (text === null) return { ok: true, value: range.fallback }
  const n = /^\d{1,9}$/.test(text) ? Number(text) : 0
  return n >= 1 && n <= range.most ? { ok: true, value: n } : wrong(`${name} is a whole number from 1 to ${range.most}`)
}

/** Epoch milliseconds or ISO 8601. */
function timeIn(query: Query, name: string, fallback: EpochMs): Read<EpochMs> {
  const text = textOf(query, name)
  if (text === null) return { ok: true, value: fallback }
  const at = /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : parseIsoTime(text)
  return at === null ? wrong(`${name} is a time: epoch milliseconds or ISO 8601`) : { ok: true, value: at }
}

/** Lines of a log. */
export const TAIL = { fallback: 200, most: 5000 } as const

/** `tail`. */
export function tailOf(query: Query): Read<number> {
  return wholeIn(query, 'tail', TAIL)
}

/** `limit`. */
export function limitOf(query: Query): Read<number> {
  return wholeIn(query, 'limit', LIMIT)
}

/** `state=firing` or `state=resolved`; `null` for all. */
export function alertStateOf(query: Query): Read<'firing' | 'resolved' | null> {
  const text = textOf(query, 'state')
  if (text === null || text === 'firing' || text === 'resolved') return { ok: true, value: text }
  return wrong('state is firing or resolved')
}

/** `metrics`, separated by commas; `null` for all. */
export function metricsOf(query: Query): Read<readonly MetricName[] | null> {
  const text = textOf(query, 'metrics')
  if (text === null) return { ok: true, value: null }
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(METRICS, name))
  if (unknown !== undefined) return wrong(`metrics has ${JSON.stringify(unknown.slice(0, 100))}, which is not a metric`)
  return { ok: true, value: names as MetricName[] }
}

/** `before`: what happened before this time; `null` for the newest. */
export function beforeOf(query: Query): Read<EpochMs | null> {
  return textOf(query, 'before') === null ? { ok: true, value: null } : timeIn(query, 'before', 0)
}

/** `removed`: also what the engine no longer has. */
export function removedOf(query: Query): Read<boolean> {
  const text = textOf(query, 'removed')
  if (text === null || /^(0|false)$/.test(text)) return { ok: true, value: false }
  return /^(1|true)$/.test(text) ? { ok: true, value: true } : wrong('removed is 1 or 0')
}

/** `from`, `to` and `points` of a history; all of it up to `now` when they are not there. */
export function historyAsked(name: string, query: Query, now: EpochMs): Read<Asked> {
  const to = timeIn(query, 'to', now)
  if (!to.ok) return to
  const from = timeIn(query, 'from', to.value - HISTORY_MS)
  if (!from.ok) return from
  const points = wholeIn(query, 'points', POINTS)
  if (!points.ok) return points
  if (from.value >= to.value) return wrong('from lies before to')
  return { ok: true, value: { name, from: from.value, to: to.value, points: points.value } }
}
