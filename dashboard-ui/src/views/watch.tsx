/** The container to show first, with all its instruments, above the fleet. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { computed } from '@preact/signals'
import { prefs } from '../choices.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { toneOf } from '../core/say.ts'
import { containers, hello, severities } from '../store.ts'
import { Sentence } from './container.tsx'
import { Glyph } from './glyph.tsx'
import { Instruments } from './instruments.tsx'
import { useScope } from './scope-hook.ts'

function Watched(props: { view: ContainerView }) {
  const { view } = props
  const scope = useScope(view.name, LIVE)
  return <Instruments view={view} scope={scope} newest={4} />
}

function toggle(): void {
  prefs.value = { ...prefs.value, watch: !prefs.value.watch }
}

/** The first health target; without one the first container that is asked for its health. */
export const watched = computed((): ContainerView | null => {
  const named = containers.value.get(hello.value?.target ?? '')
  if (named !== undefined) return named
  // The one known longest: it stays the same while others come and go.
  const asked = [...containers.value.values()].filter(({ probe }) => probe !== null)
  return asked.reduce<ContainerView | null>(
    (first, view) => (first === null || view.no < first.no ? view : first),
    null,
  )
})

/** `watched` in full; nothing without one. It can be folded away, and stays so. */
export function Watch() {
  const view = watched.value
  if (view === null) return null
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
