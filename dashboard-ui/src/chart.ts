/**
 * Chart.js, and nothing else of the page knows it: registered piece by piece, without animation, parsing or its own
 * tooltip. Draws lines over time, broken at gaps, with Plimsoll marks for thresholds and one crosshair for all charts.
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js'
import { drawCrosshair, drawMarks, drawMoments, type Mark, type Moment, type Pointed } from './chart-marks.ts'
import { clockText } from './clock.ts'
import type { Point } from './core/points.ts'
import { niceStep, timeTicks } from './core/scale.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler)

export interface LineSpec {
  readonly label: string
  /** The custom property that holds its colour. */
  readonly token: string
  readonly filled?: boolean
  /** Thin and pale: the peaks above the means of a long stretch. */
  readonly faint?: boolean
}

/** One drawing. `lines` belong to the specs in order and are kept by reference: mutate them and draw again. */
export interface Drawing {
  readonly range: { readonly from: EpochMs; readonly to: EpochMs }
  readonly lines: readonly Point[][]
  readonly ceiling: number
  readonly marks: readonly Mark[]
  readonly moments: readonly Moment[]
}

export interface LineChart {
  draw(drawing: Drawing): void
  /** The crosshair, `null` for none; cheap. */
  point(pointed: Pointed | null): void
  /** The time under a pixel of the canvas; `null` outside the plot. */
  timeAt(pixel: number): EpochMs | null
  /** Reads the colours anew after the theme changed. */
  recolour(): void
  destroy(): void
}

type Line = ChartDataset<'line', Point[]>

function colourReader(canvas: HTMLCanvasElement): (token: string) => string {
  // A custom property reads back as it was written, light-dark() and all: only a used colour is resolved.
  const probe = canvas.parentElement ?? canvas
  return (token) => {
    probe.style.setProperty('outline-color', `var(${token})`)
    const colour = getComputedStyle(probe).outlineColor
    probe.style.removeProperty('outline-color')
    return colour
  }
}

function translucent(colour: string, alpha: number): string {
  const [r, g, b] = colour.match(/[\d.]+/g) ?? []
  return `rgba(${r}, ${g}, ${b}, ${alpha})`
}

function axes(format: (value: number) => string, current: () => Drawing | null) {
  const offsetMs = -new Date().getTimezoneOffset() * 60_000
  return {
    x: {
      type: 'linear' as const,
      grid: { drawTicks: false, display: false },
      border: { display: false },
      ticks: {
        maxRotation: 0,
        autoSkip: false,
        padding: 6,
        callback: (value: string | number) => {
          const range = current()?.range ?? { from: 0, to: 0 }
          return clockText(Number(value), range.to - range.from)
        },
      },
      afterBuildTicks: (axis: { width: number; min: number; max: number; ticks: { value: number }[] }) => {
        const most = Math.max(2, Math.floor(axis.width / 84))
        axis.ticks = timeTicks({ from: axis.min, to: axis.max }, most, offsetMs).map((value) => ({ value }))
      },
    },
    y: {
      type: 'linear' as const,
      min: 0,
      grid: { drawTicks: false },
      border: { display: false },
      // A fixed width: the plots of all charts begin at the same place, and stay there as numbers change.
      afterFit: (axis: { width: number }) => {
        axis.width = 62
      },
      ticks: { padding: 8, callback: (value: string | number) => format(Number(value)) },
    },
  }
}

function overlay(
  current: () => Drawing | null,
  pointed: () => Pointed | null,
  colour: (token: string) => string,
): Plugin<'line'> {
  return {
    id: 'overlay',
    afterDatasetsDraw: (chart) => {
      const drawing = current()
      if (drawing === null) return
      drawMoments(chart, drawing.moments, colour)
      drawMarks(chart, drawing.marks, colour)
      const at = pointed()
      if (at !== null) drawCrosshair(chart, at, colour)
    },
  }
}

function makeChart(canvas: HTMLCanvasElement, plugin: Plugin<'line'>, scales: ReturnType<typeof axes>) {
  return new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    plugins: [plugin],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 10, right: 12 } },
      elements: { point: { radius: 0 }, line: { borderWidth: 1.5, borderJoinStyle: 'round' } },
      scales,
    },
  })
}

/** Makes a line chart on a canvas whose parent gives it its size. `format` writes the y axis. */
export function lineChart(
  canvas: HTMLCanvasElement,
  specs: readonly LineSpec[],
  format: (value: number) => string,
): LineChart {
  const colour = colourReader(canvas)
  let drawing: Drawing | null = null
  let pointed: Pointed | null = null
  const scales = axes(format, () => drawing)
  const chart = makeChart(
    canvas,
    overlay(
      () => drawing,
      () => pointed,
      colour,
    ),
    scales,
  )
  const recolour = () => paint(chart, specs, colour)
  recolour()
  return {
    draw(next) {
      drawing = next
      for (const [i, line] of next.lines.entries()) {
        const set = chart.data.datasets[i]
        if (set !== undefined) set.data = line
      }
      const { x, y } = chart.options.scales ?? {}
      if (x !== undefined) Object.assign(x, { min: next.range.from, max: next.range.to })
      if (y !== undefined) {
        y.max = next.ceiling
        Object.assign(y.ticks ?? {}, { stepSize: niceStep(next.ceiling) })
      }
      chart.update('none')
    },
    point(next) {
      if (next === null && pointed === null) return
      pointed = next
      chart.draw()
    },
    timeAt(pixel) {
      const { left, right } = chart.chartArea
      return pixel < left || pixel > right ? null : (chart.scales.x?.getValueForPixel(pixel) ?? null)
    },
    recolour() {
      recolour()
      chart.update('none')
    },
    destroy: () => chart.destroy(),
  }
}

function paint(chart: Chart<'line', Point[]>, specs: readonly LineSpec[], colour: (token: string) => string): void {
  const family = getComputedStyle(chart.canvas).fontFamily
  Chart.defaults.font = { ...Chart.defaults.font, family, size: 11 }
  chart.options.color = colour('--ink-3')
  for (const scale of Object.values(chart.options.scales ?? {})) {
    if (scale?.ticks !== undefined) scale.ticks.color = colour('--ink-3')
    if (scale?.grid !== undefined) scale.grid.color = colour('--grid')
  }
  chart.data.datasets = specs.map((spec, i): Line => {
    const tone = colour(spec.token)
    return {
      label: spec.label,
      data: chart.data.datasets[i]?.data ?? [],
      borderColor: spec.faint === true ? translucent(tone, 0.45) : tone,
      borderWidth: spec.faint === true ? 1 : 1.5,
      backgroundColor: translucent(tone, 0.09),
      fill: spec.filled === true ? 'origin' : false,
    }
  })
}
