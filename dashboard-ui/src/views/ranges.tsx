/** The stretch of time that all charts of a container show: live, a reach back from now, or two times of one's own. */
import { useSignal } from '@preact/signals'
import { momentText } from '../clock.ts'
import { seriesCsv } from '../core/csv.ts'
import { LIVE, REACHES, type Reach, routeHash } from '../core/route.ts'
import { go } from '../io/address.ts'
import { download } from '../io/download.ts'
import type { Scope } from '../scope.ts'
import { hello, now } from '../store.ts'

/** A time as `<input type="datetime-local">` wants it: in the reader's zone, without one. */
function localInput(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function OwnRange(props: { scope: Scope; close: () => void }) {
  const { from, to } = props.scope.window.peek()
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const [begin, end] = [Date.parse(String(form.get('from'))), Date.parse(String(form.get('to')))]
    if (!(begin < end)) return
    props.close()
    go({ view: 'container', name: props.scope.name, range: { kind: 'fixed', from: begin, to: end } })
  }
  return (
    <form class="own-range" onSubmit={onSubmit}>
      <label>
        from <input type="datetime-local" name="from" required defaultValue={localInput(from)} />
      </label>
      <label>
        to <input type="datetime-local" name="to" required defaultValue={localInput(to)} />
      </label>
      <button type="submit">Show</button>
    </form>
  )
}

function Fixed(props: { scope: Scope }) {
  const { name, range } = props.scope
  if (range.kind !== 'fixed') return null
  return (
    <span class="fixed">
      {momentText(range.from, now.value)} – {momentText(range.to, now.value)}{' '}
      <a href={routeHash({ view: 'container', name, range: LIVE })}>back to live</a>
    </span>
  )
}

export function RangeBar(props: { scope: Scope }) {
  const { scope } = props
  const { name, range } = scope
  const own = useSignal(false)
  // A reach the monitor does not remember is not offered.
  const reachable = (Object.keys(REACHES) as Reach[]).filter(
    (reach) => reach === '15m' || REACHES[reach] * 60_000 <= (hello.value?.historyMs ?? 0) * 1.01,
  )
  const toggle = () => {
    own.value = !own.value
  }
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
      <button type="button" aria-expanded={own.value} onClick={toggle}>
        own
      </button>
      <Fixed scope={scope} />
      <a class="aside-link" href={routeHash({ view: 'logs', name, at: range.kind === 'fixed' ? range.from : null })}>
        Log
      </a>
      <button
        type="button"
        class="csv"
        onClick={() => download(`${name}.csv`, seriesCsv(scope.source(), scope.window.value))}
      >
        CSV
      </button>
      {own.value && <OwnRange scope={scope} close={toggle} />}
    </nav>
  )
}
