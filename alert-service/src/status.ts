/** Puts together what `/status` answers. */

import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Channel } from './core/channel.ts'
import { channelProblem, channelStatus } from './core/health.ts'
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

/** The state of the service, read when it is asked for. */
export function statusOf({ build, startedAt, store, pump, channels, now }: StatusDeps): DeliveryStatus {
  const each = channels.map((channel) => {
    const queue = store.queued(channel.name)
    const status = channelStatus(channel, store.lane(channel.name), queue)
    return { status, problem: channelProblem(status, queue, now()) }
  })
  const problems = [pump.problem, ...each.map(({ problem }) => problem)].filter((problem) => problem !== null)
  return {
    build,
    startedAt,
    state: problems.length === 0 ? 'ok' : 'degraded',
    problems,
    log: { file: ALERT_LOG, ...pump.progress() },
    outcomes: store.outcomes(),
    channels: each.map(({ status }) => status),
    recent: store.recent(RECENT),
  }
}
