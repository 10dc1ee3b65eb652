/** Alerts as a table: what fires, what fired, when and for how long. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import { isoText, momentText, wholeText } from '../clock.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { now } from '../store.ts'
import { Glyph } from './glyph.tsx'

/** Half of the time shown around an alert when its moment is opened on the charts. */
const AROUND_MS = 5 * 60_000

function around(alert: AlertView): string {
  if (alert.container === null) return '#/'
  if (alert.resolvedAt === null) return routeHash({ view: 'container', name: alert.container, range: LIVE })
  const range = { kind: 'fixed' as const, from: alert.firedAt - AROUND_MS, to: alert.resolvedAt + AROUND_MS }
  return routeHash({ view: 'container', name: alert.container, range })
}

export function Time(props: { at: number }) {
  return (
    <time dateTime={isoText(props.at)} title={wholeText(props.at)}>
      {momentText(props.at, now.value)}
    </time>
  )
}

function Row(props: { alert: AlertView; withContainer: boolean }) {
  const { alert } = props
  const open = alert.resolvedAt === null
  return (
    <tr data-open={open}>
      <td class="time">
        <Time at={alert.firedAt} />
      </td>
      <td class="severity" data-severity={alert.severity}>
        <Glyph tone={alert.severity === 'critical' ? 'bad' : 'warn'} /> <span>{alert.severity}</span>
      </td>
      {props.withContainer && (
        <td>{alert.container === null ? 'host' : <a href={around(alert)}>{alert.container}</a>}</td>
      )}
      <td class="what">
        <a class="rule" href={around(alert)}>
          {alert.rule}
        </a>
        <span class="summary">{alert.summary}</span>
        {alert.suppressed !== undefined && <span class="summary resolved">not sent: {alert.suppressed}</span>}
        {alert.resolvedSummary !== null && <span class="summary resolved">{alert.resolvedSummary}</span>}
      </td>
      <td class="num">{durationText((alert.resolvedAt ?? now.value) - alert.firedAt)}</td>
      <td class="time">{alert.resolvedAt === null ? <b class="firing">firing</b> : <Time at={alert.resolvedAt} />}</td>
    </tr>
  )
}

/** A table of alerts in the given order; `label` names it for readers of the page's structure. */
export function AlertTable(props: { alerts: readonly AlertView[]; withContainer: boolean; label: string }) {
  return (
    <div class="scroll">
      <table class="list alerts" aria-label={props.label}>
        <thead>
          <tr>
            <th scope="col">Fired</th>
            <th scope="col">Severity</th>
            {props.withContainer && <th scope="col">Container</th>}
            <th scope="col">What</th>
            <th scope="col" class="num">
              For
            </th>
            <th scope="col">Until</th>
          </tr>
        </thead>
        <tbody>
          {props.alerts.map((alert) => (
            <Row key={alert.id} alert={alert} withContainer={props.withContainer} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The newest alerts of one container, a line each. */
export function AlertLines(props: { alerts: readonly AlertView[] }) {
  return (
    <section class="card newest">
      <h2>Newest alerts</h2>
      {props.alerts.length === 0 ? (
        <p class="empty">None yet.</p>
      ) : (
        <ol class="alert-lines">
          {props.alerts.map((alert) => (
            <li key={alert.id} data-open={alert.resolvedAt === null}>
              <Time at={alert.firedAt} />
              <Glyph tone={alert.severity === 'critical' ? 'bad' : 'warn'} />
              <a href={around(alert)} title={alert.summary}>
                {alert.rule}
              </a>
              {alert.resolvedAt === null ? (
                <b class="firing">firing for {durationText(now.value - alert.firedAt)}</b>
              ) : (
                <span class="quiet">for {durationText(alert.resolvedAt - alert.firedAt)}</span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
