/** A chart with its title, the values under the crosshair (or the newest), and the sentence that says the same. */
import type { TickMetric } from '@plimsoll/contracts/live'
import { type ReadonlySignal, useSignalEffect } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type LineChart, type LineSpec, lineChart } from '../chart.ts'
import type { Mark, Pointed } from '../chart-marks.ts'
import { pointedAt } from '../choices.ts'
import { momentText } from '../clock.ts'
import { type MomentOf, nearest } from '../core/moments.ts'
import { highest, type Point, peaksOf, points, valueAt } from '../core/points.ts'
import { steadyCeiling } from '../core/scale.ts'
import { themeTurns, useSight } from '../io/sight.ts'
import type { Scope } from '../scope.ts'
import { intervalMs, latest } from '../store.ts'
import { useChartInput } from './chart-input.ts'

export interface SeriesSpec extends LineSpec {
  readonly metric: TickMetric
  /** The greatest values within the rows of a long stretch, instead of their means. */
  readonly peaks?: boolean
}

/** What a kind of chart shows and how it is written. */
export interface ChartSpec {
  readonly title: string
  readonly series: readonly SeriesSpec[]
  readonly format: (value: number | null) => string
  /** How the axis is written: shorter, without digits that say nothing. */
  readonly axis: (value: number) => string
  /** A fixed upper end, or one that follows the values but is never lower. */
  readonly ceiling: { readonly fixed: number } | { readonly atLeast: number }
}

export interface ChartProps {
  readonly scope: Scope
  readonly spec: ChartSpec
  readonly marks: readonly Mark[]
  readonly moments: ReadonlySignal<readonly MomentOf[]>
  readonly note?: ComponentChildren
}

interface Drawn {
  readonly lines: Point[][]
  ceiling: number | null
  /** When its sentence was last written. */
  saidAt: number
}

/** A reader of the screen hears the highest values; they are not told anew every second. */
const SAY_MS = 10_000

function drawInto(chart: LineChart, props: ChartProps, drawn: Drawn): void {
  const { scope, spec } = props
  const range = scope.window.value
  const source = scope.source()
  const peaks = peaksOf(source)
  for (const [i, one] of spec.series.entries())
    points(one.peaks === true ? peaks : source, one.metric, range, drawn.lines[i] ?? [])
  const top = Math.max(0, ...drawn.lines.map((line) => highest(line)?.y ?? 0))
  drawn.ceiling = 'fixed' in spec.ceiling ? spec.ceiling.fixed : steadyCeiling(top, drawn.ceiling, spec.ceiling.atLeast)
  chart.draw({ range, lines: drawn.lines, ceiling: drawn.ceiling, marks: props.marks, moments: props.moments.value })
}

function Legend(props: ChartProps & { drawn: Drawn }) {
  const { scope, drawn } = props
  const { series, format } = props.spec
  const pointed = pointedAt.value
  const newestAt = latest.value?.at ?? null
  const history = scope.history.value
  // Of now only a live row tells; under the crosshair a coarse row of the past does too.
  const reach = (pointed === null ? intervalMs.value : Math.max(intervalMs.value, history?.stepMs ?? 0)) * 1.5
  const at = pointed ?? (scope.range.kind === 'fixed' ? null : newestAt)
  return (
    <p class="legend">
      {series.map((spec, i) =>
        spec.peaks === true ? null : (
          <span key={spec.label}>
            <i class="swatch" data-token={spec.token.slice(2)} data-faint={spec.faint} />
            {spec.label} <b>{at === null ? '' : format(valueAt(drawn.lines[i] ?? [], at, reach))}</b>
          </span>
        ),
      )}
    </p>
  )
}

/** The crosshair on this chart: its time, and the moment close to it. */
function pointedOn(props: ChartProps): Pointed | null {
  const at = pointedAt.value
  if (at === null) return null
  const { from, to } = props.scope.window.peek()
  const near = nearest(props.moments.peek(), at, (to - from) / 120)
  const time = momentText(at, to)
  return { at, label: near === null ? time : `${time}  ${near.text}` }
}

function summary(props: ChartProps, drawn: Drawn): string {
  const said = props.spec.series.map((spec, i) => {
    const top = highest(drawn.lines[i] ?? [])
    if (top === null && spec.peaks === true) return ''
    return top === null
      ? `${spec.label} unknown`
      : `${spec.label} highest ${props.spec.format(top.y)} at ${momentText(top.x, top.x)}`
  })
  return `${props.spec.title}: ${said.filter(Boolean).join(', ')}`
}

/** Draws while on the screen: anew for every tick, window and theme; the crosshair alone when only it moves. */
export function ChartCard(props: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const plot = useRef<HTMLDivElement>(null)
  const chart = useRef<LineChart | null>(null)
  const { ref, seen } = useSight<HTMLElement>()
  const drawn = useMemo<Drawn>(
    () => ({ lines: props.spec.series.map(() => []), ceiling: null, saidAt: 0 }),
    [props.spec.series, props.scope],
  )
  useEffect(() => {
    if (canvas.current === null) return
    chart.current = lineChart(canvas.current, props.spec.series, props.spec.axis)
    if (seen.peek()) drawInto(chart.current, props, drawn)
    return () => chart.current?.destroy()
  }, [props.spec, props.scope, props.marks])
  useSignalEffect(() => {
    if (!seen.value || chart.current === null) return
    if (latest.value === null && props.scope.history.value === null) return
    drawInto(chart.current, props, drawn)
    if (Date.now() - drawn.saidAt < SAY_MS) return
    drawn.saidAt = Date.now()
    plot.current?.setAttribute('aria-label', summary(props, drawn))
  })
  useSignalEffect(() => chart.current?.point(pointedOn(props)))
  useSignalEffect(() => {
    if (themeTurns.value > 0) chart.current?.recolour()
  })
  const input = useChartInput(props.scope, chart)
  return (
    <figure class="card chart" ref={ref}>
      <figcaption>
        <h2>{props.spec.title}</h2>
        <Legend {...props} drawn={drawn} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the crosshair */}
      <div class="plot" role="img" tabIndex={0} aria-label={props.spec.title} ref={plot} {...input.handlers}>
        <canvas ref={canvas} />
        {input.band}
      </div>
      {props.note !== undefined && <p class="note">{props.note}</p>}
    </figure>
  )
}
