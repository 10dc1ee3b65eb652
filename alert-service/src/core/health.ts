/** Whether the service does its work: it must be able to read and to deliver. */
import type { ChannelStatus } from '@plimsoll/contracts/delivery'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Channel } from './channel.ts'
import type { Lane } from './lane.ts'

export interface Queue {
  readonly queued: number
  readonly refused: number
  readonly error: string | null
  readonly oldestAt: EpochMs | null
  readonly retryAt: EpochMs | null
}

/** A channel may fail for this long before it counts as one that cannot deliver: throttling is no outage. */
export const TROUBLE_MS = 60_000

/** What `/status` says of a channel. */
export function channelStatus(channel: Channel, lane: Lane, queue: Queue): ChannelStatus {
  const refused = lane.state === 'ok' && queue.refused > 0
  const advice = 'this mail or its recipient was refused: check the addresses, then restart to try at once'
  return {
    name: channel.name,
    doc: channel.doc,
    state: refused ? 'blocked' : lane.state,
    queued: queue.queued,
    sent: lane.sent,
    lastSentAt: lane.lastSentAt,
    error: refused ? queue.error : lane.error,
    advice: refused ? advice : lane.advice,
    nextTryAt: refused ? queue.retryAt : lane.nextTryAt,
  }
}

/** What is wrong with a channel. `isDown`: nothing gets through it; else only some messages are refused. */
export interface Trouble {
  readonly text: string
  readonly isDown: boolean
}

/** Why the channel counts as unable to deliver; null when it can, or nothing waits for it. */
export function channelTrouble(status: ChannelStatus, lane: Lane, queue: Queue, now: EpochMs): Trouble | null {
  if (status.state === 'ok' || status.state === 'unused' || queue.queued === 0) return null
  const waited = now - (queue.oldestAt ?? now)
  if (status.state === 'retrying' && waited < TROUBLE_MS) return null
  const waiting = `${queue.queued} message${queue.queued === 1 ? '' : 's'} waiting for ${durationText(waited)}`
  const text = `${status.doc}: ${status.error ?? 'fails'} (${waiting}). What to do: ${status.advice ?? 'see the log'}`
  const nothingGotThrough = (lane.lastSentAt ?? 0) < (queue.oldestAt ?? 0)
  return { text, isDown: lane.state !== 'ok' || nothingGotThrough }
}
