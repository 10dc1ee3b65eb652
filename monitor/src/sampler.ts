/**
 * The one loop that measures: each interval one round over all containers that have processes, from the host's files
 * where they can be read and from the engine where not. A round never overlaps the next; a container that fails or is
 * slow costs itself its numbers and nobody else anything.
 */
import type { DetailNumbers } from '@plimsoll/contracts/details'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { AskingCost } from './asking-cost.ts'
import type { Bridge, Sample } from './bridge.ts'
import { baselineOf, type Taken } from './core/baseline.ts'
import { isAlive, type Life } from './core/berth.ts'
import { type Counters, countersOfApi, withoutNetwork } from './core/counters.ts'
import { behindText, DEFAULT_INTERVAL_MS, lateShare, nextPace, type Pace } from './core/pace.ts'
import { type Fleet, nothingTold } from './core/told.ts'
import { detailsOf, numbersOf } from './core/usage.ts'
import type { Engine } from './io/engine.ts'
import type { Sources } from './sources.ts'
import { onGrid } from './timers.ts'

/** The engine collects under locks of its own: more at one time makes each of them slower. */
const PARALLEL = 8
/** A container that does not answer is given up before the next round, but not sooner than a busy engine answers. */
const DEADLINE = { leastMs: 1_000, mostMs: 5_000, ofInterval: 0.9 } as const
/** A response time is shown as the newest for this many intervals of the probe. */
const PROBE_FRESH_INTERVALS = 3

export interface SamplerParts {
  readonly engine: Pick<Engine, 'statistics'>
  readonly fleet: Fleet
  readonly bridge: Pick<Bridge, 'round' | 'carryOut' | 'engine'>
  readonly sources: Sources
  readonly asking: AskingCost
  /** `null`: every second while anything is read from files, else every two. */
  readonly intervalMs: number | null
  readonly budgetPercent: number
  readonly healthIntervalMs: number
  readonly now: () => EpochMs
}

export interface SamplerStatus {
  readonly intervalMs: number
  readonly lastAt: EpochMs | null
  readonly lastRoundMs: number | null
  readonly lateRounds: number
  readonly slowed: string | null
  /** That it cannot keep up, in words; `null` while it does. */
  readonly behind: string | null
}

export interface Sampler {
  status(): SamplerStatus
  /** The details of a container's newest look; `null` without one of this run. */
  details(life: Life): DetailNumbers | null
  /** What asking costs in the engine, as an estimate: a share of one core; 0 while nothing is asked. */
  enginePercent(): number | null
  stop(): Promise<void>
}

interface State extends SamplerParts {
  /** Looks go with their containers. */
  readonly looks: WeakMap<Life, Taken & { readonly baseline: Counters | null }>
  pace: Pace
  lastAt: EpochMs | null
  lastRoundMs: number | null
  lateRounds: number
  /** Of the last rounds. */
  lateShare: number
  asks: boolean
}

export function startSampler(parts: SamplerParts): Sampler {
  const stopping = new AbortController()
  const pace: Pace = { intervalMs: parts.intervalMs ?? DEFAULT_INTERVAL_MS.files, why: null }
  const state: State = {
    ...parts,
    looks: new WeakMap(),
    pace,
    lastAt: null,
    lastRoundMs: null,
    lateRounds: 0,
    lateShare: 0,
    asks: false,
  }
  const ended = onGrid(
    () => state.pace.intervalMs,
    stopping.signal,
    async ({ late }) => {
      const at = parts.now()
      const began = performance.now()
      const samples = await sampleAll(state, at)
      if (stopping.signal.aborted) return
      parts.bridge.round(at, samples, state.pace.intervalMs)
      state.lastAt = at
      state.lastRoundMs = performance.now() - began
      if (late) state.lateRounds++
      state.lateShare = lateShare(state.lateShare, late)
    },
  )
  return {
    status: () => statusOf(state),
    details: (life) => detailsIn(state, life),
    enginePercent: () => (state.asks ? parts.asking.enginePercent() : 0),
    stop: async () => {
      stopping.abort()
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))])
      parts.sources.close()
    },
  }
}

function statusOf({ pace, lastAt, lastRoundMs, lateRounds, lateShare }: State): SamplerStatus {
  const behind = behindText(lateShare, lastRoundMs, pace.intervalMs)
  return { intervalMs: pace.intervalMs, lastAt, lastRoundMs, lateRounds, slowed: pace.why, behind }
}

