/** Answers what people ask over HTTP, and what a page gets when it connects. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { HostAnswer } from '@plimsoll/contracts/host'
import type {
  AlertsAnswer,
  ContainerAnswer,
  ContainersAnswer,
  EventsAnswer,
  HealthAnswer,
  HistoryAnswer,
  StatusAnswer,
} from '@plimsoll/contracts/http'
import { type Hello, type Snapshot, WIRE_VERSION } from '@plimsoll/contracts/live'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { linksTo } from './ack-desk.ts'
import { type AlertDesk, alertFrom } from './alert-desk.ts'
import { backtestsOf } from './backtest-desk.ts'
import type { Bridge } from './bridge.ts'
import { alertsOf } from './core/alert-book.ts'
import { isAlive, viewOf } from './core/berth.ts'
import { lifeOf, livesByName } from './core/fleet.ts'
import { hostThresholds } from './core/host-readings.ts'
import {
  alertStateOf,
  beforeOf,
  historyAsked,
  limitOf,
  metricsOf as metricsAsked,
  type Query,
  type Read,
  removedOf,
} from './core/query.ts'
import type { Fleet } from './core/told.ts'
import type { Files } from './files.ts'
import type { LogSource } from './io/engine.ts'
import type { HostReader } from './io/host.ts'
import { type OwnMetric, ownMetrics } from './io/own-metrics.ts'
import { type Answers, Refusal } from './io/web.ts'
import { logsFrom } from './log-desk.ts'
import type { OwnCost } from './own-cost.ts'
import type { Past } from './past.ts'
import type { Sampler } from './sampler.ts'
import { speechTo } from './silence-desk.ts'

/** A page shows the newest of each; the rest is asked for. */
const SNAPSHOT = { alerts: 100, events: 100 } as const
/** Events are dated by the engine, whose clock may be ahead of ours. */
const EVER = Number.MAX_SAFE_INTEGER
/** Times have fractions of a millisecond; `before` itself is not wanted again. */
const A_MOMENT_MS = 0.001
/** A round that is this late has stalled: five intervals, but not before a slow engine had its time. */
const STALLED = { intervals: 5, leastMs: 15_000 } as const

export interface DeskParts {
  readonly build: string
  readonly startedAt: EpochMs
  readonly bridge: Bridge
  readonly fleet: Fleet
  readonly past: Past
  readonly witness: AlertDesk['witness']
  readonly engine: LogSource
  readonly sampler: Sampler
  readonly files: Files
  readonly memory: { readonly error: string | null }
  readonly cost: OwnCost
  readonly host: Pick<HostReader, 'view'>
  /** What sampling may cost, as a share of one core. */
  readonly budgetPercent: number
  /** The container to show first. */
  readonly target: string | null
  /** Checks acknowledge links; `null` where there is none. */
  readonly linkKey: Uint8Array | null
  readonly now: () => EpochMs
}

/** The value, or the refusal that names what is wrong. */
function ok<T>(read: Read<T>): T {
  if (read.ok) return read.value
  throw new Refusal('bad-request', read.problem)
}

export function answersOf(parts: DeskParts): Answers {
  return {
    health: () => healthOf(parts),
    metrics: ownMetrics(metricsOf(parts)),
    containers: (query) => containersOf(parts, query),
    container: (name) => containerOf(parts, name),
    history: (name, query) => historyOf(parts, name, query),
    logs: logsFrom(parts.engine, parts.fleet),
    alerts: (query) => alertsAnswer(parts, query),
    alert: alertFrom(parts),
    events: (query) => eventsAnswer(parts, query),
    status: () => statusOf(parts),
    host: () => hostOf(parts),
    speech: speechTo(parts.bridge, parts.now),
    links: linksTo(parts),
    backtest: backtestsOf({ ...parts, rules: () => parts.files.rules.current() }),
  }
}

function containersOf({ bridge, fleet, past, now }: DeskParts, query: Query): ContainersAnswer {
  const containers = livesByName(fleet).map((life) => ({
    ...viewOf(life, fleet.host),
    numbers: bridge.numbersOf(life),
  }))
  const removed = ok(removedOf(query)) ? { removed: past.removed() } : {}
  return { at: now(), engine: bridge.engine, containers, ...removed }
}

function containerOf({ bridge, fleet, sampler }: DeskParts, name: string): ContainerAnswer {
  const life = lifeOf(fleet, name)
  if (life === undefined) throw new Refusal('container-not-found', `no container is named ${name.slice(0, 200)}`)
  return { ...viewOf(life, fleet.host), numbers: bridge.numbersOf(life), details: sampler.details(life) }
}

/** A container that was removed stays readable for as long as anything of it is stored. */
function historyOf({ past, now }: DeskParts, name: string, query: Query): HistoryAnswer {
  const at = now()
  const answer = past.answer({ ...ok(historyAsked(name, query, at)), metrics: ok(metricsAsked(query)), now: at })
  if (answer !== null) return answer
  throw new Refusal('container-not-found', `no container is named ${name.slice(0, 200)}`)
}

