/** Alerts as a table: what fires, what fired, when and for how long. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import { isoText, momentText, wholeText } from '../clock.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { handledText } from '../core/say.ts'
import { now } from '../store.ts'
import { Glyph } from './glyph.tsx'

const pageOf = (alert: AlertView) => routeHash({ view: 'alert', id: alert.id })

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
        <td>
          {alert.container === null ? (
            'host'
          ) : (
            <a href={routeHash({ view: 'container', name: alert.container, range: LIVE })}>{alert.container}</a>
          )}
        </td>
      )}
      <td class="what">
        <a class="rule" href={pageOf(alert)}>
          {alert.rule}
        </a>
        <span class="summary">{alert.summary}</span>
        {alert.handled !== undefined && <span class="summary resolved">{handledText(alert)}</span>}
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
              <a href={pageOf(alert)} title={alert.summary}>
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
