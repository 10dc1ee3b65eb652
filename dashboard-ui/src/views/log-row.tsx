/** A line of a log: its time, and its text in the colours it was written in. */
import { momentText, wholeText } from '../clock.ts'
import { type Piece, piecesOf } from '../core/ansi.ts'
import type { Line } from '../core/logs.ts'
import { now } from '../store.ts'

function classOf(piece: Piece): string | undefined {
  const names = [
    piece.fg === null ? '' : `fg-${piece.fg}`,
    piece.bg === null ? '' : `bg-${piece.bg}`,
    ...(['bold', 'dim', 'italic', 'underline'] as const).map((name) => (piece[name] ? name : '')),
  ]
  return names.filter(Boolean).join(' ') || undefined
}

export function LogRow(props: { line: Line }) {
  const { log, no, level } = props.line
  return (
    <li id={`line-${no}`} data-level={level} data-stream={log.stream}>
      <time title={log.at === null ? undefined : wholeText(log.at)}>
        {log.at === null ? '' : momentText(log.at, now.peek())}
      </time>
      <span>
        {piecesOf(log.text).map((piece, i) => (
          <span key={i} class={classOf(piece)}>
            {piece.text}
          </span>
        ))}
      </span>
    </li>
  )
}
