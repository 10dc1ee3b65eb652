/** What fires now, what fired, and where word of it went. */
import { useEffect } from 'preact/hooks'
import { prefs } from '../choices.ts'
import { toggleNotify } from '../commands.ts'
import { fetchAlerts } from '../io/api.ts'
import { alerts, delivery, firing } from '../store.ts'
import { dispatch } from '../wiring.ts'
import { AlertTable } from './alert-list.tsx'
import { DeliveryCard } from './delivery.tsx'
import { Silences } from './silences.tsx'

const ASKED = 200

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
      <Silences />
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
