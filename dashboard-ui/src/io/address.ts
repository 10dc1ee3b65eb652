/** The address bar: where the page is, as a signal. */
import { signal } from '@preact/signals'
import { parseRoute, type Route, routeHash } from '../core/route.ts'

export const route = signal<Route>(parseRoute(location.hash))

window.addEventListener('hashchange', () => {
  const before = route.value
  route.value = parseRoute(location.hash)
  // Another view begins at its top; another stretch of time of the same container does not move the page.
  const next = route.value
  const same =
    before.view === next.view &&
    (before.view !== 'container' || (next.view === 'container' && before.name === next.name))
  if (!same) scrollTo(0, 0)
})

/** Goes there, as a link would: the reader's way back works. */
export function go(next: Route): void {
  location.hash = routeHash(next)
}
