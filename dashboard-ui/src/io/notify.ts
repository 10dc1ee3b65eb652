/** Notifications of the browser, only when asked for. */
import type { AlertView } from '@plimsoll/contracts/alert'

/** Asks the reader once; answers whether notifications may be shown. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in globalThis)) return false
  if (Notification.permission === 'default') return (await Notification.requestPermission()) === 'granted'
  return Notification.permission === 'granted'
}

/** Tells of an alert that began to fire. A second telling of the same alert replaces the first. */
export function notify(alert: AlertView): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  const title = `${alert.rule}${alert.container === null ? '' : `: ${alert.container}`}`
  const shown = new Notification(title, { body: alert.summary, tag: alert.id, icon: `./icon-${alert.severity}.svg` })
  shown.onclick = () => {
    window.focus()
    if (alert.container !== null) location.hash = `#/containers/${encodeURIComponent(alert.container)}`
  }
}
