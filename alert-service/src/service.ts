/** The whole service from its settings: what `main.ts` runs, and a test runs in its own process. */
import { join } from 'node:path'
import { MAX_LINE_BYTES } from '@plimsoll/contracts/alert-log'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { compactTime, type EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { sharedKeyOrNull } from '@plimsoll/runtime/signed-link'
import type { FastifyInstance } from 'fastify'
import manifest from '../package.json' with { type: 'json' }
import { channelsOf } from './channels.ts'
import type { Channel } from './core/channel.ts'
import { LATE_MS } from './core/decide.ts'
import { Sender } from './deliver.ts'
import { mailSetup } from './email.ts'
import { openDatabase } from './io/database.ts'
import { Follower, watchLog } from './io/follow.ts'
import { buildWeb } from './io/web.ts'
import { Pump } from './pump.ts'
import { type Rounds, startRounds } from './rounds.ts'
import type { AlertSettings } from './settings.ts'
import { reportOf } from './status.ts'
import { createStore, type Store } from './store.ts'
import type { Desk } from './take.ts'

/** The latency of a critical line where the folder cannot be watched. */
const POLL_MS = 200
const CHUNK_BYTES = 64 * 1024
const STORE_FILE = 'alert-service.sqlite'
/** Of the 1.8 s that a stop may take. */
const SEND_GRACE_MS = 1200

/** The world, as far as the service does not bring its own. */
export interface World {
  readonly log: Log
  readonly now: () => EpochMs
  readonly random: () => number
}

export interface Service {
  readonly web: FastifyInstance
  readonly desk: Desk
  readonly status: () => DeliveryStatus
  readonly start: () => void
  /** Ends within 1.5 s; a delivery that runs is let finish. */
  readonly close: () => Promise<void>
}

function openStore(s: AlertSettings, { log, now }: World): Store {
  const say = (text: string) => log.error(text)
  return createStore(openDatabase(join(s.STATE_DIR, STORE_FILE), compactTime(now()), say))
}

function deskOf(s: AlertSettings, store: Store, channels: readonly Channel[]): Desk {
  const policy = { cooldownMs: s.ALERT_COOLDOWN, bufferMs: s.BUFFER_TIMEOUT, lateMs: LATE_MS }
  return { store, channels, policy, repeatMs: s.REPEAT_INTERVAL === 0 ? null : s.REPEAT_INTERVAL }
}

function createPump(s: AlertSettings, world: World, desk: Desk): Pump {
  const { log, now, random } = world
  const { store, channels } = desk
  const delivery = { store, log, now, random, perHour: s.MESSAGES_PER_HOUR, maxAgeMs: s.DELIVERY_MAX_AGE }
  const senders = channels.map((channel) => new Sender(channel, delivery))
  const follow = { folder: s.LOGS_DIR, file: ALERT_LOG, maxLineBytes: MAX_LINE_BYTES, chunkBytes: CHUNK_BYTES }
  return new Pump({ desk, reader: new Follower(follow), senders, log, now, pollMs: POLL_MS, checkMs: s.CHECK_INTERVAL })
}

/** Opens the memory and builds everything; nothing runs before `start`. Throws when STATE_DIR cannot be written. */
export function createService(s: AlertSettings, world: World): Service {
  const { log, now } = world
  const startedAt = now()
  const store = openStore(s, world)
  const mail = mailSetup(s)
  const channels = channelsOf(s, mail, now, sharedKeyOrNull(s.SHARED_DIR, log))
  const desk = deskOf(s, store, channels)
  const pump = createPump(s, world, desk)
  const show = () => reportOf({ build: manifest.version, startedAt, store, pump, channels, now })
  const status = () => show().status
  const web = buildWeb(show)
  const watcher = watchLog(s.LOGS_DIR, ALERT_LOG, () => pump.hint())
  let rounds: Rounds | null = null
  return {
    web,
    desk,
    status,
    start: () => {
      rounds = startRounds({ settings: s, desk, log, now, status })
      pump.start()
      sayWhereTo(channels, mail.note, log)
    },
    close: async () => {
      rounds?.stop()
      watcher.close()
      await Promise.all([pump.close(SEND_GRACE_MS), web.close()])
      mail.server.close()
      store.close()
    },
  }
}

function sayWhereTo(channels: readonly Channel[], note: string | null, log: Log): void {
  if (note !== null) log.warn(note)
  const reached = note === null ? channels : channels.slice(1)
  if (reached.length > 0) log.info(`alerts go to ${reached.map(({ doc }) => doc).join('; ')}`)
}
