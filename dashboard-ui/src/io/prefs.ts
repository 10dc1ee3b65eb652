/** What this reader chose and the browser remembers. Storage that is refused is not an error: nothing is remembered. */
export type Theme = 'system' | 'light' | 'dark'

export interface Prefs {
  readonly theme: Theme
  /** Whether the watched container's instruments stand above the fleet. */
  readonly watch: boolean
  /** Whether the browser tells of what begins to fire. */
  readonly notify: boolean
}

const KEY = 'plimsoll'
const FALLBACK: Prefs = { theme: 'system', watch: true, notify: false }

/** The remembered choices; what is missing or broken is the fallback. */
export function readPrefs(): Prefs {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Prefs, unknown>>
    return {
      theme: stored.theme === 'dark' || stored.theme === 'light' ? stored.theme : 'system',
      watch: stored.watch !== false,
      notify: stored.notify === true,
    }
  } catch {
    return FALLBACK
  }
}

export function writePrefs(prefs: Prefs): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs))
  } catch {
    // A browser that refuses storage still shows the choice until it is closed.
  }
}
