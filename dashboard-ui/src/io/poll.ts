/** An answer that is asked for again and again while its view is open and the page is seen. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Fetched } from './api.ts'

export interface Polled<T> {
  /** The newest answer; `null` before the first. */
  readonly answer: T | null
  /** Why the last question had no answer; `null` when it had. */
  readonly why: string | null
}

/** Asks at once and every `everyMs`; anew when `key` changes. */
export function usePoll<T>(ask: () => Promise<Fetched<T>>, everyMs: number, key: string): Polled<T> {
  const state = useSignal<Polled<T>>({ answer: null, why: null })
  useEffect(() => {
    let open = true
    const once = async () => {
      if (document.hidden) return
      const got = await ask()
      if (open) state.value = got.ok ? { answer: got.answer, why: null } : { answer: state.value.answer, why: got.why }
    }
    state.value = { answer: null, why: null }
    void once()
    const timer = setInterval(() => void once(), everyMs)
    return () => {
      open = false
      clearInterval(timer)
    }
  }, [key, everyMs])
  return state.value
}
