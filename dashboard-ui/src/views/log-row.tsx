/** A line of a log: its time, and its text in the colours it was written in. */
import { Component } from 'preact'
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

/** Drawn once: a line does not change. A class, for only a class can say so to Preact. */
export class LogRow extends Component<{ line: Line }> {
  override shouldComponentUpdate(next: { readonly line: Line }): boolean {
    return next.line !== this.props.line
  }

  override render() {
    const { log, no, level } = this.props.line
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
}
