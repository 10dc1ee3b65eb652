/** The minutes before an alert as a picture: CPU above, memory below, drawn by hand because a mail can run no code. */
import { percentText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'

/** How far back the picture reaches. */
export const CHART_MS = 15 * 60 * 1000
/** Drawn at twice the size it is shown at, for sharp screens. */
export const CHART_WIDTH = 1200
export const CHART_HEIGHT = 400
const PANEL_HEIGHT = 180
const MARGIN = 10
/** A hole longer than so many steps is a gap in the line, never a straight bridge. */
const GAP_STEPS = 2.5
/** The metrics files have a row every 10 s. */
export const FILE_STEP_MS = 10_000

/**
 * Colours by index. The ground is opaque and light, so that the picture reads the same in a dark mail: paper, grid,
 * CPU, memory, threshold.
 */
export const PALETTE: readonly (readonly [number, number, number])[] = [
  [246, 248, 250],
  [208, 215, 222],
  [9, 105, 218],
  [130, 80, 223],
  [207, 34, 46],
]
const [PAPER, GRID, CPU, MEMORY, THRESHOLD] = [0, 1, 2, 3, 4]

export interface Chart {
  readonly width: number
  readonly height: number
  /** One palette index a pixel, row by row. */
  readonly pixels: Uint8Array
  /** What the picture shows, for those who do not see it. */
  readonly alt: string
}

interface Point {
  readonly at: EpochMs
  readonly value: number | null
}

interface Panel {
  readonly top: number
  readonly colour: number
  readonly points: readonly Point[]
  /** The value at the upper edge. */
  readonly max: number
  readonly threshold: number | null
}

function dot(pixels: Uint8Array, x: number, y: number, colour: number): void {
  if (x >= 0 && x < CHART_WIDTH && y >= 0 && y < CHART_HEIGHT) pixels[y * CHART_WIDTH + x] = colour
}

function row(pixels: Uint8Array, y: number, colour: number, dash: number): void {
  for (let x = MARGIN; x < CHART_WIDTH - MARGIN; x++) if (dash === 0 || x % (2 * dash) < dash) dot(pixels, x, y, colour)
}

/** A line three pixels thick. */
function stroke(
  pixels: Uint8Array,
  from: readonly [number, number],
  to: readonly [number, number],
  colour: number,
): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])))
  for (let i = 0; i <= steps; i++) {
    const x = Math.round(from[0] + ((to[0] - from[0]) * i) / steps)
    const y = Math.round(from[1] + ((to[1] - from[1]) * i) / steps)
    for (let dx = -1; dx <= 1; dx++) for (let dy = -1; dy <= 1; dy++) dot(pixels, x + dx, y + dy, colour)
  }
}

/** From when to when the picture reaches, and how far apart its rows are. */
export interface Stretch {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly stepMs: number
}

function draw(pixels: Uint8Array, panel: Panel, { from, to, stepMs }: Stretch): void {
  const { top, colour, points, max, threshold } = panel
  const yOf = (value: number) => top + Math.round(PANEL_HEIGHT * (1 - Math.min(value, max) / max))
  const xOf = (at: EpochMs) => MARGIN + Math.round(((at - from) / (to - from)) * (CHART_WIDTH - 2 * MARGIN))
  for (const share of [0, 0.25, 0.5, 0.75, 1]) row(pixels, yOf(share * max), GRID, share === 0 ? 0 : 3)
  if (threshold !== null && threshold <= max) {
    for (const thick of [0, 1]) row(pixels, yOf(threshold) + thick, THRESHOLD, 8)
  }
  let before: readonly [number, number, EpochMs] | null = null
  for (const { at, value } of points) {
    if (value === null) {
      before = null
      continue
    }
    const here = [xOf(at), yOf(value)] as const
    const joined: readonly [number, number] =
      before !== null && at - before[2] <= GAP_STEPS * stepMs ? [before[0], before[1]] : here
    stroke(pixels, joined, here, colour)
    before = [...here, at]
  }
}

/** 100, or the next hundred over the greatest value: 100 is one core. */
function scaleOf(points: readonly Point[]): number {
  const most = Math.max(0, ...points.map(({ value }) => value ?? 0))
  return Math.max(1, Math.ceil(most / 100)) * 100
}

function spanOf(points: readonly Point[]): string {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]))
  if (known.length === 0) return 'unknown'
  return `${percentText(Math.min(...known))} to ${percentText(Math.max(...known))}, last ${percentText(known.at(-1) ?? null)}`
}

/** What the thresholds of the rule are on; null where the rule is about neither. */
function thresholdFor(rule: string, threshold: number | null): { cpu: number | null; memory: number | null } {
  return { cpu: rule === 'high-cpu' ? threshold : null, memory: rule === 'high-memory' ? threshold : null }
}

/** One moment of what is drawn; unknown is null. */
export interface ChartRow {
  readonly at: EpochMs
  readonly cpuPercent: number | null
  readonly memoryPercent: number | null
}

/** The picture of `rows` (of one container) within a stretch; null when fewer than two of them fall into it. */
export function chartOf(
  rows: readonly ChartRow[],
  stretch: Stretch,
  about: { readonly rule: string; readonly threshold: number | null },
): Chart | null {
  const shown = rows.filter(({ at }) => at >= stretch.from && at <= stretch.to)
  if (shown.length < 2) return null
  const pixels = new Uint8Array(CHART_WIDTH * CHART_HEIGHT).fill(PAPER)
  const cpu = shown.map(({ at, cpuPercent }) => ({ at, value: cpuPercent }))
  const memory = shown.map(({ at, memoryPercent }) => ({ at, value: memoryPercent }))
  const threshold = thresholdFor(about.rule, about.threshold)
  const cpuMax = scaleOf(cpu)
  draw(pixels, { top: MARGIN, colour: CPU, points: cpu, max: cpuMax, threshold: threshold.cpu }, stretch)
  const top = CHART_HEIGHT - PANEL_HEIGHT - MARGIN
  draw(pixels, { top, colour: MEMORY, points: memory, max: 100, threshold: threshold.memory }, stretch)
  const minutes = Math.round((stretch.to - stretch.from) / 60_000)
  const alt = `The ${minutes} minutes before. CPU (above, up to ${cpuMax} %): ${spanOf(cpu)}. Memory (below, up to 100 %): ${spanOf(memory)}.`
  return { width: CHART_WIDTH, height: CHART_HEIGHT, pixels, alt }
}
