/** A container's instruments: dials, CPU and memory, response time, the strip. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import { useComputed } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { coresOf, cpuMark, memoryMark } from '../core/level.ts'
import { momentsOf } from '../core/moments.ts'
import { newest } from '../core/state.ts'
import type { Scope } from '../scope.ts'
import { alerts, engine, events, latest } from '../store.ts'
import { ChartCard, type SeriesSpec } from './chart-card.tsx'
import { Dial } from './mark.tsx'
import { Strip } from './strip.tsx'

const LEVELS: readonly SeriesSpec[] = [
  { metric: 'cpuLimitPercent', label: 'CPU', token: '--cpu', filled: true },
  { metric: 'memoryPercent', label: 'Memory', token: '--memory' },
]
const RESPONSE: readonly SeriesSpec[] = [{ metric: 'responseMs', label: 'Response', token: '--cpu', filled: true }]

function coresText(cores: number | null): string {
  if (cores === null) return 'of unknown cores'
  return cores === 1 ? 'of 1 core' : `of ${Number(cores.toFixed(2))} cores`
}

/** The three views of CPU and memory, said where they are shown. */
function Dials(props: { view: ContainerView }) {
  const { view } = props
  const value = (metric: Parameters<typeof newest>[2]) => newest(latest.value, view.no, metric)
  const cpu = value('cpuPercent')
  const cores = coresOf(view, engine.value)
  const used = cpu === null ? '–' : (cpu / 100).toFixed(2)
  const host = engine.value?.state === 'connected' ? engine.value.memoryBytes : null
  const limit = view.memoryLimitBytes
  return (
    <div class="card dials">
      <Dial
        label="CPU"
        percent={value('cpuLimitPercent')}
        mark={cpuMark(view, engine.value)}
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
  )
}

function Response(props: { view: ContainerView; scope: Scope; moments: Parameters<typeof ChartCard>[0]['moments'] }) {
  const { view, scope } = props
  const threshold = view.thresholds.responseMs
  const marks = useMemo(() => [{ value: threshold, token: '--cpu' }], [threshold])
  if (view.probe === null)
    return (
      <section class="card hint">
        <h3>Response time</h3>
        <p>
          Nobody asks this container how fast it answers. Give it the label <code>plimsoll.health.url</code>, or name it
          in <code>HEALTH_TARGETS</code>.
        </p>
      </section>
    )
  const note = `Last answer: ${view.probe.detail}. The mark is at ${latencyText(threshold)}.`
  return (
    <ChartCard
      scope={scope}
      title="Response time"
      series={RESPONSE}
      format={latencyText}
      ceiling={null}
      marks={marks}
      moments={props.moments}
      note={note}
    />
  )
}

/** All instruments of `view` over the scope's window. */
export function Instruments(props: { view: ContainerView; scope: Scope }) {
  const { view, scope } = props
  const cpu = cpuMark(view, engine.value)
  const memory = memoryMark(view)
  const marks = useMemo(
    () => [
      ...(cpu === null ? [] : [{ value: cpu, token: '--cpu' }]),
      ...(memory === null ? [] : [{ value: memory, token: '--memory' }]),
    ],
    [cpu, memory],
  )
  const moments = useComputed(() => momentsOf(scope.name, alerts.value, events.value))
  const said = [
    cpu === null ? null : `CPU ${percentText(cpu, 0)}`,
    memory === null ? null : `memory ${percentText(memory, 0)}`,
  ]
  const note = `Shares of what it may use. Marks: ${said.filter(Boolean).join(', ') || 'none within reach'}.`
  return (
    <div class="instruments">
      <Dials view={view} />
      <ChartCard
        scope={scope}
        title="CPU and memory"
        series={LEVELS}
        format={percent}
        ceiling={100}
        marks={marks}
        moments={moments}
        note={note}
      />
      <Response view={view} scope={scope} moments={moments} />
      <Strip scope={scope} />
    </div>
  )
}

function percent(value: number | null): string {
  return percentText(value, value !== null && (value === 0 || value >= 20) && Number.isInteger(value) ? 0 : 1)
}
