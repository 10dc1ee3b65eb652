/** The page of one container. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { memoryText } from '@plimsoll/contracts/text'
import { useComputed } from '@preact/signals'
import { Fragment, type VNode } from 'preact'
import { momentText } from '../clock.ts'
import { type Range, routeHash } from '../core/route.ts'
import { agoText, bannerText, stateText, toneOf } from '../core/say.ts'
import { fullIn } from '../fullness.ts'
import type { Scope } from '../scope.ts'
import { containers, firing, link, now, severities } from '../store.ts'
import { AlertTable } from './alert-list.tsx'
import { ChartCard } from './chart-card.tsx'
import { CHARTS } from './charts.ts'
import { Details } from './details.tsx'
import { EventList } from './events.tsx'
import { type Fact, FactList } from './facts.tsx'
import { Glyph } from './glyph.tsx'
import { Instruments } from './instruments.tsx'
import { RangeBar } from './ranges.tsx'
import { useScope } from './scope-hook.ts'
import { Outages, Strip } from './strip.tsx'

const NO_MARKS: readonly never[] = []

/** How it is and since when, and what fires for it. */
export function Sentence(props: { view: ContainerView }) {
  const { view } = props
  const fires = firing.value.filter((alert) => alert.container === view.name)
  return (
    <>
      <p class="sentence">{bannerText(view, now.value, fullIn(view, now.value))}</p>
      {fires.map((alert) => (
        <p key={alert.id} class="fires" data-severity={alert.severity}>
          <b>{alert.rule}</b> for {agoText(now.value - alert.firedAt)}: {alert.summary}
        </p>
      ))}
    </>
  )
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
        <Sentence view={view} />
      </div>
      <p class="aside">
        {view.image}
        <br />
        {where === '' ? view.host : `${where} on ${view.host}`}
      </p>
    </header>
  )
}

function Facts(props: { view: ContainerView }) {
  const { view } = props
  const facts: readonly Fact[] = [
    ['State', stateText(view)],
    ['Image', view.image],
    ['Id', view.id.slice(0, 12)],
    ['Project', view.project ?? '–'],
    ['Service', view.service ?? '–'],
    [
      'CPU limit',
      view.cpuLimitCores === null ? 'none' : view.cpuLimitCores === 1 ? '1 core' : `${view.cpuLimitCores} cores`,
    ],
    ['Memory limit', view.memoryLimitBytes === null ? 'none' : memoryText(view.memoryLimitBytes)],
    ['Started', view.startedAt === null ? '–' : momentText(view.startedAt, now.value)],
    ['Restarts', String(view.restarts)],
    ['Numbers from', view.source ?? '–'],
    ['Last exit code', view.exitCode === null ? '–' : String(view.exitCode)],
    ['Health address', view.probe?.url ?? 'none; give it the label plimsoll.health.url, or name it in HEALTH_TARGETS'],
  ]
  return (
    <section class="card">
      <h2>What it is</h2>
      <FactList facts={facts} />
    </section>
  )
}

/** The newest; of a stretch that stands still, those that fired in it. */
function Newest(props: { name: string; scope: Scope }) {
  const { range } = props.scope
  const within = (at: number) => range.kind === 'live' || (at >= range.from && at <= range.to)
  const own = props.scope.alerts.value.filter((alert) => within(alert.firedAt)).slice(0, 8)
  return (
    <section class="card">
      <h2>{range.kind === 'live' ? 'Newest alerts' : 'Alerts in this time'}</h2>
      {own.length === 0 ? (
        <p class="empty">None yet. What fires for this container appears here.</p>
      ) : (
        <AlertTable alerts={own} withContainer={false} label={`Newest alerts of ${props.name}`} />
      )}
    </section>
  )
}

/**
 * What is drawn anew whenever the container changes, and only that: a page that is drawn anew for every round holds the
 * old nodes of what it passes over.
 */
function Of(props: { name: string; draw: (view: ContainerView) => VNode }) {
  const view = containers.value.get(props.name)
  return view === undefined ? null : props.draw(view)
}

const drawBanner = (view: ContainerView) => <Banner view={view} />

function Deeper(props: { scope: Scope }) {
  const { scope } = props
  const { moments } = scope
  const own = scope.events.value.slice(0, 12)
  return (
    <div class="pairs">
      <Newest name={scope.name} scope={scope} />
      <Outages scope={scope} />
      {scope.answers.value && <ChartCard scope={scope} spec={CHARTS.network} marks={NO_MARKS} moments={moments} />}
      <ChartCard scope={scope} spec={CHARTS.block} marks={NO_MARKS} moments={moments} />
      <ChartCard scope={scope} spec={CHARTS.pids} marks={NO_MARKS} moments={moments} />
      <section class="card">
        <h2>Events</h2>
        {own.length === 0 ? (
          <p class="empty">Nothing has happened to it.</p>
        ) : (
          <EventList events={own} withContainer={false} />
        )}
      </section>
      <Of name={scope.name} draw={(view) => <Facts view={view} />} />
      <Details name={scope.name} />
    </div>
  )
}

/** A container that the engine no longer has: what was recorded of it stays reachable. */
function Gone(props: { name: string; scope: Scope }) {
  const { scope } = props
  const known = scope.history.value !== null && scope.history.value.at.length > 0
  const text = known
    ? 'The engine has no container of this name any more. What was recorded of it stays here.'
    : 'The engine has no container of this name, and nothing is recorded of one.'
  return (
    <main id="main">
      <header class="banner">
        <div>
          <h1>{props.name}</h1>
          <p class="sentence">
            {link.value.state === 'connecting' ? 'Waiting for the monitor.' : text} <a href="#/">All containers</a>
          </p>
        </div>
      </header>
      {known && (
        <>
          <RangeBar scope={scope} />
          <Strip scope={scope} />
          <div class="pairs">
            <ChartCard scope={scope} spec={CHARTS.levels} marks={NO_MARKS} moments={scope.moments} />
            <ChartCard scope={scope} spec={CHARTS.network} marks={NO_MARKS} moments={scope.moments} />
            <Newest name={props.name} scope={scope} />
            <Outages scope={scope} />
          </div>
        </>
      )}
    </main>
  )
}

/** Everything known of container `name` over `range`. */
export function ContainerPage(props: { name: string; range: Range }) {
  const scope = useScope(props.name, props.range)
  const known = useComputed(() => containers.value.has(props.name))
  if (!known.value) return <Gone name={props.name} scope={scope} />
  return (
    <main id="main">
      <Of name={props.name} draw={drawBanner} />
      <RangeBar scope={scope} />
      {scope.error.value !== null && (
        <p class="trouble">Its history did not come: {scope.error.value}. Live numbers go on.</p>
      )}
      {/* Another stretch of time is another set of charts: none may listen to the one before. */}
      <Fragment key={routeHash({ view: 'container', name: props.name, range: props.range })}>
        <Of name={props.name} draw={(view) => <Instruments view={view} scope={scope} newest={0} />} />
        <Deeper scope={scope} />
      </Fragment>
    </main>
  )
}
