/** Which elements are on the screen: one observer for all of them, so that what is not seen is not redrawn. */
import { type Signal, signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

const watched = new Map<Element, Signal<boolean>>()
const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const seen = watched.get(entry.target)
      if (seen !== undefined) seen.value = entry.isIntersecting
    }
  },
  { rootMargin: '600px' },
)

/** A ref for an element, and whether it is on the screen or close to it. */
export function useSight<E extends Element>() {
  const ref = useRef<E>(null)
  const seen = useSignal(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    watched.set(element, seen)
    observer.observe(element)
    return () => {
      observer.unobserve(element)
      watched.delete(element)
    }
  }, [seen])
  return { ref, seen }
}

/** Whether the page is being printed or shown on the dark side: colours on canvases are read anew when this counts. */
export const themeTurns = signal(0)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  themeTurns.value++
})
