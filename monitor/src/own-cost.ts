/** What the monitor itself costs: CPU over the last while, and memory. */

export interface OwnCost {
  /** CPU as a share of one core since the last `mark`, or the one before when that was just now. */
  now(): { readonly cpuPercent: number; readonly rssBytes: number }
  /** Begins a new stretch; called every few seconds. */
  mark(): void
}

interface Mark {
  readonly cpuUs: number
  readonly atMs: number
}

function markNow(): Mark {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, atMs: performance.now() }
}

export function measureOwnCost(): OwnCost {
  let [before, last] = [{ cpuUs: 0, atMs: 0 }, markNow()]
  return {
    now: () => {
      const { cpuUs, atMs } = markNow()
      const cpuPercent = ((cpuUs - before.cpuUs) / ((atMs - before.atMs) * 1000)) * 100
      return { cpuPercent: Math.round(cpuPercent * 100) / 100, rssBytes: process.memoryUsage.rss() }
    },
    mark: () => {
      ;[before, last] = [last, markNow()]
    },
  }
}
