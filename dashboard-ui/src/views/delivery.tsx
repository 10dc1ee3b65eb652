/** Where word of alerts went: the channels, and what was sent or not and why. */
import type { ChannelStatus, DeliveryRecord } from '@plimsoll/contracts/delivery'
import type { DeliveryView } from '@plimsoll/contracts/http'
import { agoText } from '../core/say.ts'
import { now } from '../store.ts'
import { Time } from './alert-list.tsx'

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

/** What was decided about lines of the alert log, newest first, with the reason. */
export function DeliveryLines(props: { recent: readonly DeliveryRecord[] }) {
  return (
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
  )
}

export function DeliveryCard(props: { view: DeliveryView | null }) {
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
          {view.status.recent.length > 0 && (
            <details>
              <summary>What was sent, and what was not and why</summary>
              <DeliveryLines recent={view.status.recent} />
            </details>
          )}
        </>
      )}
    </section>
  )
}
