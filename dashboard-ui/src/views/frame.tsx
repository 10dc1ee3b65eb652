/** What stands around every view: the header with the state of the connection, banners, the footer. */
import { memoryText, percentText } from '@plimsoll/contracts/text'
import { keysOpen, nextTheme, prefs } from '../choices.ts'
import { momentText } from '../clock.ts'
import { agoText, engineTrouble } from '../core/say.ts'
import { route } from '../io/address.ts'
import { status } from '../status.ts'
import { delivery, engine, firing, latest, link, machine, now, reload, silent, stale } from '../store.ts'
import { Logo } from './mark.tsx'

/** One of three honest states. */
function LinkState() {
  const at = latest.value?.at ?? null
  if (link.value.state === 'connecting')
    return (
      <p class="link" data-link="connecting" role="status">
        connecting
      </p>
    )
  const since = link.value.state === 'lost' ? link.value.since : at
  return (
    <p class="link" data-link={stale.value ? 'stale' : 'live'} role="status">
      {stale.value ? `stale since ${since === null ? 'the start' : momentText(since, now.value)}` : 'live'}
    </p>
  )
}

function Tabs() {
  const { view } = route.value
  const count = firing.value.length
  const critical = firing.value.some((alert) => alert.severity === 'critical')
  const current = (name: string) => (view === name ? 'page' : undefined)
  return (
    <nav class="tabs" aria-label="Views">
      <a href="#/" aria-current={view === 'container' || view === 'logs' ? 'true' : current('fleet')}>
        Fleet
      </a>
      <a href="#/alerts" aria-current={view === 'alert' ? 'true' : current('alerts')}>
        Alerts
        {count > 0 && (
          <b class="count" data-severity={critical ? 'critical' : 'warning'}>
            {count}
          </b>
        )}
      </a>
      <a href="#/events" aria-current={current('events')}>
        Events
      </a>
      <a href="#/host" aria-current={current('host')}>
        Host
      </a>
    </nav>
  )
}

export function Header() {
  const host = machine.value?.host ?? null
  const { theme } = prefs.value
  return (
    <header class="top">
      <a class="skip" href="#main">
        To the content
      </a>
      <a class="brand" href="#/">
        <Logo />
        Plimsoll
      </a>
      <Tabs />
      <p class="host">{host}</p>
      <LinkState />
      <button
        type="button"
        class="tool"
        onClick={nextTheme}
        aria-label={`Colours: ${theme}. Change`}
        title={`Colours: ${theme} (t)`}
      >
        {theme === 'system' ? '◐' : theme === 'light' ? '○' : '●'}
      </button>
      <button
        type="button"
        class="tool"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => {
          keysOpen.value = true
        }}
      >
        ?
      </button>
    </header>
  )
}

/** What must be said above everything: a reload, a lost monitor, an engine that is away. */
export function Banners() {
  const trouble = engineTrouble(engine.value, now.value)
  const lost = link.value.state === 'lost'
  return (
    <div class="banners" aria-live="polite">
      {reload.value !== 'none' && (
        <p class="notice">
          {reload.value === 'required'
            ? 'The monitor speaks a newer language than this page.'
            : 'A newer version of this page is there.'}{' '}
          <button type="button" onClick={() => window.location.reload()}>
            Reload
          </button>
        </p>
      )}
      {lost && (
        <p class="notice">
          The monitor does not answer. What is shown is from before; the page reconnects by itself and fetches what it
          missed.
        </p>
      )}
      {!lost && silent.value && trouble === null && (
        <p class="notice">Connected, but no numbers come. The monitor’s own log (container_monitor.log) says why.</p>
      )}
      {!lost && trouble !== null && (
        <p class="notice">
          <b>{trouble.what}.</b> {trouble.next}
        </p>
      )}
    </div>
  )
}

function deliveryText(): string {
  const view = delivery.value
  if (view === null) return 'nobody is told of alerts: no alert service'
  if (!view.reachable) return `alert service away for ${agoText(now.value - view.since)}`
  const used = view.status.channels.filter((channel) => channel.state !== 'unused')
  return used.map((channel) => channel.doc).join('; ') || 'no channel is set up'
}

/** What watching costs, and where alerts go. */
export function Footer() {
  const view = status.value
  const more = view?.cost?.engineEstimatePercent
  return (
    <footer class="foot">
      <p>
        {view === null
          ? 'Own cost unknown'
          : `Watching costs ${percentText(view.own.cpuPercent)} of a core and ${memoryText(view.own.rssBytes)}${more == null ? '' : `, the engine about ${percentText(more)}`}, every ${view.sampler.intervalMs / 1000} s`}
      </p>
      <p>Alerts: {deliveryText()}</p>
      <p>Build {view?.build ?? __BUILD__}</p>
    </footer>
  )
}
