/** Where the store meets the tab: what fires is told to its title and icon at once, also while the page is hidden. */

import { prefs } from './choices.ts'
import { titleText } from './core/say.ts'
import type { State } from './core/state.ts'
import { route } from './io/address.ts'
import { notify } from './io/notify.ts'
import { makeDispatch } from './store.ts'

let alerts: State['alerts'] = []

function tell(): void {
  const where = route.value.view === 'container' ? route.value.name : null
  document.title = titleText(alerts, where)
  const open = alerts.filter((alert) => alert.resolvedAt === null)
  const worst = open.some((alert) => alert.severity === 'critical') ? 'critical' : open.length > 0 ? 'warning' : 'calm'
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const href = `./icon-${worst}.svg`
  if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href)
}

route.subscribe(tell)

/** What comes in goes here. */
export const dispatch = makeDispatch((state, action) => {
  // Only what begins now: a snapshot repeats what the reader has been told.
  const fresh = action.kind === 'alert' && action.alert.resolvedAt === null && action.alert.suppressed === undefined
  if (fresh && prefs.value.notify && !alerts.some(({ id }) => id === action.alert.id)) notify(action.alert)
  alerts = state.alerts
  tell()
})
