/** What the keyboard does. */
import { choice, choose, keysOpen, nextTheme, paletteOpen, pointedAt } from './choices.ts'
import { LIVE, REACHES, type Reach } from './core/route.ts'
import { go, route } from './io/address.ts'
import { containers, hello } from './store.ts'

export const KEYS: readonly { readonly key: string; readonly doc: string }[] = [
  { key: '/', doc: 'filter the fleet' },
  { key: 'j k', doc: 'next and previous container' },
  { key: 'Enter', doc: 'open the container' },
  { key: 'f a e h w', doc: 'fleet, alerts, events, host, wall' },
  { key: 'c', doc: 'command palette, also Ctrl+K' },
  { key: 'x', doc: 'only troubled ones' },
  { key: 's', doc: 'stopped ones too' },
  { key: 'l', doc: 'the log of the container' },
  { key: '1 … 6', doc: 'live, 1 h, 6 h, 24 h, 7 d, 30 d' },
  { key: '← →', doc: 'on a chart: move the crosshair, with Shift faster' },
  { key: 'Esc', doc: 'back to live, then to the fleet' },
  { key: 't', doc: 'light, dark, as the system has it' },
  { key: '?', doc: 'this list' },
]

function focusFilter(): void {
  const filter = document.querySelector<HTMLInputElement>('#filter')
  // At once where it stands, so that what is typed next goes into it.
  if (filter !== null) filter.focus()
  else {
    go({ view: 'fleet' })
    setTimeout(() => document.querySelector<HTMLInputElement>('#filter')?.focus(), 50)
  }
}

/** The next row of the fleet, or the next container when one is open. */
function next(by: 1 | -1): void {
  const at = route.value
  if (at.view === 'container') {
    const names = [...containers.value.keys()].sort()
    const name = names[(names.indexOf(at.name) + by + names.length) % names.length]
    if (name !== undefined) go({ ...at, name })
    return
  }
  const links = [...document.querySelectorAll<HTMLElement>('.fleet th a')]
  const here = links.indexOf(document.activeElement as HTMLElement)
  links[here === -1 ? (by === 1 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + by))]?.focus()
}

function back(): void {
  const at = route.value
  if (pointedAt.value !== null) pointedAt.value = null
  else if (at.view === 'container' && (at.range.kind === 'fixed' || at.range.reach !== '15m'))
    go({ ...at, range: LIVE })
  else if (at.view === 'logs') go({ view: 'container', name: at.name, range: LIVE })
  else if (at.view === 'alert') go({ view: 'alerts' })
  else if (at.view !== 'fleet') go({ view: 'fleet' })
  else choose({ filter: '', troubledOnly: false })
}

function reach(place: number): void {
  const at = route.value
  const reach = (Object.keys(REACHES) as Reach[])[place]
  if (at.view !== 'container' || reach === undefined) return
  if (place > 0 && REACHES[reach] * 60_000 > (hello.value?.historyMs ?? 0) * 1.01) return
  go({ ...at, range: { kind: 'live', reach } })
}

const actions: Readonly<Record<string, () => void>> = {
  '/': focusFilter,
  '?': () => {
    keysOpen.value = true
  },
  j: () => next(1),
  k: () => next(-1),
  f: () => go({ view: 'fleet' }),
  a: () => go({ view: 'alerts' }),
  e: () => go({ view: 'events' }),
  h: () => go({ view: 'host' }),
  w: () => go({ view: 'wall' }),
  l: () => {
    const at = route.value
    if (at.view === 'container') go({ view: 'logs', name: at.name, at: null })
  },
  c: () => {
    paletteOpen.value = true
  },
  x: () => choose({ troubledOnly: !choice.value.troubledOnly }),
  s: () => choose({ stoppedToo: !choice.value.stoppedToo }),
  t: nextTheme,
  Escape: back,
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    paletteOpen.value = !paletteOpen.value
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  // By the dialog itself: its close event comes later than the next key of a fast hand.
  if (document.querySelector('dialog[open]') !== null) return
  const target = event.target
  if (target instanceof HTMLInputElement) {
    if (event.key === 'Escape') {
      if (route.value.view === 'fleet') choose({ filter: '' })
      target.blur()
    }
    return
  }
  const action = /^[1-6]$/.test(event.key) ? () => reach(Number(event.key) - 1) : actions[event.key]
  if (action === undefined) return
  event.preventDefault()
  action()
}

/** Begins to listen to the keyboard. */
export function listenToKeys(): void {
  document.addEventListener('keydown', onKey)
}
