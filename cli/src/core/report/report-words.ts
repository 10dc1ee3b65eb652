/** How a report's times and numbers are written, in text and HTML alike. */
import { durationText, latencyText, memoryText, percentText, UNKNOWN } from '@plimsoll/contracts/text'
import { type EpochMs, localTime } from '@plimsoll/contracts/time'
import type { Growth } from './growth.ts'
import type { Report, Sent } from './report.ts'
import type { Spread } from './spread.ts'
import type { Outage, Uptime } from './uptime.ts'

/** To the second: `23:59:37`, `6 d 23:59:37`. */
export function hmsText(ms: number): string {
  const s = Math.round(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = Math.floor(s / 86_400)
  const time = `${two(Math.floor((s % 86_400) / 3600))}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`
  return day === 0 ? time : `${day} d ${time}`
}

/** Rounded down, so that 100 % is said only of what was never down. */
export function uptimePercent({ percent }: Uptime): string {
  if (percent === null) return UNKNOWN
  return percent === 100 ? '100 %' : `${(Math.floor(percent * 1000) / 1000).toFixed(3)} %`
}

/** Bad after an unplanned outage; nothing to say of what was never seen. */
export function uptimeTone({ percent, downMs, plannedMs }: Uptime): 'good' | 'bad' | 'quiet' {
  if (percent === null) return 'quiet'
  return downMs > plannedMs ? 'bad' : 'good'
}

function three(spread: Spread | null, text: (value: number) => string): string {
  return spread === null ? UNKNOWN : `${text(spread.p50)} / ${text(spread.p95)} / ${text(spread.max)}`
}

const share = (value: number): string => percentText(value)
export const cpuText = (spread: Spread | null): string => three(spread, share)
export const memorySpreadText = (spread: Spread | null): string => three(spread, memoryText)
export const responseText = (spread: Spread | null): string => three(spread, latencyText)

export function outageText({ from, to, withinMs, why, planned }: Outage): string {
  const end = to === null ? 'still' : localTime(to).slice(11)
  return `${localTime(from)} to ${end}, ${hmsText(withinMs)}${planned ? ' planned' : ''}: ${why}`
}

export function growthText({ bytes, bytesPerHour, overMs, fullInMs }: Growth): string {
  const full =
    fullInMs === null ? '' : `; at its limit in about ${durationText(Math.round(fullInMs / 60_000) * 60_000)}`
  return `+${memoryText(bytes)} in ${durationText(Math.floor(overMs / 60_000) * 60_000)}, ${memoryText(bytesPerHour)} an hour${full}`
}

export function sentText({ sent, grouped, suppressed, waiting, failed, since }: Sent, from: EpochMs): string {
  const parts = [
    `${sent} sent`,
    `${grouped} grouped into others`,
    `${suppressed} held back`,
    `${waiting} waiting`,
    `${failed} failed`,
  ]
  const whole = since > from ? ` (since ${localTime(since)}; what was before is not kept)` : ''
  return `${parts.join(', ')}${whole}`
}

/** `2026-11-20 13:00:00 to 2026-11-21 13:00:00 (1 d)`. */
export function rangeText({ from, to }: Pick<Report, 'from' | 'to'>): string {
  return `${localTime(from)} to ${localTime(to)} (${durationText(to - from)})`
}

/** What p50, p95 and max are of. */
export function rowsText({ containers }: Report): string {
  const steps = containers.map(({ rowMs }) => rowMs)
  const [least, most] = [Math.min(...steps), Math.max(...steps)]
  if (steps.length === 0) return ''
  const of = least === most ? durationText(most) : `${durationText(least)} to ${durationText(most)}`
  return `p50 and p95 are of means over ${of}; max is the highest sample known.`
}
