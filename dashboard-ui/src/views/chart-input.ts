/** Pointer and keys on a chart: the shared crosshair, and a drag that zooms all charts to what it covers. */
import { useSignal } from '@preact/signals'
import { h, type RefObject } from 'preact'
import type { LineChart } from '../chart.ts'
import { pointedAt } from '../choices.ts'
import { go } from '../io/address.ts'
import type { Scope } from '../scope.ts'

/** A drag shorter than this is a click. */
const DRAG_PX = 8
/** Zooming in further shows nothing: two rounds of the sampler. */
const SHORTEST_MS = 4000

function zoom(scope: Scope, a: number | null, b: number | null): void {
  if (a === null || b === null || Math.abs(a - b) < SHORTEST_MS) return
  go({ view: 'container', name: scope.name, range: { kind: 'fixed', from: Math.min(a, b), to: Math.max(a, b) } })
}

function step(scope: Scope, event: KeyboardEvent): void {
  const { from, to } = scope.window.value
  const size = (to - from) / (event.shiftKey ? 15 : 150)
  if (event.key === 'Escape') pointedAt.value = null
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
  event.preventDefault()
  const next = (pointedAt.value ?? to) + (event.key === 'ArrowLeft' ? -size : size)
  pointedAt.value = Math.min(to, Math.max(from, next))
}

/** Handlers for a chart's plot, and the band that shows what a drag covers. */
export function useChartInput(scope: Scope, chart: RefObject<LineChart | null>) {
  const drag = useSignal<{ readonly from: number; readonly to: number } | null>(null)
  const x = (event: PointerEvent) => event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left
  const band = drag.value
  return {
    band:
      band !== null && Math.abs(band.to - band.from) > DRAG_PX
        ? h('span', {
            class: 'band',
            style: { left: `${Math.min(band.from, band.to)}px`, width: `${Math.abs(band.to - band.from)}px` },
          })
        : null,
    handlers: {
      onPointerMove: (event: PointerEvent) => {
        pointedAt.value = chart.current?.timeAt(x(event)) ?? null
        if (drag.value !== null) drag.value = { ...drag.value, to: x(event) }
      },
      onPointerLeave: () => {
        pointedAt.value = null
        drag.value = null
      },
      onPointerDown: (event: PointerEvent) => {
        if (event.button === 0 && event.pointerType === 'mouse') drag.value = { from: x(event), to: x(event) }
      },
      onPointerUp: () => {
        const done = drag.value
        drag.value = null
        if (done === null || Math.abs(done.to - done.from) <= DRAG_PX) return
        zoom(scope, chart.current?.timeAt(done.from) ?? null, chart.current?.timeAt(done.to) ?? null)
      },
      onKeyDown: (event: KeyboardEvent) => step(scope, event),
      onBlur: () => {
        pointedAt.value = null
      },
    },
  }
}
