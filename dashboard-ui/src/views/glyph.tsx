/** Small pictures whose shape, not only their colour, says how a thing is. */
import type { Tone } from '../core/say.ts'

const shapes: Readonly<Record<Tone, string>> = {
  good: 'M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z',
  warn: 'M8 2.2 14.2 13.2H1.8z',
  bad: 'M5 1.6h6L14.4 5v6L11 14.4H5L1.6 11V5z',
  quiet: 'M4.2 4.2h7.6v7.6H4.2z',
}

/** A dot for good, a triangle for a warning, an octagon for bad, a hollow square for what does not run. */
export function Glyph(props: { tone: Tone }) {
  return (
    <svg class="glyph" data-tone={props.tone} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[props.tone]} />
    </svg>
  )
}
