/** Answers for any range of time from the rings, the file, and what is not written yet. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import type { HistoryAnswer, StoredContainer } from '@plimsoll/contracts/http'
import { METRIC_NAMES, type MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Asked, answerHistory, firstAt, type History } from './core/history.ts'
import { answerOf, gridFor, levelFor, type Range, rowAt } from './core/history-grid.ts'
import { joined, type Rows } from './core/history-join.ts'
import { addBucket, type Bucket, FINEST_MS, LEVELS } from './core/rollup.ts'
import type { Series } from './core/series.ts'
import { afterEarlier, stripOf } from './core/stored-spans.ts'
import type { HistoryKeeper, Sources } from './history-keeper.ts'
import type { Found, Page } from './io/history/reader.ts'

/** Markers in one answer: more than this no chart can show. */
const MAX_MARKERS = 500

export interface HistoryQuestion extends Asked {
  /** `null` for all. */
  readonly metrics: readonly MetricName[] | null
  readonly now: EpochMs
}

/** What this run knows of the container: its series and its strip; `null` when the engine has none of that name. */
export interface Present {
  readonly series: Series
  readonly spans: readonly Span[]
}

export interface AnswerParts {
  readonly history: History
  readonly keeper: HistoryKeeper
}

/** The answer, or `null` when nothing has ever been known of the name. */
export function historyAnswer(
  { history, keeper }: AnswerParts,
  asked: HistoryQuestion,
  present: Present | null,
): HistoryAnswer | null {
  const { name, from, to } = asked
  return keeper.read((sources) => {
    const found = foundOf(sources, name, present)
    if (found === null && present === null && !history.byName.has(name)) return null
    const rows = rowsOf({ history, sources, found, key: present?.series.key ?? found?.key ?? null }, asked)
    const page = { container: name, from, to, limit: MAX_MARKERS }
    return {
      name,
      from,
      to,
      ...only(rows, asked.metrics),
      spans: spansOf(sources, found, present, asked),
      events: eventsFrom(sources, page),
      alerts: alertsFrom(sources, page),
    }
  })
}

function foundOf({ store }: Sources, name: string, present: Present | null): Found | null {
  if (store === null) return null
  return present === null ? store.reader.find({ name }) : store.reader.find({ key: present.series.key })
}

interface Known {
  readonly history: History
  readonly sources: Sources
  readonly found: Found | null
  readonly key: string | null
}

/** Full rate as far as the rings reach; before that, or where rows are longer than its buckets, what is stored. */
function rowsOf(known: Known, asked: HistoryQuestion): Rows {
  const { history, sources, found, key } = known
  const ringFrom = firstAt(history, asked.name)
  const reach = oldestOf(sources, found, key)
  const oldest = Math.min(...reach.map((at) => at ?? Number.POSITIVE_INFINITY))
  const from = Math.max(asked.from, oldest)
  if (ringFrom !== null && from > ringFrom - FINEST_MS) return answerHistory(history, asked)
  const names = asked.metrics ?? METRIC_NAMES
  // Beyond what there is, rows would only be longer than they need be.
  const range = { from, to: Math.min(asked.to, asked.now), points: asked.points, leastMs: leastOf(history) }
  if (range.from > range.to) return answerHistory(history, asked)
  const stored = storedRows(known, range, reach, names)
  // Two rates in one answer only where the finer one is clearly finer.
  const wantsFullRate = (range.to - range.from) / range.points < FINEST_MS / 2
  if (!wantsFullRate || ringFrom === null || ringFrom > range.to) return stored
  const points = Math.max(2, asked.points - stored.at.filter((at) => at < ringFrom).length)
  return joined(stored, answerHistory(history, { ...asked, from: ringFrom, points }))
}

/** With jitter, of two samples that are almost a bucket apart both may miss one. */
function leastOf({ pace }: History): number {
  return pace.intervalMs > FINEST_MS / 2 ? 2 * pace.intervalMs : 0
}

