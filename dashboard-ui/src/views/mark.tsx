/** Level bars and dials, each with the Plimsoll mark where its rule fires. */
import { percentText } from '@plimsoll/contracts/text'
import { type ReadonlySignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { barZone, fillOf, HIGH_PERCENT, WARN_PERCENT, zoneOf } from '../core/level.ts'

/** The product's own picture: the ring with the line through it. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="9.5" />
      <path d="M2 16h28" />
    </svg>
  )
}

/** A bar filled to `percent`, with the mark at `mark`. The number beside it says the same, so it is hidden from readers. */
export function Level(props: { percent: ReadonlySignal<number | null>; mark: number | null }) {
  const bar = useRef<HTMLSpanElement>(null)
  const { percent, mark } = props
  useSignalEffect(() => {
    const value = percent.value
    bar.current?.style.setProperty('--fill', fillOf(value).toFixed(3))
    const zone = barZone(value, props.mark)
    if (bar.current !== null && bar.current.dataset.zone !== zone) bar.current.dataset.zone = zone
  })
  return (
    <span class="level" ref={bar} aria-hidden="true">
      <span class="level-track">
        <span class="level-fill" />
      </span>
      {mark !== null && (
        <svg aria-hidden="true" class="level-mark" viewBox="0 0 10 18" style={{ left: `${mark}%` }}>
          <path d="M5 0v18" />
          <circle cx="5" cy="9" r="3.4" />
        </svg>
      )}
    </span>
  )
}

const START = 150
const SWEEP = 240

function at(share: number, radius: number): string {
  const angle = ((START + SWEEP * share) * Math.PI) / 180
  return `${(100 + radius * Math.cos(angle)).toFixed(2)} ${(92 + radius * Math.sin(angle)).toFixed(2)}`
}

function arc(from: number, to: number, radius: number): string {
  const large = (to - from) * SWEEP > 180 ? 1 : 0
  return `M${at(from, radius)}A${radius} ${radius} 0 ${large} 1 ${at(to, radius)}`
}

const warn = WARN_PERCENT / 100
const high = HIGH_PERCENT / 100
const WHOLE = arc(0, 1, 72)
const TICKS = Array.from({ length: 11 }, (_, i) => `M${at(i / 10, 58)}L${at(i / 10, i % 5 === 0 ? 51 : 54)}`).join('')

function DialFace() {
  return (
    <>
      <path class="dial-zone" data-zone="calm" d={arc(0, warn - 0.008, 84)} />
      <path class="dial-zone" data-zone="warn" d={arc(warn + 0.008, high - 0.008, 84)} />
      <path class="dial-zone" data-zone="high" d={arc(high + 0.008, 1, 84)} />
      <path class="dial-ticks" d={TICKS} />
      <path class="dial-track" d={WHOLE} />
    </>
  )
}

function DialMark(props: { share: number }) {
  const [x, y] = at(props.share, 72).split(' ')
  return (
    <g class="dial-mark">
      <path d={`M${at(props.share, 61)}L${at(props.share, 91)}`} />
      <circle cx={x} cy={y} r="5" />
    </g>
  )
}

/** An instrument for one level: green to 60 %, yellow to 80 %, red above, and what the number means below it. */
export function Dial(props: {
  label: string
  percent: number | null
  mark: number | null
  note: string
  hint: string
}) {
  const { label, percent, mark, note } = props
  const zone = zoneOf(percent)
  const marked = mark === null ? 'no mark within reach' : `mark at ${percentText(mark, 0)}`
  const [whole = '–', unit = ''] = percent === null ? ['–', ''] : percentText(percent).split(' ')
  return (
    <figure class="dial" data-zone={zone} title={props.hint}>
      <svg viewBox="5 1 190 146" role="img" aria-label={`${label}: ${percentText(percent)}, ${marked}`}>
        <DialFace />
        {percent !== null && <path class="dial-value" d={arc(0, Math.max(0.002, fillOf(percent)), 72)} />}
        {mark !== null && <DialMark share={mark / 100} />}
        <text class="dial-label" x="100" y="66">
          {label}
        </text>
        <text class="dial-number" x="100" y="104">
          {whole}
          {unit !== '' && (
            <tspan class="dial-unit" dx="3">
              {unit}
            </tspan>
          )}
        </text>
      </svg>
      <figcaption>{note}</figcaption>
    </figure>
  )
}
