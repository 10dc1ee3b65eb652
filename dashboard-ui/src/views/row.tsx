/** One container of the fleet. Its numbers change as text in place; nothing around them moves. */
import type { ContainerView } from '@plimsoll/contracts/container'
import type { TickMetric } from '@plimsoll/contracts/live'
import { latencyText, memoryText, percentText, rateText, UNKNOWN } from '@plimsoll/contracts/text'
import { type ReadonlySignal, useComputed } from '@preact/signals'
import { cpuMark, memoryMark } from '../core/level.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { agoText, stateText, toneOf } from '../core/say.ts'
import { newest } from '../core/state.ts'
import { useSight } from '../io/sight.ts'
import { latest, machine, now, severities } from '../store.ts'
import { Glyph } from './glyph.tsx'
import { Level } from './mark.tsx'
import { Spark } from './spark.tsx'

/** The newest value of a metric, held while the row is off the screen. */
function useValue(no: number, metric: TickMetric, seen: ReadonlySignal<boolean>): ReadonlySignal<number | null> {
  return useComputed(() => newest(seen.value ? latest.value : latest.peek(), no, metric))
}

function LevelCell(props: {
  label: string
  percent: ReadonlySignal<number | null>
  mark: number | null
  under: ReadonlySignal<string>
}) {
  const text = useComputed(() => percentText(props.percent.value))
  return (
    <td class="level-cell" data-label={props.label}>
      <Level percent={props.percent} mark={props.mark} />
      <span class="reading">
        <b>{text}</b>
        <small>{props.under}</small>
      </span>
    </td>
  )
}

function NumberCell(props: { label: string; text: ReadonlySignal<string>; under?: ReadonlySignal<string> }) {
  const unknown = useComputed(() => (props.text.value === UNKNOWN ? 'unknown' : undefined))
  return (
    <td class="num" data-label={props.label}>
      <span class={unknown}>{props.text}</span>
      {props.under !== undefined && <span>{props.under}</span>}
    </td>
  )
}

function Who(props: { view: ContainerView }) {
  const { view } = props
  const severity = useComputed(() => severities.value.get(view.name) ?? null)
  const tone = toneOf(view, severity.value)
  // Its project stands above it already: where room is short, that part of the name goes first.
  const prefix = view.project !== null && view.name.startsWith(`${view.project}-`) ? `${view.project}-` : ''
  return (
    <>
      <th scope="row" class="who">
        <Glyph tone={tone} />
        <span>
          <a
            href={routeHash({ view: 'container', name: view.name, range: LIVE })}
            title={view.name}
            aria-label={view.name}
          >
            {prefix !== '' && <i>{prefix}</i>}
            <b>{view.name.slice(prefix.length)}</b>
          </a>
          <small>{view.image}</small>
        </span>
      </th>
      <td class="state" data-tone={toneOf(view, null)}>
        {stateText(view)}
      </td>
    </>
  )
}

function uptimeText(view: ContainerView, at: number): string {
  if (view.state !== 'running' && view.state !== 'paused') return UNKNOWN
  return view.startedAt === null ? UNKNOWN : agoText(at - view.startedAt)
}

function responseText(view: ContainerView, ms: number | null): string {
  return view.probe !== null && !view.probe.ok && view.state === 'running' ? 'fails' : latencyText(ms)
}

function Numbers(props: { view: ContainerView; seen: ReadonlySignal<boolean> }) {
  const { view, seen } = props
  const response = useValue(view.no, 'responseMs', seen)
  const received = useValue(view.no, 'networkReceivedBytesPerSecond', seen)
  const sent = useValue(view.no, 'networkSentBytesPerSecond', seen)
  const read = useValue(view.no, 'blockReadBytesPerSecond', seen)
  const written = useValue(view.no, 'blockWrittenBytesPerSecond', seen)
  const up = useComputed(() => uptimeText(view, seen.value ? now.value : now.peek()))
  return (
    <>
      <NumberCell label="Response" text={useComputed(() => responseText(view, response.value))} />
      <NumberCell
        label="Network"
        text={useComputed(() => (received.value === null ? UNKNOWN : `↓ ${rateText(received.value)}`))}
        under={useComputed(() => (sent.value === null ? '' : `↑ ${rateText(sent.value)}`))}
      />
      <NumberCell
        label="Block I/O"
        text={useComputed(() => (read.value === null ? UNKNOWN : `↓ ${rateText(read.value)}`))}
        under={useComputed(() => (written.value === null ? '' : `↑ ${rateText(written.value)}`))}
      />
      <td class="num" data-label="Restarts" data-some={view.restarts > 0}>
        {view.restarts}
      </td>
      <NumberCell label="Up" text={up} />
    </>
  )
}

export function Row(props: { view: ContainerView }) {
  const { view } = props
  const { ref, seen } = useSight<HTMLTableRowElement>()
  const cpu = useValue(view.no, 'cpuLimitPercent', seen)
  const cores = useValue(view.no, 'cpuPercent', seen)
  const memory = useValue(view.no, 'memoryPercent', seen)
  const bytes = useValue(view.no, 'memoryUsedBytes', seen)
  const coresText = useComputed(() =>
    cores.value === null ? '' : `${(cores.value / 100).toFixed(cores.value < 10 ? 3 : 2)} cores`,
  )
  const bytesText = useComputed(() => (bytes.value === null ? '' : memoryText(bytes.value)))
  return (
    <tr ref={ref} data-state={view.state}>
      <Who view={view} />
      <LevelCell label="CPU" percent={cpu} mark={cpuMark(view, machine.value)} under={coresText} />
      <LevelCell label="Memory" percent={memory} mark={memoryMark(view)} under={bytesText} />
      <td class="trend">
        <Spark name={view.name} seen={seen} />
      </td>
      <Numbers view={view} seen={seen} />
    </tr>
  )
}
