/** What asking the engine for statistics costs, here and there: measured around the part of a round that does it. */
import { addStretch, type EngineCost, engineCpuPercent, NO_ENGINE_COST } from './core/engine-cost.ts'
import { averaged, type RoundCost } from './core/pace.ts'
import type { Daemons } from './io/daemons.ts'

export interface AskingCost {
  /** Begins the part of a round that asks. */
  begin(): void
  /** Ends it; the pause until the next `begin` is what it is compared with. */
  end(): void
  /** Nothing is asked any more: what was measured does not count for what comes. */
  rest(): void
  /** Of rounds that ask; `null` while none does. */
  round(intervalMs: number): RoundCost | null
  /** Share of one core in the daemons, as an estimate; `null` while it cannot be told. */
  enginePercent(): number | null
}

/** The first rounds compile the code they run and open the connections they use: they tell nothing of those to come. */
const WARM_UP_ROUNDS = 3

interface Mark {
  readonly atMs: number
  readonly ownUs: number
  readonly daemonsMs: number | null
}

function markNow(daemons: Daemons): Mark {
  const { user, system } = process.cpuUsage()
  return { atMs: performance.now(), ownUs: user + system, daemonsMs: daemons.cpuMs() }
}

export function measureAsking(daemons: Daemons): AskingCost {
  let engine: EngineCost = NO_ENGINE_COST
  let own: RoundCost | null = null
  let last: Mark | null = null
  let rounds = 0
  const stretch = (kind: keyof EngineCost, from: Mark, to: Mark) => {
    if (from.daemonsMs === null || to.daemonsMs === null) return
    engine = addStretch(engine, { kind, cpuMs: to.daemonsMs - from.daemonsMs, ms: to.atMs - from.atMs })
  }
  return {
    begin: () => {
      const now = markNow(daemons)
      if (last !== null) stretch('between', last, now)
      last = now
    },
    end: () => {
      if (last === null) return
      const now = markNow(daemons)
      stretch('during', last, now)
      if (++rounds > WARM_UP_ROUNDS) own = averaged(own, { ownMs: (now.ownUs - last.ownUs) / 1000, engineMs: null })
      last = now
    },
    rest: () => {
      engine = NO_ENGINE_COST
      own = null
      last = null
      rounds = 0
    },
    round: (intervalMs) => {
      const percent = engineCpuPercent(engine)
      return own === null ? null : { ...own, engineMs: percent === null ? null : (percent / 100) * intervalMs }
    },
    enginePercent: () => engineCpuPercent(engine),
  }
}
