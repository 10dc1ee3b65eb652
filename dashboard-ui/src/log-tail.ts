/** A container's log, asked for again every two seconds while it is watched; what is new goes below what is known. */
import { type ReadonlySignal, signal } from '@preact/signals'
import { continued, type Line } from './core/logs.ts'
import { fetchLogs } from './io/api.ts'

const EVERY_MS = 2000
/** Asked for at first and after a gap, and then for what is new. */
const TAIL = { first: 1000, next: 200 } as const

export interface LogTail {
  readonly lines: ReadonlySignal<readonly Line[]>
  /** Why there is no log, in words; `null` while there is. */
  readonly why: ReadonlySignal<string | null>
  readonly asked: ReadonlySignal<boolean>
  /** While it is paused nothing is asked for: what is on the screen stays there. */
  readonly paused: { value: boolean }
  /** Begins to ask; answers with the way to stop. */
  start(): () => void
}

export function newLogTail(name: string): LogTail {
  const lines = signal<readonly Line[]>([])
  const why = signal<string | null>(null)
  const asked = signal(false)
  const paused = signal(false)
  let tail: number = TAIL.first
  const ask = async (): Promise<void> => {
    const got = await fetchLogs(name, tail)
    asked.value = true
    why.value = got.ok ? null : got.why
    if (!got.ok || paused.value) return
    const next = continued(lines.value, got.answer.lines)
    tail = next.gap && tail === TAIL.next ? TAIL.first : TAIL.next
    lines.value = next.lines
  }
  const start = () => {
    let open = true
    let timer: ReturnType<typeof setTimeout>
    // The next question is asked two seconds after the last answer: a slow engine is not asked twice at once.
    const turn = async (): Promise<void> => {
      if (!document.hidden && !paused.value) await ask()
      if (open) timer = setTimeout(() => void turn(), EVERY_MS)
    }
    void turn()
    return () => {
      open = false
      clearTimeout(timer)
    }
  }
  return { lines, why, asked, paused, start }
}
