/** What is seen of the target, as numbers: rates from two of its answers, and what other generators ask of it. */
import type { LoadAnswer } from '@plimsoll/contracts/load'

/** Each is `null` while it is unknown: before the second answer, and over a restart of the target. */
export interface Seen {
  readonly cpuLimitPercent: number | null
  readonly queriesPerSecond: number | null
  readonly memoryPercent: number
  readonly memoryBytesPerSecond: number | null
}

/** What happened between two answers of the same life of the target; only the present without `before`. */
export function seenBetween(before: LoadAnswer | undefined, after: LoadAnswer): Seen {
  const memoryPercent = after.memory.limitPercent
  const seconds = before === undefined ? 0 : (after.cpu.readAtMs - before.cpu.readAtMs) / 1000
  if (before === undefined || before.bootId !== after.bootId || seconds <= 0)
    return { cpuLimitPercent: null, queriesPerSecond: null, memoryPercent, memoryBytesPerSecond: null }
  const cores = (after.cpu.usedMs - before.cpu.usedMs) / 1000 / seconds
  return {
    cpuLimitPercent: (cores / after.limits.cpuCores) * 100,
    queriesPerSecond: (after.database.queries - before.database.queries) / seconds,
    memoryPercent,
    memoryBytesPerSecond: (after.memory.usedBytes - before.memory.usedBytes) / seconds,
  }
}

/** What others ask of the same target. We aim beyond it, so that several generators add up and do not fight. */
export interface Others {
  readonly cpuLimitPercent: number
  readonly memoryPercent: number
  readonly queriesPerSecond: number
}

/** The id of a generator's CPU load is its prefix and this. */
export const CPU_LOAD = 'cpu'

/**
 * What is not ours. CPU that no CPU load asked for is the app's own and that of all generators' HTTP traffic; nobody
 * can tell whose, so each generator takes an equal part of it for its own. Together they then add up to exactly the
 * sum of their aims: with T = aim + others + (n-1)/n of the rest for each of n, the sum over all is T = sum of aims.
 */
export function othersOf(answer: LoadAnswer, prefix: string, cpuLimitPercent: number | null): Others {
  let [cpu, ours, memory, queries, generators] = [0, 0, 0, 0, 1]
  for (const { id, spec } of answer.loads) {
    const mine = id.startsWith(prefix)
    if (spec.kind === 'cpu' && mine) ours += spec.percent
    if (mine) continue
    if (spec.kind === 'cpu' && id.endsWith(`.${CPU_LOAD}`)) generators++
    if (spec.kind === 'cpu') cpu += spec.percent
    if (spec.kind === 'memory') memory += spec.bytes
    if (spec.kind === 'db') queries += spec.queriesPerSecond
  }
  const asked = (cpu + ours) / answer.limits.cpuCores
  const rest = cpuLimitPercent === null ? 0 : cpuLimitPercent - asked
  return {
    cpuLimitPercent: Math.max(0, cpu / answer.limits.cpuCores + (rest * (generators - 1)) / generators),
    memoryPercent: (memory / answer.limits.memoryBytes) * 100,
    queriesPerSecond: queries,
  }
}
