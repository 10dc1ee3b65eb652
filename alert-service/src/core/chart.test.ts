import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pngOf } from '../io/png.ts'
import { CHART_HEIGHT, CHART_MS, CHART_WIDTH, type ChartRow, chartOf, FILE_STEP_MS, PALETTE } from './chart.ts'
import { valueText } from './wording.ts'

const NOW = 1_800_000_000_000
const CPU_COLOUR = 2

const row = (secondsBefore: number, cpuPercent: number | null): ChartRow => ({
  at: NOW - secondsBefore * 1000,
  cpuPercent,
  memoryPercent: 50,
})
const stretch = { from: NOW - CHART_MS, to: NOW, stepMs: FILE_STEP_MS }
const about = { rule: 'high-cpu', threshold: 40 }

/** The columns in which the CPU line is drawn. */
function drawn(rows: readonly ChartRow[]): ReadonlySet<number> {
  const chart = chartOf(rows, stretch, about)
  const columns = new Set<number>()
  chart?.pixels.forEach((colour, i) => {
    if (colour === CPU_COLOUR) columns.add(i % CHART_WIDTH)
  })
  return columns
}

describe('the chart of the minutes before', () => {
  it('is not drawn for less than two rows, or for old ones', () => {
    expect(chartOf([row(10, 5)], stretch, about)).toBeNull()
    expect(chartOf([row(CHART_MS / 1000 + 60, 5), row(CHART_MS / 1000 + 50, 5)], stretch, about)).toBeNull()
  })

  it('joins neighbours and leaves a gap a gap', () => {
    const joined = drawn([row(20, 50), row(10, 50)])
    const apart = drawn([row(600, 50), row(10, 50)])
    const unknown = drawn([row(20, 50), row(10, null), row(0, 50)])
    expect(joined.size).toBeGreaterThan(10)
    expect(apart.size).toBeLessThan(8)
    expect(unknown.size).toBeLessThan(8)
  })

  it('says in words what it shows, with a scale that fits', () => {
    expect(chartOf([row(20, 12), row(10, 196.2)], stretch, about)?.alt).toBe(
      'The 15 minutes before. CPU (above, up to 200 %): 12.0 % to 196.2 %, last 196.2 %. Memory (below, up to 100 %): 50.0 % to 50.0 %, last 50.0 %.',
    )
  })

  it('is a PNG that holds exactly its pixels', () => {
    const chart = chartOf([row(20, 12), row(10, 20)], stretch, about)
    if (chart === null) throw new Error('no chart')
    const png = pngOf(chart, PALETTE)
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    const at = png.indexOf('IDAT')
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
    expect(rows.length).toBe((CHART_WIDTH + 1) * CHART_HEIGHT)
    expect(rows.subarray(1, 1 + CHART_WIDTH)).toEqual(Buffer.from(chart.pixels.subarray(0, CHART_WIDTH)))
    expect(png.length).toBeLessThan(20_000)
  })
})

it.each([
  ['container-oom', 268_435_456, 268_435_456, 'value 256 MiB, threshold 256 MiB'],
  ['high-cpu', 96.2, 40, 'value 96.2 %, threshold 40.0 %'],
  ['slow-response', 1500, 1000, 'value 1.50 s, threshold 1.00 s'],
  ['my-own-rule', 3, null, 'value 3'],
  ['container-down', 137, null, null],
  ['engine-unreachable', null, null, null],
])('the value of %s is written as people write it', (rule, value, threshold, text) => {
  expect(valueText({ rule, value, threshold })).toBe(text)
})
