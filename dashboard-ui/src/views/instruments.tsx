/** A container's instruments: dials, CPU and memory, response time, the strip. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import { useMemo } from 'preact/hooks'
import type { Mark } from '../chart-marks.ts'
import { percentile } from '../core/forecast.ts'
import { coresOf, cpuMark, memoryMark } from '../core/level.ts'
import { type Point, points } from '../core/points.ts'
import { newest } from '../core/state.ts'
import type { Scope } from '../scope.ts'
import { latest, machine } from '../store.ts'
import { AlertLines } from './alert-list.tsx'
import { ChartCard } from './chart-card.tsx'
import { CHARTS } from './charts.ts'
import { Dial } from './mark.tsx'
import { Strip } from './strip.tsx'

function coresText(cores: number | null): string {
  if (cores === null) return 'of unknown cores'
  return cores === 1 ? 'of 1 core' : `of ${Number(cores.toFixed(2))} cores`
}

/** The three views of CPU and memory, said where they are shown. */
function Dials(props: { view: ContainerView }) {
  const { view } = props
  const value = (metric: Parameters<typeof newest>[2]) => newest(latest.value, view.no, metric)
  const cpu = value('cpuPercent')
  const cores = coresOf(view, machine.value)
  const used = cpu === null ? '–' : (cpu / 100).toFixed(2)
  const host = machine.value?.memoryBytes ?? null
  const limit = view.memoryLimitBytes
  return (
    <section class="card now" aria-label="Levels now">
      <h2>Now</h2>
      <div class="dials">
        <Dial
          label="CPU"
          percent={value('cpuLimitPercent')}
          mark={cpuMark(view, machine.value)}
          note={`${used} ${coresText(cores)}`}
          hint={`Share of what it may use. docker stats prints ${percentText(cpu)}, where 100 % is one core; the mark is at ${view.thresholds.cpuPercent} % of a core.`}
        />
        <Dial
          label="Memory"
          percent={value('memoryPercent')}
          mark={memoryMark(view)}
          note={`${memoryText(value('memoryUsedBytes'))} of ${memoryText(limit ?? host)}`}
          hint={`Share of ${limit === null ? 'the host, for it has no limit of its own' : 'its limit'}. Used is what docker stats prints: usage less inactive file cache.`}
        />
      </div>
    </section>
  )
}

type Moments = Parameters<typeof ChartCard>[0]['moments']
type Part = { readonly view: ContainerView; readonly scope: Scope; readonly moments: Moments }
const NO_MARKS: readonly never[] = []

/** Half, and all but one in twenty, of the answers in the window came within these times. */
function Percentiles(props: { scope: Scope }) {
  const line = useMemo<Point[]>(() => [], [])
  const { scope } = props
  void latest.value
  points(scope.source(), 'responseMs', scope.window.value, line)
  const [half, most, nearlyAll] = [0.5, 0.95, 0.99].map((share) => latencyText(percentile(line, share)))
  return (
    <>
      p50 {half}, p95 {most}, p99 {nearlyAll}.{' '}
    </>
  )
}

function Response(props: Part) {
  const { view, scope, moments } = props
  const threshold = view.thresholds.responseMs
  const marks = useMemo(() => [{ value: threshold, token: '--cpu' }], [threshold])
  if (!scope.answers.value) return <ChartCard scope={scope} spec={CHARTS.network} marks={NO_MARKS} moments={moments} />
  const note = (
    <>
      <Percentiles scope={scope} />
      Mark {latencyText(threshold)}.{view.probe === null ? '' : ` Last answer: ${view.probe.detail}.`}
    </>
  )
  return <ChartCard scope={scope} spec={CHARTS.response} marks={marks} moments={moments} note={note} />
}

/** Of a long stretch rows are means, and the peaks between them have a line of their own. */
function paleText(scope: Scope): string {
  return scope.history.value?.maxima?.cpuLimitPercent === undefined ? '' : ' Pale: the peaks within each row.'
}

/** The marks of CPU and memory on a chart of shares, each in the colour of its line. */
export function useLevelMarks(view: ContainerView | undefined): readonly Mark[] {
  const cpu = view === undefined ? null : cpuMark(view, machine.value)
  const memory = view === undefined ? null : memoryMark(view)
  return useMemo(
    () => [
      ...(cpu === null ? [] : [{ value: cpu, token: '--cpu' }]),
      ...(memory === null ? [] : [{ value: memory, token: '--memory' }]),
    ],
    [cpu, memory],
  )
}

function Levels(props: Part) {
  const { view } = props
  const cpu = cpuMark(view, machine.value)
  const memory = memoryMark(view)
  const marks = useLevelMarks(view)
  const said = [
    cpu === null ? null : `CPU ${percentText(cpu, 0)}`,
    memory === null ? null : `memory ${percentText(memory, 0)}`,
  ]
  const marked = said.filter(Boolean).join(', ').replaceAll(' %', '\u00a0%')
  const note = `Shares of what it may use. Marks: ${marked || 'none within reach'}.${paleText(props.scope)}`
  const spec = view.cpuLimitCores === null ? CHARTS.levels : CHARTS.limited
  return <ChartCard scope={props.scope} spec={spec} marks={marks} moments={props.moments} note={note} />
}

/** All instruments of `view` over the scope's window; `newest` alerts beside the strip, where there is no longer list. */
export function Instruments(props: { view: ContainerView; scope: Scope; newest: number }) {
  const { view, scope } = props
  const { moments } = scope
  return (
    <div class="instruments">
      <Dials view={view} />
      <Levels view={view} scope={scope} moments={moments} />
      <Response view={view} scope={scope} moments={moments} />
      <Strip scope={scope} />
      {props.newest > 0 && <AlertLines alerts={scope.alerts.value.slice(0, props.newest)} />}
    </div>
  )
}
