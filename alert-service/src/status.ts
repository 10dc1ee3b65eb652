/** Puts together what `/status` answers. */

import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Channel } from './core/channel.ts'
import { channelStatus, channelTrouble } from './core/health.ts'
import type { Pump } from './pump.ts'
import type { Store } from './store.ts'

const RECENT = 50

export interface StatusDeps {
  readonly build: string
  readonly startedAt: EpochMs
  readonly store: Store
  readonly pump: Pump
  readonly channels: readonly Channel[]
  readonly now: () => EpochMs
}

export interface Report {
  readonly status: DeliveryStatus
  /** It reads, and every channel takes messages; a single refused recipient is a problem, but no outage. */
  readonly works: boolean
}

/** The state of the service, read when it is asked for. */
export function reportOf({ build, startedAt, store, pump, channels, now }: StatusDeps): Report {
  const each = channels.map((channel) => {
    const queue = store.queued(channel.name)
    const lane = store.lane(channel.name)
    const status = channelStatus(channel, lane, queue)
    return { status, trouble: channelTrouble(status, lane, queue, now()) }
  })
  const troubles = each.map(({ trouble }) => trouble).filter((trouble) => trouble !== null)
  const problems = [...(pump.problem === null ? [] : [pump.problem]), ...troubles.map(({ text }) => text)]
  const status: DeliveryStatus = {
    build,
    startedAt,
    state: problems.length === 0 ? 'ok' : 'degraded',
    problems,
    log: { file: ALERT_LOG, ...pump.progress() },
    outcomes: store.outcomes(),
    channels: each.map(({ status }) => status),
    recent: store.recent(RECENT),
  }
  return { status, works: pump.problem === null && !troubles.some(({ isDown }) => isDown) }
}