function detailsIn({ looks }: State, life: Life): DetailNumbers | null {
  const look = looks.get(life)
  const current = look !== undefined && isAlive(life) && look.startedAt === life.startedAt
  return current ? detailsOf(look.baseline, look.counters) : null
}

async function sampleAll(state: State, at: EpochMs): Promise<readonly Sample[]> {
  const { fleet, sources, bridge } = state
  if (fleet.awaySince !== null) return []
  const samples: Sample[] = []
  const toAsk: Life[] = []
  const told = nothingTold()
  sources.begin(bridge.engine.state === 'connected' ? bridge.engine.memoryBytes : null)
  for (const life of fleet.byId.values()) {
    if (!isAlive(life)) continue
    const found = sources.look(life, at)
    if (found.kind === 'counters') samples.push(sampled(state, life, at, { source: 'files', counters: found.counters }))
    else if (found.kind === 'ask') toAsk.push(life)
    if (found.kind === 'nothing' || found.source === life.source) continue
    life.source = found.source
    told.changed.add(life)
  }
  sources.keep(fleet.byId)
  if (told.changed.size > 0) bridge.carryOut(told)
  const read = samples.length > 0
  if (toAsk.length > 0) await askAll(state, toAsk, at, samples)
  settlePace(state, { asked: toAsk.length > 0, read })
  return samples
}

/** Asks the engine for these, a few at a time, and adds what it answers. */
async function askAll(state: State, lives: readonly Life[], at: EpochMs, samples: Sample[]): Promise<void> {
  const { intervalMs } = state.pace
  const deadlineMs = Math.min(Math.max(intervalMs * DEADLINE.ofInterval, DEADLINE.leastMs), DEADLINE.mostMs)
  let next = 0
  const worker = async () => {
    for (let life = lives[next++]; life !== undefined; life = lives[next++]) {
      const counters = await ask(state, life, deadlineMs)
      if (counters !== null) samples.push(sampled(state, life, at, { source: 'engine', counters }))
    }
  }
  state.asking.begin()
  await Promise.all(Array.from({ length: Math.min(PARALLEL, lives.length) }, worker))
  state.asking.end()
}

/** What the engine counted; `null` when there is no answer, or one without data: the container is ending. */
async function ask({ engine }: State, life: Life, deadlineMs: number): Promise<Counters | null> {
  const { startedAt } = life
  const counters = countersOfApi(await engine.statistics(life.id, deadlineMs).catch(() => null))
  if (counters === null || life.startedAt !== startedAt) return null
  // The engine tells the numbers of the container whose network it shares.
  return life.ownNetwork ? counters : withoutNetwork(counters)
}

/** The numbers since the look before. */
function sampled(state: State, life: Life, at: EpochMs, look: Pick<Taken, 'source' | 'counters'>): Sample {
  const { looks, pace, healthIntervalMs } = state
  const taken: Taken = { ...look, startedAt: life.startedAt, takenMs: performance.now() }
  const baseline = baselineOf(looks.get(life), taken, pace.intervalMs)
  looks.set(life, { ...taken, baseline })
  const numbers = numbersOf(baseline, look.counters, life.cpuLimitCores)
  return { life, numbers: withResponse(life, numbers, at, healthIntervalMs) }
}

function settlePace(state: State, { asked, read }: { readonly asked: boolean; readonly read: boolean }): void {
  const { asking, budgetPercent } = state
  if (!asked) asking.rest()
  // Before there is a container the pace stays as it is.
  if (!asked && !read) return
  state.asks = asked
  const wantedMs = state.intervalMs ?? (read ? DEFAULT_INTERVAL_MS.files : DEFAULT_INTERVAL_MS.engine)
  state.pace = nextPace(state.pace, {
    wantedMs,
    cost: asked ? asking.round(state.pace.intervalMs) : null,
    budgetPercent,
  })
}

/** The last good answer of the health target belongs to the sample. */
function withResponse(life: Life, numbers: Numbers, at: EpochMs, healthIntervalMs: number): Numbers {
  const { probe } = life.named
  if (probe === null || !probe.ok || at - probe.at > healthIntervalMs * PROBE_FRESH_INTERVALS) return numbers
  return { ...numbers, responseMs: probe.responseMs }
}
