/** What the command palette can do: every view, every container, every choice. */
import { choice, choose, keysOpen, nextTheme, prefs } from './choices.ts'
import { fleetCsv } from './core/csv.ts'
import { LIVE, type Route } from './core/route.ts'
import { stateText } from './core/say.ts'
import { go } from './io/address.ts'
import { download } from './io/download.ts'
import { mayNotify } from './io/notify.ts'
import { containers, latest } from './store.ts'

export interface Command {
  readonly id: string
  readonly text: string
  readonly note: string
  readonly run: () => void
}

/** The fleet as it stands, as a file. */
export function downloadFleet(): void {
  download('plimsoll-fleet.csv', fleetCsv([...containers.value.values()], latest.value))
}

/** Turns browser notifications on, if the reader allows them, or off. */
export async function toggleNotify(): Promise<void> {
  const notify = prefs.value.notify ? false : await mayNotify()
  prefs.value = { ...prefs.value, notify }
}

const views: readonly (readonly [string, Route])[] = [
  ['Fleet', { view: 'fleet' }],
  ['Alerts', { view: 'alerts' }],
  ['Events', { view: 'events' }],
  ['Host', { view: 'host' }],
  ['Wall', { view: 'wall' }],
]

function actions(): readonly Command[] {
  const { troubledOnly, stoppedToo } = choice.value
  return [
    {
      id: 'x',
      text: troubledOnly ? 'Show all containers' : 'Show only troubled ones',
      note: 'x',
      run: () => choose({ troubledOnly: !troubledOnly }),
    },
    {
      id: 's',
      text: stoppedToo ? 'Hide stopped ones' : 'Show stopped ones too',
      note: 's',
      run: () => choose({ stoppedToo: !stoppedToo }),
    },
    { id: 'csv', text: 'Download the fleet as CSV', note: '', run: downloadFleet },
    {
      id: 'notify',
      text: prefs.value.notify ? 'Stop browser notifications' : 'Notify me when something fires',
      note: '',
      run: () => void toggleNotify(),
    },
    { id: 't', text: 'Change the colours', note: 't', run: nextTheme },
    {
      id: 'keys',
      text: 'List the keys',
      note: '?',
      run: () => {
        keysOpen.value = true
      },
    },
  ]
}

/** Commands that hold every word of `query`, containers first when something is asked for; at most 12. */
export function commandsFor(query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const open = [...containers.value.values()].map(
    (view): Command => ({
      id: `c-${view.name}`,
      text: view.name,
      note: stateText(view),
      run: () => go({ view: 'container', name: view.name, range: LIVE }),
    }),
  )
  const places = views.map(([text, to]): Command => ({ id: `v-${to.view}`, text, note: 'view', run: () => go(to) }))
  const all = words.length === 0 ? [...places, ...actions(), ...open] : [...open, ...places, ...actions()]
  return all.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word))).slice(0, 12)
}
