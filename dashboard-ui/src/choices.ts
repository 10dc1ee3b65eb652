/** What this reader chose: the theme, the fleet's order and filter, the shared crosshair. */

import type { EpochMs } from '@plimsoll/contracts/time'
import { effect, signal } from '@preact/signals'
import { type Choice, FIRST_CHOICE } from './core/fleet.ts'
import { readPrefs, type Theme, writePrefs } from './io/prefs.ts'
import { themeTurns } from './io/sight.ts'

export const prefs = signal(readPrefs())
export const choice = signal<Choice>(FIRST_CHOICE)

/** The time under the reader's pointer or arrow keys: one crosshair for all charts. */
export const pointedAt = signal<EpochMs | null>(null)

/** Whether the list of keys is open; the command palette. */
export const keysOpen = signal(false)
export const paletteOpen = signal(false)

export function choose(part: Partial<Choice>): void {
  choice.value = { ...choice.value, ...part }
}

/** Follows the system, then light, then dark. */
export function nextTheme(): void {
  const order: readonly Theme[] = ['system', 'light', 'dark']
  const next = order[(order.indexOf(prefs.value.theme) + 1) % order.length] ?? 'system'
  prefs.value = { ...prefs.value, theme: next }
}

effect(() => {
  writePrefs(prefs.value)
  const { theme } = prefs.value
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  themeTurns.value = themeTurns.peek() + 1
})
