/** The charts of a report as inline SVG: a line with gaps and its mark, and the up/down strip. */
import type { Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'

/** Units of the drawing; the page scales it. */
export const CHART = { width: 600, height: 70, strip: 10 } as const
/** More points than this nobody can see on paper. */
const MOST_POINTS = 300

export interface Range {
  readonly from: EpochMs
  readonly to: EpochMs
}

export interface Series {
  readonly at: readonly EpochMs[]
  readonly values: readonly (number | null)[]
  /** The time one value stands for: two further apart than 1.5 of it have a gap between them. */
  readonly stepMs: number
}

const digits = (value: number): string => String(Number(value.toFixed(1)))
const xOf = (at: EpochMs, { from, to }: Range): number => ((at - from) / (to - from)) * CHART.width

/** The greatest of each few values, so that a line of thousands has a few hundred points and keeps its peaks. */
export function thinned({ at, values, stepMs }: Series): Series {
  const per = Math.ceil(at.length / MOST_POINTS)
  if (per <= 1) return { at, values, stepMs }
  const starts = Array.from({ length: Math.ceil(at.length / per) }, (_, i) => i * per)
  const peak = (i: number): number | null => {
    const known = values.slice(i, i + per).flatMap((value) => value ?? [])
    return known.length === 0 ? null : Math.max(...known)
  }
  return { at: starts.map((i) => at[i] ?? 0), values: starts.map(peak), stepMs: stepMs * per }
}

/** The `d` of a path: one piece for each run without a gap; a value alone is a short dash. */
export function linePath(series: Series, range: Range, top: number): string {
  const { at, values, stepMs } = thinned(series)
  let path = ''
  let last: EpochMs | null = null
  for (const [i, x] of at.entries()) {
    const value = values[i] ?? null
    if (value === null || x < range.from - stepMs || x > range.to) {
      last = null
      continue
    }
    const y = CHART.height - (Math.min(value, top) / top) * CHART.height
    const joined = last !== null && x - last <= stepMs * 1.5
    path += `${joined ? 'L' : 'M'}${digits(xOf(x, range))} ${digits(y)}`
    if (!joined) path += 'h0.8'
    last = x
  }
  return path
}

/** What a line is drawn under: a little above its highest value or its mark, whichever is higher. */
export function topOf(values: readonly (number | null)[], mark: number | null): number {
  const high = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
  return Math.max(high * 1.1, mark !== null && mark < high * 4 ? mark * 1.1 : 0, 1e-9)
}

/** A line chart; every number in it is ours, no text of others comes in. */
export function lineChart(series: Series, range: Range, mark: number | null): string {
  const top = topOf(series.values, mark)
  const y = mark === null || mark > top ? null : digits(CHART.height - (mark / top) * CHART.height)
  const line = y === null ? '' : `<line class="mark" x1="0" x2="${CHART.width}" y1="${y}" y2="${y}"/>`
  const path = linePath(series, range, top)
  return svg(CHART.height, `<path class="line" d="${path}"/>${line}`)
}

/** The strip: where it was up, down, paused, and where nobody can tell. */
export function stripChart(spans: readonly Span[], range: Range): string {
  const rects = spans.flatMap((span) => {
    const from = Math.max(span.from, range.from)
    const to = Math.min(span.to ?? range.to, range.to)
    if (to <= from) return []
    const x = xOf(from, range)
    // A short outage is still seen.
    const width = Math.max(span.condition === 'up' ? 0 : 1.5, xOf(to, range) - x)
    return [`<rect class="${span.condition}" x="${digits(x)}" y="0" width="${digits(width)}" height="${CHART.strip}"/>`]
  })
  return svg(CHART.strip, rects.join(''))
}

function svg(height: number, inside: string): string {
  return `<svg viewBox="0 0 ${CHART.width} ${height}" preserveAspectRatio="none" style="height:${height}px" aria-hidden="true">${inside}</svg>`
}