function storedRows(
  { sources, found, key }: Known,
  range: Range,
  reach: readonly (EpochMs | null)[],
  names: readonly string[],
): Rows {
  const grid = gridFor(range, levelFor(range, reach), names)
  if (found !== null) sources.store?.reader.readInto(grid, found.id)
  for (const bucket of sources.buckets) {
    const row = rowAt(grid, bucket.at)
    if (key !== null && row >= 0) addBucket(grid.slots, row, bucket, key)
  }
  return answerOf(grid)
}

/** For each level the oldest time that it may know of this series. */
function oldestOf(sources: Sources, found: Found | null, key: string | null): readonly (EpochMs | null)[] {
  const own = (bucket: Bucket): boolean => key !== null && bucket.rowOf.has(key)
  const unwritten = sources.buckets.filter(own).reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const stored = found === null ? null : sources.store?.reader.oldest()
  return LEVELS.map((_, level) => {
    const since = stored?.[level] ?? null
    // The file may know of others for longer.
    const least = Math.min(since === null ? unwritten : Math.max(since, found?.firstAt ?? 0), unwritten)
    return Number.isFinite(least) ? least : null
  })
}

function spansOf(
  { store }: Sources,
  found: Found | null,
  present: Present | null,
  { from, to }: HistoryQuestion,
): readonly Span[] {
  const live = present?.spans ?? []
  if (store === null || found === null) return stripOf(live, from, to)
  const knownTo = present === null ? Number.POSITIVE_INFINITY : store.knownTo(found.id)
  if (present !== null && knownTo === null) return stripOf(live, from, to)
  // Of the time since this run began, memory knows best: the file is up to 10 s behind.
  const earlier = store.reader.spans(found.id, from, to).filter((span) => span.from < (knownTo ?? 0))
  return stripOf([...earlier, ...afterEarlier(live, present === null ? null : knownTo)], from, to)
}

/** Events of a range, newest first: what is not written yet, then what is stored. */
export function eventsFrom({ store, events }: Sources, page: Page): readonly FleetEvent[] {
  const { container, from, to, limit } = page
  const isIn = (event: FleetEvent): boolean =>
    (container === null || event.container === container) && event.at >= from && event.at <= to
  return [...events.filter(isIn).toReversed(), ...(store?.reader.events(page) ?? [])].slice(0, limit)
}

/** Alerts that were firing in a range, newest first; as they are now. */
export function alertsFrom({ store, alerts }: Sources, page: Page): readonly AlertView[] {
  const { container, from, to, limit } = page
  const isIn = (alert: AlertView): boolean =>
    (container === null || alert.container === container) && alert.firedAt <= to && (alert.resolvedAt ?? to) >= from
  const unwritten = alerts.filter(isIn)
  const ids = new Set(alerts.map(({ id }) => id))
  const stored = (store?.reader.alerts(page) ?? []).filter(({ id }) => !ids.has(id))
  return [...unwritten, ...stored].sort((a, b) => b.firedAt - a.firedAt).slice(0, limit)
}

function only(rows: Rows, metrics: readonly MetricName[] | null): Rows {
  if (metrics === null) return rows
  const pick = (columns: Rows['columns'] = {}): Rows['columns'] =>
    Object.fromEntries(metrics.flatMap((name) => (columns[name] === undefined ? [] : [[name, columns[name]]])))
  return { ...rows, columns: pick(rows.columns), maxima: pick(rows.maxima), minima: pick(rows.minima) }
}

/** Series that are stored but not present: containers that were removed, the last ones first. */
export function removedSeries(keeper: HistoryKeeper, present: ReadonlySet<string>): readonly StoredContainer[] {
  return keeper.read(({ store }) =>
    (store?.reader.all(MAX_MARKERS) ?? [])
      .filter(({ key }) => !present.has(key))
      .map(({ name, host, image, project, service, firstAt: first, lastAt }) => ({
        name,
        host,
        image,
        project,
        service,
        firstAt: first,
        lastAt,
      })),
  )
}
