/** The last seconds as they were seen, and the measures that follow from them. Pure. */
import type { LoadAnswer } from '@plimsoll/contracts/load'
import type { HttpCount } from './http-load.ts'
import { type Seen, seenBetween } from './observe.ts'
import type { Measure } from './profiles.ts'
import type { Probe } from './target.ts'

interface At<T> {
  readonly at: number
  readonly it: T
}

export interface History {
  readonly looks: readonly At<LoadAnswer>[]
  readonly counts: readonly At<HttpCount>[]
  readonly probes: readonly At<Probe>[]
}

export const NO_HISTORY: History = { looks: [], counts: [], probes: [] }

/** Longer than the longest window below, so that its begin is still there. */
const KEPT_MS = 11_000
/** A rate over a second; a little less, as ticks come a little early or late. */
const SECOND_MS = 900
const WINDOW_MS = 5000
/** Memory grows in steps and shrinks with every garbage collection of the app, so growth needs a longer look. */
const GROWTH_WINDOW_MS = 8000
const SHORTEST_GROWTH_MS = 4000

const recent = <T>(list: readonly At<T>[], now: number) => list.filter(({ at }) => at > now - KEPT_MS)

/** The history with what was just seen. */
export function remember(
  history: History,
  now: number,
  news: { look?: LoadAnswer | undefined; count?: HttpCount; probe?: Probe },
): History {
  const added = <T>(list: readonly At<T>[], it: T | undefined) =>
    it === undefined ? recent(list, now) : [...recent(list, now), { at: now, it }]
  return {
    looks: added(history.looks, news.look),
    counts: added(history.counts, news.count),
    probes: added(history.probes, news.probe),
  }
}

/** The newest of those at least `ms` older than the newest. */
function before<T>(list: readonly At<T>[], ms: number): At<T> | undefined {
  const newest = list.at(-1)
  return newest === undefined ? undefined : list.findLast(({ at }) => at <= newest.at - ms)
}

/** What the newest look shows against the one a second before; `null` before the first look. */
export function seenNow({ looks }: History): Seen | null {
  const newest = looks.at(-1)
  return newest === undefined ? null : seenBetween(before(looks, SECOND_MS)?.it, newest.it)
}

function growth({ looks }: History): number | null {
  const newest = looks.at(-1)
  const old = before(looks, GROWTH_WINDOW_MS) ?? looks[0]
  if (newest === undefined || old === undefined || newest.at - old.at < SHORTEST_GROWTH_MS) return null
  const bytes = seenBetween(old.it, newest.it).memoryBytesPerSecond
  return bytes === null ? null : bytes / 1024 / 1024
}

function errorShare({ counts }: History): number | null {
  const newest = counts.at(-1)
  const old = before(counts, WINDOW_MS) ?? counts[0]
  if (newest === undefined || old === undefined) return null
  const answers = newest.it.answers - old.it.answers
  return answers <= 0 ? null : ((newest.it.serverErrors - old.it.serverErrors) / answers) * 100
}

function failingShare({ probes }: History): number | null {
  const last = probes.filter(({ at }) => at > (probes.at(-1)?.at ?? 0) - WINDOW_MS)
  return last.length === 0 ? null : (last.filter(({ it }) => !it.ok).length / last.length) * 100
}

/** Every measure as the history shows it now; `null` is unknown. */
export function valuesOf(history: History): Readonly<Record<Measure, number | null>> {
  const seen = seenNow(history)
  const newest = history.probes.at(-1)?.it
  return {
    cpu: seen?.cpuLimitPercent ?? null,
    memory: seen?.memoryPercent ?? null,
    queries: seen?.queriesPerSecond ?? null,
    memoryGrowth: growth(history),
    healthMs: newest?.ok === true ? newest.ms : null,
    healthFailing: failingShare(history),
    serverErrors: errorShare(history),
  }
}

/** HTTP answers per second over the last second; `null` before two counts. */
export function httpRateOf({ counts }: History): number | null {
  const newest = counts.at(-1)
  const old = before(counts, SECOND_MS)
  if (newest === undefined || old === undefined) return null
  return ((newest.it.answers - old.it.answers) / (newest.at - old.at)) * 1000
}
