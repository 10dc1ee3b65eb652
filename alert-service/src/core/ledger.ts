/** Adds up the metrics of a day or a week, row by row, in memory that does not grow with them. */
import type { MetricRow } from './csv-cells.ts'

/** A count in logarithmic buckets: a percentile is right to half a bucket, 2.5 %. */
interface Histogram {
  readonly counts: Map<number, number>
  total: number
}

interface Account {
  rows: number
  up: number
  readonly response: Histogram
  /** The first known and the newest value, each smoothed over about a minute. */
  memoryFirst: { sum: number; n: number }
  memoryLast: number | null
  cpuSum: number
  cpuCount: number
}

/** What is known of a container at the end of the period; unknown is null. */
export interface LedgerLine {
  readonly container: string
  /** Share of the rows in which it ran. */
  readonly upPercent: number
  readonly p95Ms: number | null
  readonly cpuMeanPercent: number | null
  readonly memoryBytes: number | null
  /** How much more memory it uses than at the beginning. */
  readonly memoryGrowthBytes: number | null
}

const BUCKET = Math.log(1.05)
const SMOOTHED_ROWS = 6
/** More containers than this are not told apart in a mail anyway. */
const MAX_CONTAINERS = 2000

export type Ledger = Map<string, Account>

export const newLedger = (): Ledger => new Map()

function addTo(histogram: Histogram, value: number): void {
  const bucket = Math.round(Math.log(Math.max(value, 0.01)) / BUCKET)
  histogram.counts.set(bucket, (histogram.counts.get(bucket) ?? 0) + 1)
  histogram.total++
}

function percentile({ counts, total }: Histogram, share: number): number | null {
  if (total === 0) return null
  let seen = 0
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    seen += count
    if (seen >= share * total) return Math.exp(bucket * BUCKET)
  }
  return null
}

function newAccount(): Account {
  const response = { counts: new Map<number, number>(), total: 0 }
  return { rows: 0, up: 0, response, memoryFirst: { sum: 0, n: 0 }, memoryLast: null, cpuSum: 0, cpuCount: 0 }
}

/** Adds a row to the ledger, in place: a week has millions of them. */
export function enter(ledger: Ledger, row: MetricRow): void {
  const known = ledger.get(row.container)
  if (known === undefined && ledger.size >= MAX_CONTAINERS) return
  const account = known ?? newAccount()
  ledger.set(row.container, account)
  account.rows++
  if (row.running) account.up++
  if (row.responseMs !== null) addTo(account.response, row.responseMs)
  if (row.cpuPercent !== null) {
    account.cpuSum += row.cpuPercent
    account.cpuCount++
  }
  if (row.memoryUsedBytes === null) return
  if (account.memoryFirst.n < SMOOTHED_ROWS) {
    account.memoryFirst.sum += row.memoryUsedBytes
    account.memoryFirst.n++
  }
  const before = account.memoryLast ?? row.memoryUsedBytes
  account.memoryLast = before + (row.memoryUsedBytes - before) / SMOOTHED_ROWS
}

/** The ledger as lines, by name. */
export function linesOf(ledger: Ledger): readonly LedgerLine[] {
  return [...ledger]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([container, { rows, up, response, memoryFirst, memoryLast, cpuSum, cpuCount }]) => {
      const first = memoryFirst.n === 0 ? null : memoryFirst.sum / memoryFirst.n
      return {
        container,
        upPercent: (100 * up) / rows,
        p95Ms: percentile(response, 0.95),
        cpuMeanPercent: cpuCount === 0 ? null : cpuSum / cpuCount,
        memoryBytes: memoryLast,
        memoryGrowthBytes: first === null || memoryLast === null ? null : memoryLast - first,
      }
    })
}
