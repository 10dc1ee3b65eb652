/** The page of one container. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { memoryText, rateText } from '@plimsoll/contracts/text'
import { useComputed } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { momentText } from '../clock.ts'
import { momentsOf } from '../core/moments.ts'
import { LIVE, type Range, REACHES, type Reach, routeHash } from '../core/route.ts'
import { bannerText, stateText, toneOf } from '../core/say.ts'
import { newScope, type Scope } from '../scope.ts'
import { alerts, containers, events, hello, link, now, severities, snapshots } from '../store.ts'
import { AlertTable } from './alert-list.tsx'
import { ChartCard, type SeriesSpec } from './chart-card.tsx'
import { EventList } from './events.tsx'
import { Glyph } from './glyph.tsx'
import { Instruments } from './instruments.tsx'
import { Outages } from './strip.tsx'

const NETWORK: readonly SeriesSpec[] = [
  { metric: 'networkReceivedBytesPerSecond', label: 'Received', token: '--cpu' },
  { metric: 'networkSentBytesPerSecond', label: 'Sent', token: '--memory' },
]
const BLOCK: readonly SeriesSpec[] = [
  { metric: 'blockReadBytesPerSecond', label: 'Read', token: '--cpu' },
  { metric: 'blockWrittenBytesPerSecond', label: 'Written', token: '--memory' },
]
const NO_MARKS: readonly never[] = []

/** A scope whose history is fetched when it opens and again after every reconnect. */
export function useScope(name: string, range: Range): Scope {
  const key = routeHash({ view: 'container', name, range })
  // The key says all of the range, which is made anew for every address.
  const scope = useMemo(() => newScope(name, range), [key])
  const count = snapshots.value
  // A new snapshot means that something may have been missed.
  useEffect(() => (count > 0 ? scope.load() : undefined), [scope, count])
  return scope
}

function Banner(props: { view: ContainerView }) {
  const { view } = props
  const tone = toneOf(view, severities.value.get(view.name) ?? null)
  const where = [view.project, view.service].filter(Boolean).join(' / ')
  return (
    <header class="banner" data-tone={tone}>
      <Glyph tone={tone} />
      <div>
        <h1>{view.name}</h1>
        <p class="sentence">{bannerText(view, now.value)}</p>
      </div>
      <p class="aside">
        {view.image}
        <br />
        {where === '' ? view.host : `${where} on ${view.host}`}
      </p>
    </header>
  )
}

function RangeBar(props: { name: string; range: Range }) {
  const { name, range } = props
  // A reach the monitor does not remember is not offered.
  const reachable = (Object.keys(REACHES) as Reach[]).filter(
    (reach) => reach === '15m' || REACHES[reach] * 60_000 <= (hello.value?.historyMs ?? 0) * 1.01,
  )
  return (
    <nav class="ranges" aria-label="Stretch of time">
      {reachable.map((reach) => (
        <a
          key={reach}
          href={routeHash({ view: 'container', name, range: { kind: 'live', reach } })}
          aria-current={range.kind === 'live' && range.reach === reach ? 'true' : undefined}
        >
          {reach === '15m' ? 'live' : reach}
        </a>
      ))}
      {range.kind === 'fixed' && (
        <span class="fixed">
          {momentText(range.from, now.value)} – {momentText(range.to, now.value)}{' '}
          <a href={routeHash({ view: 'container', name, range: LIVE })}>back to live</a>
        </span>
      )}
    </nav>
  )
}

function Facts(props: { view: ContainerView }) {
  const { view } = props
  const facts: readonly (readonly [string, string])[] = [
    ['State', stateText(view)],
    ['Image', view.image],
    ['Id', view.id.slice(0, 12)],
    ['Project', view.project ?? '–'],
    ['Service', view.service ?? '–'],
    ['CPU limit', view.cpuLimitCores === null ? 'none' : `${view.cpuLimitCores} cores`],
    ['Memory limit', view.memoryLimitBytes === null ? 'none' : memoryText(view.memoryLimitBytes)],
    ['Started', view.startedAt === null ? '–' : momentText(view.startedAt, now.value)],
    ['Restarts', String(view.restarts)],
    ['Last exit code', view.exitCode === null ? '–' : String(view.exitCode)],
    ['Health address', view.probe?.url ?? '–'],
  ]
  return (
    <section class="card">
      <h3>What it is</h3>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Newest(props: { name: string }) {
  const own = alerts.value.filter((alert) => alert.container === props.name).slice(0, 8)
  return (
    <section class="card">
      <h3>Newest alerts</h3>
      {own.length === 0 ? (
        <p class="empty">None yet. What fires for this container appears here.</p>
      ) : (
        <AlertTable alerts={own} withContainer={false} label={`Newest alerts of ${props.name}`} />
      )}
    </section>
  )
}

function Deeper(props: { view: ContainerView; scope: Scope }) {
  const { view, scope } = props
  const moments = useComputed(() => momentsOf(scope.name, alerts.value, events.value))
  const own = events.value.filter((event) => event.container === view.name).slice(0, 12)
  return (
    <div class="pairs">
      <Newest name={view.name} />
      <Outages scope={scope} />
      <ChartCard
        scope={scope}
        title="Network"
        series={NETWORK}
        format={rateText}
        ceiling={null}
        marks={NO_MARKS}
        moments={moments}
      />
      <ChartCard
        scope={scope}
        title="Block I/O"
        series={BLOCK}
        format={rateText}
        ceiling={null}
        marks={NO_MARKS}
        moments={moments}
      />
      <section class="card">
        <h3>Events</h3>
        {own.length === 0 ? (
          <p class="empty">Nothing has happened to it.</p>
        ) : (
          <EventList events={own} withContainer={false} />
        )}
      </section>
      <Facts view={view} />
    </div>
  )
}

/** Everything known of container `name` over `range`. */
export function ContainerPage(props: { name: string; range: Range }) {
  const scope = useScope(props.name, props.range)
  const view = containers.value.get(props.name)
  if (view === undefined)
    return (
      <main id="main">
        <div class="card first">
          <h1>{props.name}</h1>
          <p>
            {link.value.state === 'connecting'
              ? 'Waiting for the monitor.'
              : 'The engine has no container of this name. It may have been removed or renamed.'}{' '}
            <a href="#/">All containers</a>
          </p>
        </div>
      </main>
    )
  return (
    <main id="main">
      <Banner view={view} />
      <RangeBar name={props.name} range={props.range} />
      {scope.error.value !== null && (
        <p class="trouble">Its history did not come: {scope.error.value}. Live numbers go on.</p>
      )}
      <Instruments view={view} scope={scope} />
      <Deeper view={view} scope={scope} />
    </main>
  )
}
