/** Stored rows and rows of full rate as one answer: the stored ones for what the rings no longer, or not yet, reach. */
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'

export type Rows = Pick<HistoryAnswer, 'stepMs' | 'at' | 'columns' | 'maxima' | 'minima'>
type Columns = HistoryAnswer['columns']

/** Two rows further apart than so many steps have something missing between them. */
const GAP_STEPS = 1.5

/**
 * The rows of `older` that end before `newer` begins, and then `newer`; a row of `null` between them where something is
 * missing. `stepMs` is the longer of the two. A row of full rate is its own greatest and least value.
 */
export function joined(older: Rows, newer: Rows): Rows {
  const first = newer.at[0]
  if (first === undefined) return older
  const kept = older.at.filter((at) => at + older.stepMs <= first).length
  if (kept === 0) return newer
  const seam = (older.at[kept - 1] ?? first) + older.stepMs
  const gap: EpochMs[] = first - seam > (GAP_STEPS - 1) * older.stepMs ? [seam] : []
  const join = (a: Columns = {}, b: Columns = {}, fallback: Columns = {}): Columns => {
    const columns: { [K in MetricName]?: (number | null)[] } = {}
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]) as Set<MetricName>) {
      const left = a[name]?.slice(0, kept) ?? nulls(kept)
      columns[name] = [...left, ...nulls(gap.length), ...(b[name] ?? fallback[name] ?? nulls(newer.at.length))]
    }
    return columns
  }
  return {
    stepMs: Math.max(older.stepMs, newer.stepMs),
    at: [...older.at.slice(0, kept), ...gap, ...newer.at],
    columns: join(older.columns, newer.columns),
    maxima: join(older.maxima, newer.maxima, newer.columns),
    minima: join(older.minima, newer.minima, newer.columns),
  }
}

const nulls = (count: number): null[] => new Array<null>(count).fill(null)
