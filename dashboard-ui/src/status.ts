/** How the monitor itself is, asked for every 15 seconds while the page is seen. */
import type { StatusAnswer } from '@plimsoll/contracts/http'
import { signal } from '@preact/signals'
import { fetchStatus } from './io/api.ts'

const EVERY_MS = 15_000

export const status = signal<StatusAnswer | null>(null)

async function ask(): Promise<void> {
  if (document.hidden) return
  const got = await fetchStatus()
  if (got.ok) status.value = got.answer
}

/** Begins to ask. */
export function startStatus(): void {
  void ask()
  setInterval(() => void ask(), EVERY_MS)
}
