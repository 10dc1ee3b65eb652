/** One alert on one page: what fired, the minutes around it, what else happened then, and where word of it went. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import { useMemo } from 'preact/hooks'
import { wholeText } from '../clock.ts'
import { aroundOf, neighbours } from '../core/around.ts'
import { routeHash } from '../core/route.ts'
import { agoText } from '../core/say.ts'
import { fetchAlert } from '../io/api.ts'
import { usePoll } from '../io/poll.ts'
import { alerts, containers, delivery, now, snapshots } from '../store.ts'
import { AlertActions } from './alert-actions.tsx'
import { AlertTable } from './alert-list.tsx'
import { ChartCard } from './chart-card.tsx'
import { CHARTS } from './charts.ts'
import { DeliveryLines } from './delivery.tsx'
import { EventList } from './events.tsx'
import { EvidenceHead, EvidenceRest } from './evidence.tsx'
import { type Fact, FactList } from './facts.tsx'
import { Glyph } from './glyph.tsx'
import { useLevelMarks } from './instruments.tsx'
import { useScope } from './scope-hook.ts'
import { Strip } from './strip.tsx'

/** Evidence that comes late (a slow log) is brought in within seconds. */
const EVERY_MS = 10_000
/** The lines that led to it come before it. */
const LOG_BEFORE_MS = 5000
const STEP_MS = 3 * 60_000
const NO_MARKS: readonly never[] = []

function sentence(alert: AlertView, at: number): string {
  if (alert.resolvedAt === null) return `Firing for ${agoText(at - alert.firedAt)}: ${alert.summary}.`
  return `Fired for ${durationText(alert.resolvedAt - alert.firedAt)}: ${alert.summary}.`
}

function factsOf(alert: AlertView): readonly Fact[] {
  return [
    ['Fired', wholeText(alert.firedAt)],
    ['Until', alert.resolvedAt === null ? 'still firing' : wholeText(alert.resolvedAt)],
    ['How it ended', alert.resolvedSummary ?? '–'],
    ['Severity', alert.severity],
    ['Value', alert.value === null ? '–' : String(alert.value)],
    ['Mark', alert.threshold === null ? '–' : String(alert.threshold)],
    ['Held back', alert.suppressed ?? 'no'],
    ['Handled', alert.handled === undefined ? 'no' : `${alert.handled.state}, ${wholeText(alert.handled.at)}`],
    ['Host', alert.host],
    ['Id', alert.id],
  ]
}

/** The container's charts around the alert, all on one window. */
function Around(props: { alert: AlertView; container: string }) {
  const { alert, container } = props
  // While it fires the window goes on with it, in steps: each step is a question to the monitor.
  const step = alert.resolvedAt ?? Math.floor(now.value / STEP_MS)
  const range = useMemo(() => aroundOf(alert, now.peek()), [alert.id, step])
  const scope = useScope(container, range)
  const view = containers.value.get(container)
  const marks = useLevelMarks(view)
  const within = scope.events.value.filter(({ at }) => at >= range.from && at <= range.to)
  return (
    <>
      <Strip scope={scope} />
      <div class="pairs">
        <ChartCard scope={scope} spec={CHARTS.limited} marks={marks} moments={scope.moments} />
        <ChartCard
          scope={scope}
          spec={scope.answers.value ? CHARTS.response : CHARTS.network}
          marks={NO_MARKS}
          moments={scope.moments}
        />
        <section class="card wide">
          <h2>What happened to it then</h2>
          {within.length === 0 ? (
            <p class="empty">Nothing was told by the engine.</p>
          ) : (
            <EventList events={within} withContainer={false} />
          )}
        </section>
      </div>
    </>
  )
}

function Others(props: { alert: AlertView }) {
  const list = neighbours(props.alert, alerts.value, now.peek())
  return (
    <section class="card wide">
      <h2>What else fired then</h2>
      {list.length === 0 ? (
        <p class="empty">Nothing else: it stood alone.</p>
      ) : (
        <AlertTable alerts={list} withContainer={true} label="What else fired then" />
      )}
    </section>
  )
}

function Head(props: { alert: AlertView }) {
  const { alert } = props
  const tone = alert.severity === 'critical' ? 'bad' : 'warn'
  return (
    <header class="banner" data-tone={tone}>
      <Glyph tone={tone} />
      <div>
        <h1>{alert.rule}</h1>
        <p class="sentence">{sentence(alert, now.value)}</p>
      </div>
      <p class="aside">
        {alert.container === null ? (
          alert.host
        ) : (
          <a href={routeHash({ view: 'container', name: alert.container, range: aroundOf(alert, now.peek()) })}>
            {alert.container}
          </a>
        )}
        {alert.container !== null && (
          <>
            <br />
            <a href={routeHash({ view: 'logs', name: alert.container, at: alert.firedAt - LOG_BEFORE_MS })}>
              Its log at that moment
            </a>
          </>
        )}
      </p>
    </header>
  )
}

/** The alert as it changes, and what was known when it fired. */
function useAlert(id: string) {
  const { answer, why } = usePoll(() => fetchAlert(id), EVERY_MS, `${id} ${snapshots.value}`)
  const live = alerts.value.find((one) => one.id === id)
  return { alert: live ?? answer, evidence: answer?.evidence ?? null, why }
}

function Word(props: { id: string }) {
  const sent = delivery.value?.reachable ? delivery.value.status.recent.filter(({ id }) => id === props.id) : []
  return (
    <section class="card">
      <h2>Where word of it went</h2>
      {sent.length === 0 ? (
        <p class="empty">The alert service tells nothing of it, or not any more.</p>
      ) : (
        <DeliveryLines recent={sent} />
      )}
    </section>
  )
}

/** `#/alerts/<id>`. */
export function AlertPage(props: { id: string }) {
  const { alert, evidence, why } = useAlert(props.id)
  if (alert === null)
    return (
      <main id="main">
        <h1>Alert</h1>
        <p class="empty">
          {why === null ? 'Asking the monitor.' : `It cannot be shown: ${why}.`} <a href="#/alerts">All alerts</a>
        </p>
      </main>
    )
  return (
    <main id="main">
      <Head alert={alert} />
      <div class="pairs first">
        {evidence !== null && <EvidenceHead evidence={evidence} />}
        {/* While it fires, what one can say to it stands where it is seen. */}
        {alert.resolvedAt === null && <AlertActions key={alert.id} alert={alert} />}
      </div>
      {alert.container !== null && <Around key={alert.id} alert={alert} container={alert.container} />}
      <div class="pairs">
        {evidence !== null && <EvidenceRest evidence={evidence} />}
        <Others alert={alert} />
        {alert.resolvedAt !== null && <AlertActions key={alert.id} alert={alert} />}
        <section class="card">
          <h2>The alert</h2>
          <FactList facts={factsOf(alert)} />
        </section>
        <Word id={alert.id} />
      </div>
    </main>
  )
}
