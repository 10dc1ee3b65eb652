/** The container to show first, with all its instruments, above the fleet. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { prefs } from '../choices.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { toneOf } from '../core/say.ts'
import { alerts, containers, hello, severities } from '../store.ts'
import { AlertLines } from './alert-list.tsx'
import { Sentence } from './container.tsx'
import { Glyph } from './glyph.tsx'
import { Instruments } from './instruments.tsx'
import { useScope } from './scope-hook.ts'

function Watched(props: { view: ContainerView }) {
  const { view } = props
  const scope = useScope(view.name, LIVE)
  const own = alerts.value.filter((alert) => alert.container === view.name).slice(0, 4)
  return <Instruments view={view} scope={scope} beside={<AlertLines alerts={own} />} />
}

function toggle(): void {
  prefs.value = { ...prefs.value, watch: !prefs.value.watch }
}

/** `hello.target` in full; nothing without one. It can be folded away, and stays so. */
export function Watch() {
  const name = hello.value?.target ?? null
  const view = name === null ? undefined : containers.value.get(name)
  if (view === undefined) return null
  const open = prefs.value.watch
  const tone = toneOf(view, severities.value.get(view.name) ?? null)
  return (
    <section class="watch" aria-label={`Watched first: ${view.name}`}>
      <header class="banner" data-tone={tone}>
        <Glyph tone={tone} />
        <div>
          <h1>
            <a href={routeHash({ view: 'container', name: view.name, range: LIVE })}>{view.name}</a>
          </h1>
          <Sentence view={view} />
        </div>
        <button type="button" class="fold" aria-expanded={open} onClick={toggle}>
          {open ? 'Fold away' : 'Show instruments'}
        </button>
      </header>
      {open && <Watched key={view.name} view={view} />}
    </section>
  )
}