/** The book's own alerts, and below them what was before its time. */
function alertsAnswer({ bridge, past }: DeskParts, query: Query): AlertsAnswer {
  const state = ok(alertStateOf(query))
  const limit = ok(limitOf(query))
  const before = ok(beforeOf(query))
  const known = alertsOf(bridge.book)
  const ids = new Set(known.map(({ id }) => id))
  const stored = past.alerts({ container: null, from: 0, to: before ?? EVER, limit: limit + known.length })
  const all = [...known, ...stored.filter(({ id }) => !ids.has(id))].sort((a, b) => b.firedAt - a.firedAt)
  const wanted = (alert: AlertView) =>
    (state === null || (alert.resolvedAt === null) === (state === 'firing')) &&
    (before === null || alert.firedAt < before)
  return { alerts: all.filter(wanted).slice(0, limit) }
}

function eventsAnswer({ past }: DeskParts, query: Query): EventsAnswer {
  const before = ok(beforeOf(query))
  return {
    events: past.events({
      container: null,
      from: 0,
      to: before === null ? EVER : before - A_MOMENT_MS,
      limit: ok(limitOf(query)),
    }),
  }
}

function healthOf({ bridge, sampler, files, memory, past, startedAt, now }: DeskParts): HealthAnswer {
  const { engine } = bridge
  const { intervalMs, lastAt } = sampler.status()
  const silentMs = now() - (lastAt ?? startedAt)
  const stalled = silentMs > Math.max(intervalMs * STALLED.intervals, STALLED.leastMs)
  const problems: string[] = []
  if (stalled) problems.push(`no round of samples for ${durationText(silentMs)}`)
  if (engine.state === 'unreachable') problems.push(`engine unreachable at ${engine.where}: ${engine.error}`)
  if (engine.state === 'connecting') problems.push(`connecting to the engine at ${engine.where}`)
  for (const { name, error } of files.sinks()) if (error !== null) problems.push(`${name}: ${error}`)
  if (memory.error !== null) problems.push(`alert memory: ${memory.error}`)
  if (past.error !== null) problems.push(`history: ${past.error}`)
  return { status: stalled ? 'stalled' : problems.length > 0 ? 'degraded' : 'ok', problems }
}

function hostOf({ fleet, files, host }: DeskParts): HostAnswer {
  const view = host.view()
  if (view === null) throw new Refusal('not-ready', 'the host has not been looked at yet; ask again in a second')
  const thresholds = hostThresholds(files.rules.current())
  return { host: fleet.host, ...view, ...(thresholds === null ? {} : { thresholds }) }
}

/** How many containers are read from where. */
function sourcesOf({ fleet }: DeskParts): NonNullable<StatusAnswer['sources']> {
  const counts = new Map<string, number>()
  for (const life of fleet.byId.values())
    if (isAlive(life) && life.source !== null) counts.set(life.source, (counts.get(life.source) ?? 0) + 1)
  return [...counts].map(([source, containers]) => ({ source, containers }))
}

function statusOf(parts: DeskParts): StatusAnswer {
  const { build, startedAt, bridge, sampler, files, memory, past, cost, budgetPercent } = parts
  const kept = [
    { name: 'alert memory', error: memory.error },
    { name: 'history', error: past.error },
  ]
  const sinks = [...files.sinks(), ...kept]
  return {
    build,
    startedAt,
    engine: bridge.engine,
    sampler: sampler.status(),
    own: cost.now(),
    cost: { engineEstimatePercent: sampler.enginePercent(), budgetPercent },
    sources: sourcesOf(parts),
    viewers: bridge.viewers,
    sinks: sinks.map(({ name, error }) => ({ name, ok: error === null, error })),
    delivery: bridge.delivery,
  }
}

function metricsOf({ bridge, fleet, sampler }: DeskParts): readonly OwnMetric[] {
  const firing = () => alertsOf(bridge.book).filter((alert) => alert.resolvedAt === null).length
  return [
    {
      name: 'plimsoll_engine_up',
      help: '1 while the engine answers',
      read: () => (bridge.engine.state === 'connected' ? 1 : 0),
    },
    { name: 'plimsoll_containers', help: 'Containers the monitor knows', read: () => fleet.byId.size },
    { name: 'plimsoll_alerts_firing', help: 'Alerts that fire now', read: firing },
    { name: 'plimsoll_viewers', help: 'Open pages', read: () => bridge.viewers },
    {
      name: 'plimsoll_sample_round_seconds',
      help: 'How long the last round of samples took',
      read: () => {
        const { lastRoundMs } = sampler.status()
        return lastRoundMs === null ? null : lastRoundMs / 1000
      },
    },
    {
      name: 'plimsoll_sample_rounds_late_total',
      help: 'Rounds that came too late',
      read: () => sampler.status().lateRounds,
    },
  ]
}

/** The first thing a page hears. */
export function helloOf({ build, past, sampler, target, now }: DeskParts): Hello {
  const { intervalMs } = sampler.status()
  return { wire: WIRE_VERSION, build, at: now(), sampleIntervalMs: intervalMs, historyMs: past.reachMs, target }
}

/** Everything a page needs to begin. */
export function snapshotOf({ bridge, fleet, past, now }: DeskParts): Snapshot {
  const alerts = alertsOf(bridge.book).filter((alert, i) => i < SNAPSHOT.alerts || alert.resolvedAt === null)
  return {
    at: now(),
    engine: bridge.engine,
    delivery: bridge.delivery,
    containers: livesByName(fleet).map((life) => viewOf(life, fleet.host)),
    tick: bridge.tick(),
    alerts,
    events: past.events({ container: null, from: 0, to: EVER, limit: SNAPSHOT.events }),
  }
}
