/**
 * The readable line of a container, for stdout and `container_monitor.log`. Joining: `statusLines(rows, at)` every
 * 10 s, each line without its newline.
 */
import type { ContainerView } from '@plimsoll/contracts/container'
import type { Numbers } from '@plimsoll/contracts/metrics'
import { durationText, latencyText, memoryText, percentText, rateText } from '@plimsoll/contracts/text'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import { oneLine } from './sentences.ts'

export interface StatusRow {
  readonly view: ContainerView
  readonly numbers: Numbers
}

const NAME_WIDTH = { least: 16, most: 40 } as const
const MAX_LINE_CHARS = 400

/** One line for each container, in the order given, their columns under each other. */
export function statusLines(rows: readonly StatusRow[], at: EpochMs): string[] {
  const longest = rows.reduce<number>((width, { view }) => Math.max(width, oneLine(view.name).length), NAME_WIDTH.least)
  const width = Math.min(longest, NAME_WIDTH.most)
  return rows.map((row) => statusLine(row, at, width))
}

function statusLine({ view, numbers }: StatusRow, at: EpochMs, nameWidth: number): string {
  const time = isoTime(at).slice(0, 19).replace('T', ' ')
  const head = `${time} ${oneLine(view.name).padEnd(nameWidth)} ${view.state.padEnd(10)}`
  const rest = hasNumbers(view) ? runningText(view, numbers) : stoppedText(view, at)
  return `${head} ${rest}`.slice(0, MAX_LINE_CHARS).toWellFormed().trimEnd()
}

function hasNumbers(view: ContainerView): boolean {
  return view.state === 'running' || view.state === 'paused'
}

function runningText(view: ContainerView, numbers: Numbers): string {
  const health = (view.health === 'none' ? '' : view.health).padEnd(9)
  const memory = `${memoryText(numbers.memoryUsedBytes)} / ${memoryText(numbers.memoryLimitBytes)}`
  const share = `(${percentText(numbers.memoryPercent)})`
  const received = `↓${rateText(numbers.networkReceivedBytesPerSecond)}`
  const sent = `↑${rateText(numbers.networkSentBytesPerSecond)}`
  return [
    health,
    ` CPU ${percentText(numbers.cpuPercent).padStart(8)}`,
    ` MEM ${memory.padStart(19)} ${share.padEnd(9)}`,
    ` NET ${received.padEnd(11)} ${sent.padEnd(11)}`,
    ` RESP ${responseText(view, numbers).padEnd(9)}`,
    ` PIDS ${numbers.pids ?? '–'}`,
  ].join(' ')
}

function responseText(view: ContainerView, numbers: Numbers): string {
  if (view.probe !== null && !view.probe.ok) return oneLine(view.probe.detail)
  return latencyText(numbers.responseMs)
}

/** Since when and why: `since 11:13:55 (12 s ago): killed by SIGKILL, exit code 137`. */
function stoppedText(view: ContainerView, at: EpochMs): string {
  const since = view.finishedAt ?? (view.span.condition === 'down' ? view.span.from : null)
  const why = view.span.why === '' ? '' : `: ${oneLine(view.span.why)}`
  if (since === null) return why.slice(2)
  return `since ${isoTime(since).slice(0, 19).replace('T', ' ')} (${durationText(at - since)} ago)${why}`
}
