/** What a container writes: a live tail with pause, search, level colours, wrapping, and a jump to a moment. */
import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type Line, lineAt, matching } from '../core/logs.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { newLogTail } from '../log-tail.ts'
import { LogRow } from './log-row.tsx'

/** Keeps the newest line in view while the reader is at the end; jumps once to the asked moment. */
function useFollow(lines: readonly Line[], at: number | null) {
  const list = useRef<HTMLOListElement>(null)
  const following = useSignal(at === null)
  const jumped = useRef(false)
  useEffect(() => {
    if (at !== null && !jumped.current && lines.length > 0) {
      jumped.current = true
      const line = lineAt(lines, at)
      const row = line === null ? null : document.getElementById(`line-${line.no}`)
      row?.scrollIntoView({ block: 'center' })
      row?.setAttribute('data-asked', 'true')
    } else if (following.value && list.current !== null) list.current.scrollTop = list.current.scrollHeight
  }, [lines, at])
  const onScroll = () => {
    const el = list.current
    if (el !== null) following.value = el.scrollHeight - el.scrollTop - el.clientHeight < 40
  }
  const toEnd = () => {
    following.value = true
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight
  }
  return { list, following, onScroll, toEnd }
}

function Empty(props: { why: string | null; asked: boolean; filtered: boolean }) {
  if (props.why !== null) return <p class="empty">The log cannot be shown: {props.why}.</p>
  if (!props.asked) return <p class="empty">Asking the engine.</p>
  return <p class="empty">{props.filtered ? 'No line holds these words.' : 'It has written nothing yet.'}</p>
}

/** `#/containers/NAME/logs?at=…`. */
export function LogsPage(props: { name: string; at: number | null }) {
  const { name, at } = props
  const tail = useMemo(() => newLogTail(name), [name])
  useEffect(() => tail.start(), [tail])
  const query = useSignal('')
  const wrap = useSignal(true)
  const lines = useComputed(() => matching(tail.lines.value, query.value)).value
  const { list, following, onScroll, toEnd } = useFollow(lines, at)
  const paused = tail.paused.value
  const pause = () => {
    tail.paused.value = !paused
  }
  return (
    <main id="main" class="logs">
      <header class="page-head">
        <h1>
          <a href={routeHash({ view: 'container', name, range: LIVE })}>{name}</a> <small>log</small>
        </h1>
        <search class="tools">
          <input
            id="filter"
            type="search"
            placeholder="Search   /"
            aria-label="Search the log"
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value
            }}
          />
          <button type="button" aria-pressed={paused} onClick={pause}>
            Pause
          </button>
          <button
            type="button"
            aria-pressed={wrap.value}
            onClick={() => {
              wrap.value = !wrap.value
            }}
          >
            Wrap
          </button>
          <button type="button" disabled={following.value} onClick={toEnd}>
            To the end
          </button>
        </search>
      </header>
      <section class="card log" aria-label={`Log of ${name}`}>
        {lines.length === 0 ? (
          <Empty why={tail.why.value} asked={tail.asked.value} filtered={query.value !== ''} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <ol ref={list} tabIndex={0} data-wrap={wrap.value} onScroll={onScroll} aria-label="Lines, oldest first">
            {lines.map((line) => (
              <LogRow key={line.no} line={line} />
            ))}
          </ol>
        )}
      </section>
    </main>
  )
}
