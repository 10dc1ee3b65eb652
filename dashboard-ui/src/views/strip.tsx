/** The up/down strip: exactly when a container was away, each outage to the second with its reason. */
import type { Span } from '@plimsoll/contracts/container'
import { durationText, percentText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import { useSignal } from '@preact/signals'
import { momentText } from '../clock.ts'
import { isAway, isPlanned, outages, type Placed, placed, uptimeShare } from '../core/spans.ts'
import type { Scope } from '../scope.ts'
import { latest, monitorNow, now } from '../store.ts'

function kindOf(span: Span): string {
  return span.condition === 'down' && isPlanned(span) ? 'planned' : span.condition
}

/** `away 13:02:11 – 13:02:34 (23 s): killed (SIGKILL)`. */
export function spanText(span: Span, at: EpochMs): string {
  const words = { up: 'up', down: 'away', paused: 'paused', unknown: 'unknown' }[span.condition]
  const end = span.to === null ? 'now' : momentText(span.to, at)
  return `${words} ${momentText(span.from, at)} – ${end} (${durationText((span.to ?? at) - span.from)}): ${span.why}`
}

function Piece(props: { placed: Placed; at: EpochMs; onPoint: (text: string | null) => void }) {
  const { span, left, width } = props.placed
  const text = spanText(span, props.at)
  const style = { left: `${(left * 100).toFixed(3)}%`, width: `${(width * 100).toFixed(3)}%` }
  if (span.condition === 'up') return <span class="piece" data-kind="up" style={style} />
  return (
    <button
      type="button"
      class="piece"
      data-kind={kindOf(span)}
      style={style}
      aria-label={text}
      onPointerEnter={() => props.onPoint(text)}
      onPointerLeave={() => props.onPoint(null)}
      onFocus={() => props.onPoint(text)}
      onBlur={() => props.onPoint(null)}
    />
  )
}

/** Without a pointer the strip tells of the newest outage. */
function lastWords(spans: readonly Span[], at: EpochMs): string {
  const last = outages(spans)[0]
  return last === undefined ? '' : `last ${spanText(last, at)}`
}

/** The strip over the charts' window. What is pointed at or focused is said in the line below it. */
export function Strip(props: { scope: Scope }) {
  const said = useSignal<string | null>(null)
  const range = props.scope.window.value
  const spans = props.scope.life.value
  const at = Math.max(now.value, latest.value?.at ?? 0)
  // The live window ends a moment ahead of the clock, at the next round: what lasts reaches to its end.
  const end = props.scope.range.kind === 'live' ? range.to : at
  const share = uptimeShare(spans, range, end)
  const away = placed(spans, range, end).filter(({ span }) => isAway(span)).length
  const often = away === 0 ? 'never away' : away === 1 ? 'away once' : `away ${away} times`
  return (
    <section class="card strip" aria-label="Up and down">
      <header>
        <h2>Up and down</h2>
        <p class="legend">
          {share === null ? 'unknown' : `up ${percentText(share * 100, share > 0.9995 ? 0 : 2)}`}, {often}
        </p>
      </header>
      <div class="strip-bar">
        {placed(spans, range, end).map((piece) => (
          <Piece
            key={piece.span.from}
            placed={piece}
            at={at}
            onPoint={(text) => {
              said.value = text
            }}
          />
        ))}
      </div>
      <p class="strip-ends">
        <span>{momentText(range.from, at)}</span>
        <span class="strip-said" aria-live="polite">
          {said.value ?? lastWords(spans, at)}
        </span>
        <span>{momentText(range.to, at)}</span>
      </p>
    </section>
  )
}

/** The outages of the window as a list, newest first. */
export function Outages(props: { scope: Scope }) {
  const list = outages(props.scope.life.value).slice(0, 50)
  const at = Math.max(now.value, monitorNow() - 2000)
  return (
    <section class="card">
      <h2>Outages</h2>
      {list.length === 0 ? (
        <p class="empty">None in what is remembered.</p>
      ) : (
        <div class="scroll">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Away from</th>
                <th scope="col">to</th>
                <th scope="col" class="num">
                  for
                </th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {list.map((span) => (
                <tr key={span.from}>
                  <td class="time">{momentText(span.from, at)}</td>
                  <td class="time">{span.to === null ? 'still away' : momentText(span.to, at)}</td>
                  <td class="num">{durationText((span.to ?? at) - span.from)}</td>
                  <td>{span.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
