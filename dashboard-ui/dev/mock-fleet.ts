/** An invented fleet whose every number is a function of the time: history and live agree without being stored. */
import type { ContainerState, Health } from '@plimsoll/contracts/container'
import { TICK_METRICS, type TickMetric } from '@plimsoll/contracts/live'
import { known } from './mock-models.ts'

export interface Model {
  readonly no: number
  readonly name: string
  readonly image: string
  readonly project: string | null
  readonly service: string | null
  readonly state: ContainerState
  readonly health: Health
  /** Cores it uses at rest, and bytes. */
  readonly cores: number
  readonly bytes: number
  readonly cpuLimit: number | null
  readonly memoryLimit: number | null
  readonly probe: string | null
  readonly restarts: number
  readonly ageMs: number
  /** Bursts of CPU and a crash every six minutes. */
  readonly lively: boolean
}

export const HOST = { cpus: 8, bytes: 16 * 1024 ** 3 }
export const PERIOD = 360_000
export const BURST = { from: 60_000, to: 118_000 }
export const AWAY = { from: 200_400, to: 223_900 }
const MiB = 1024 ** 2

const base = {
  state: 'running',
  health: 'none',
  cpuLimit: null,
  memoryLimit: null,
  probe: null,
  restarts: 0,
  lively: false,
} as const
/** `count` containers: the known ones first, then replicas. */
export function models(count: number): readonly Model[] {
  return Array.from({ length: count }, (_, no): Model => {
    const first = known[no]
    const more = {
      name: `load-replica-${no}`,
      image: 'load/replica:2',
      project: `load-${Math.floor(no / 50)}`,
      service: 'replica',
      cores: ((no * 37) % 100) / 250,
      bytes: (20 + ((no * 53) % 300)) * MiB,
      memoryLimit: 384 * MiB,
      cpuLimit: 1,
      ageMs: 1e6 * no,
    }
    return {
      ...base,
      project: null,
      service: null,
      cores: 0,
      bytes: 0,
      ageMs: 1e6,
      image: '',
      name: '',
      ...(first ?? more),
      no,
    }
  })
}

/** Even noise from -1 to 1 that belongs to a time and a seed. */
function noise(at: number, seed: number): number {
  const x = Math.sin(at / 977 + seed * 78.233) * 43_758.5453
  return (x - Math.floor(x)) * 2 - 1
}

let origin = 0
const phase = (at: number) => (at - origin) % PERIOD

/** The beginning of the period that `at` lies in. */
export function periodStart(at: number): number {
  return at - phase(at)
}

/** Sets the story so that at `at` the last crash has just passed: three minutes of calm for a test. */
export function calmFrom(at: number): void {
  origin = at - AWAY.to - 8000 - 10 * PERIOD
  while (origin > 0) origin -= PERIOD
}
const within = (at: number, part: { from: number; to: number }) => phase(at) >= part.from && phase(at) < part.to

export function isAway(model: Model, at: number): boolean {
  return model.lively && within(at, AWAY)
}

export function valueAt(model: Model, metric: TickMetric, at: number): number | null {
  if (model.state === 'exited' || isAway(model, at)) return null
  const n = noise(Math.floor(at / 2000), model.no)
  const slow = Math.sin(at / 90_000 + model.no)
  const burst = model.lively && within(at, BURST) ? 0.72 : 0
  const cores =
    model.state === 'paused' ? 0 : Math.max(0, model.cores * (1 + 0.25 * slow + 0.18 * n) + burst + burst * 0.08 * n)
  const bytes = model.bytes * (1 + 0.04 * slow + 0.01 * n) + burst * 150 * MiB
  const io = (scale: number) => Math.max(0, scale * (model.cores + burst) * (1 + 0.5 * n + 0.3 * slow))
  switch (metric) {
    case 'cpuPercent':
      return Math.min(cores, model.cpuLimit ?? HOST.cpus) * 100
    case 'cpuLimitPercent':
      return (Math.min(cores, model.cpuLimit ?? HOST.cpus) / (model.cpuLimit ?? HOST.cpus)) * 100
    case 'memoryUsedBytes':
      return bytes
    case 'memoryPercent':
      return (bytes / (model.memoryLimit ?? HOST.bytes)) * 100
    case 'responseMs':
      return model.probe === null || model.health === 'unhealthy'
        ? null
        : 4 + 2 * n + slow + burst * 260 * (1 + 0.4 * n)
    case 'networkReceivedBytesPerSecond':
      return io(210_000)
    case 'networkSentBytesPerSecond':
      return io(90_000)
    case 'blockReadBytesPerSecond':
      return n > 0.6 ? io(40_000) : 0
    case 'blockWrittenBytesPerSecond':
      return io(60_000)
    case 'throttledPercent':
      return model.cpuLimit === null ? null : burst > 0 ? 12 + 8 * n : 0
    case 'pids':
      return model.state === 'paused' ? 3 : 9 + (model.no % 17)
  }
}

/** As the monitor rounds: two digits of a percentage or a latency, whole bytes. */
function rounded(metric: TickMetric, value: number | null): number | null {
  const scale = /Percent$|Ms$/.test(metric) ? 100 : 1
  return value === null ? null : Math.round(value * scale) / scale
}

export function columnsAt(all: readonly Model[], at: number) {
  const entries = TICK_METRICS.map((metric) => [
    metric,
    all.map((model) => rounded(metric, valueAt(model, metric, at))),
  ])
  return Object.fromEntries(entries) as Record<TickMetric, (number | null)[]>
}
