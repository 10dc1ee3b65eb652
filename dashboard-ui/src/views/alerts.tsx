/** What fires now, what fired, and where word of it went. */
import type { ChannelStatus, DeliveryRecord } from '@plimsoll/contracts/delivery'
import type { DeliveryView } from '@plimsoll/contracts/http'
import { useEffect } from 'preact/hooks'
import { prefs } from '../choices.ts'
import { toggleNotify } from '../commands.ts'
import { agoText } from '../core/say.ts'
import { fetchAlerts } from '../io/api.ts'
import { alerts, delivery, firing, now } from '../store.ts'
import { dispatch } from '../wiring.ts'
import { AlertTable, Time } from './alert-list.tsx'

const ASKED = 200

function Channel(props: { channel: ChannelStatus }) {
  const { channel } = props
  const sent =
    channel.lastSentAt === null
      ? 'nothing sent yet'
      : `${channel.sent} sent, the last ${agoText(now.value - channel.lastSentAt)} ago`
  return (
    <li data-state={channel.state}>
      <b>{channel.doc}</b>
      <span>
        {channel.state === 'unused' ? 'not used' : sent}
        {channel.queued > 0 && `, ${channel.queued} waiting`}
      </span>
      {channel.error !== null && <span class="wrong">{channel.error}</span>}
      {channel.advice !== null && <span class="advice">{channel.advice}</span>}
    </li>
  )
}

function Recent(props: { recent: readonly DeliveryRecord[] }) {
  if (props.recent.length === 0) return null
  return (
    <details>
      <summary>What was sent, and what was not and why</summary>
      <ol class="events">
        {props.recent.map((record) => (
          <li key={`${record.id}${record.state}${record.at}${record.channel ?? ''}`}>
            <Time at={record.at} />
            <span class="kind">{record.outcome}</span>
            <span class="subject">{record.container ?? 'host'}</span>
            <span class="text">
              {record.rule} {record.state}: {record.why}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function DeliveryCard(props: { view: DeliveryView | null }) {
  const { view } = props
  return (
    <section class="card delivery">
      <h2 class="title">Delivery</h2>
      {view === null && (
        <p class="empty">
          No alert service is set up, so nobody is told. Alerts are kept in <code>logs/container_alerts.log</code>; set{' '}
          <code>ALERT_SERVICE_URL</code> to show its state here.
        </p>
      )}
      {view?.reachable === false && (
        <p class="trouble">
          The alert service has not answered for {agoText(now.value - view.since)}: {view.error}. Alerts are kept in the
          alert log and sent when it is back.
        </p>
      )}
      {view?.reachable && (
        <>
          <ul class="channels">
            {view.status.channels.map((channel) => (
              <Channel key={channel.name} channel={channel} />
            ))}
          </ul>
          {view.status.problems.map((problem) => (
            <p class="trouble" key={problem}>
              {problem}
            </p>
          ))}
          <Recent recent={view.status.recent} />
        </>
      )}
    </section>
  )
}

/** Firing now, delivery, and the history. */
export function AlertsPage() {
  useEffect(() => {
    void fetchAlerts(ASKED).then((got) => got.ok && dispatch({ kind: 'alerts', alerts: got.answer.alerts }))
  }, [])
  const open = firing.value
  const past = alerts.value.filter((alert) => alert.resolvedAt !== null).slice(0, ASKED)
  return (
    <main id="main">
      <header class="page-head">
        <h1>Alerts</h1>
        <button type="button" aria-pressed={prefs.value.notify} onClick={() => void toggleNotify()}>
          Browser notifications
        </button>
      </header>
      <section class="card">
        <h2 class="title">Firing now</h2>
        {open.length === 0 ? (
          <p class="empty">Nothing fires. Every container is within its marks.</p>
        ) : (
          <AlertTable alerts={open} withContainer={true} label="Firing now" />
        )}
      </section>
      <DeliveryCard view={delivery.value} />
      <section class="card">
        <h2 class="title">Before</h2>
        {past.length === 0 ? (
          <p class="empty">No alert has ended yet.</p>
        ) : (
          <AlertTable alerts={past} withContainer={true} label="Earlier alerts" />
        )}
      </section>
    </main>
  )
}
