/**
 * The one loop that measures: each interval one round over all containers that have processes. A round never overlaps
 * the next; a container that fails or is slow costs itself its numbers and nobody else anything.
 */
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Bridge, Sample } from './bridge.ts'
import { isAlive, type Life } from './core/berth.ts'
import { type Counters, countersOfApi } from './core/counters.ts'
import type { Fleet } from './core/told.ts'
import { numbersOf } from './core/usage.ts'
import type { Engine } from './io/engine.ts'
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
  readonly bridge: Pick<Bridge, 'round'>
  readonly intervalMs: number
  readonly healthIntervalMs: number
  readonly now: () => EpochMs
}

export interface SamplerStatus {
  readonly intervalMs: number
  readonly lastAt: EpochMs | null
  readonly lastRoundMs: number | null
  readonly lateRounds: number
}

export interface Sampler {
  status(): SamplerStatus
  stop(): Promise<void>
}

interface Look {
  readonly startedAt: EpochMs | null
  readonly counters: Counters
}

export function startSampler(parts: SamplerParts): Sampler {
  const stopping = new AbortController()
  // Looks go with their containers.
  const looks = new WeakMap<Life, Look>()
  let status: SamplerStatus = { intervalMs: parts.intervalMs, lastAt: null, lastRoundMs: null, lateRounds: 0 }
  const ended = onGrid(parts.intervalMs, stopping.signal, async ({ late }) => {
    const at = parts.now()
    const began = performance.now()
    const samples = await sampleAll(parts, looks, at)
    if (stopping.signal.aborted) return
    parts.bridge.round(at, samples)
    const lastRoundMs = performance.now() - began
    status = { ...status, lastAt: at, lastRoundMs, lateRounds: status.lateRounds + (late ? 1 : 0) }
  })
  return {
    status: () => status,
    stop: async () => {
      stopping.abort()
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))])
    },
  }
}

async function sampleAll(parts: SamplerParts, looks: WeakMap<Life, Look>, at: EpochMs): Promise<readonly Sample[]> {
  const { fleet, intervalMs } = parts
  if (fleet.awaySince !== null) return []
  const lives: Life[] = []
  for (const life of fleet.byId.values()) if (isAlive(life)) lives.push(life)
  const samples: Sample[] = []
  const deadlineMs = Math.min(Math.max(intervalMs * DEADLINE.ofInterval, DEADLINE.leastMs), DEADLINE.mostMs)
  let next = 0
  const worker = async () => {
    for (let life = lives[next++]; life !== undefined; life = lives[next++]) {
      const numbers = await sample(parts, looks, life, deadlineMs)
      if (numbers !== null) samples.push({ life, numbers: withResponse(life, numbers, at, parts.healthIntervalMs) })
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, lives.length) }, worker))
  return samples
}

/** The numbers since the look before; `null` when there is no answer, or one without data: the container is ending. */
async function sample(
  { engine }: SamplerParts,
  looks: WeakMap<Life, Look>,
  life: Life,
  deadlineMs: number,
): Promise<Numbers | null> {
  const { startedAt } = life
  const answer = await engine.statistics(life.id, deadlineMs).catch(() => null)
  const counters = countersOfApi(answer)
  if (counters === null || life.startedAt !== startedAt) return null
  const before = looks.get(life)
  looks.set(life, { startedAt, counters })
  return numbersOf(before?.startedAt === startedAt ? before.counters : null, counters, life.cpuLimitCores)
}

/** The last good answer of the health target belongs to the sample. */
function withResponse(life: Life, numbers: Numbers, at: EpochMs, healthIntervalMs: number): Numbers {
  const { probe } = life.named
  if (probe === null || !probe.ok || at - probe.at > healthIntervalMs * PROBE_FRESH_INTERVALS) return numbers
  return { ...numbers, responseMs: probe.responseMs }
}
