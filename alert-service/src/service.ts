/** The whole service from its settings: what `main.ts` runs, and a test runs in its own process. */
import { join } from 'node:path'
import { MAX_LINE_BYTES } from '@plimsoll/contracts/alert-log'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { ALERT_LOG, OUTBOX_DIR } from '@plimsoll/contracts/files'
import { compactTime, type EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import type { FastifyInstance } from 'fastify'
import manifest from '../package.json' with { type: 'json' }
import { LATE_MS } from './core/decide.ts'
import { Sender } from './deliver.ts'
import { emailChannel, mailSetup } from './email.ts'
import { openDatabase } from './io/database.ts'
import { Follower, watchFolder } from './io/follow.ts'
import { pruneOutbox } from './io/outbox.ts'
import { createStore, type Store } from './io/store.ts'
import { buildWeb } from './io/web.ts'
import { Pump } from './pump.ts'
import type { AlertSettings } from './settings.ts'
import { statusOf } from './status.ts'

/** The latency of a critical line where the folder cannot be watched. */
const POLL_MS = 200
const CHUNK_BYTES = 256 * 1024
const STORE_FILE = 'alert-service.sqlite'
/** Of the 1.8 s that a stop may take. */
const SEND_GRACE_MS = 1200
const PRUNE_MS = 60 * 60 * 1000

/** The world, as far as the service does not bring its own. */
export interface World {
  readonly log: Log
  readonly now: () => EpochMs
  readonly random: () => number
}

export interface Service {
  readonly web: FastifyInstance
  readonly status: () => DeliveryStatus
  readonly start: () => void
  /** Ends within 1.5 s; a delivery that runs is let finish. */
  readonly close: () => Promise<void>
}

function openStore(s: AlertSettings, { log, now }: World): Store {
  const say = (text: string) => log.error(text)
  return createStore(openDatabase(join(s.STATE_DIR, STORE_FILE), compactTime(now()), say))
}

function createPump(s: AlertSettings, world: World, parts: { store: Store; senders: readonly Sender[] }): Pump {
  const { store, senders } = parts
  const policy = { cooldownMs: s.ALERT_COOLDOWN, bufferMs: s.BUFFER_TIMEOUT, lateMs: LATE_MS }
  const repeatMs = s.REPEAT_INTERVAL === 0 ? null : s.REPEAT_INTERVAL
  const desk = { store, channels: senders.map(({ channel }) => channel), policy, repeatMs }
  const follow = { folder: s.LOGS_DIR, file: ALERT_LOG, maxLineBytes: MAX_LINE_BYTES, chunkBytes: CHUNK_BYTES }
  const { log, now } = world
  return new Pump({ desk, reader: new Follower(follow), senders, log, now, pollMs: POLL_MS, checkMs: s.CHECK_INTERVAL })
}

/** Opens the memory and builds everything; nothing runs before `start`. Throws when STATE_DIR cannot be written. */
export function createService(s: AlertSettings, world: World): Service {
  const { log, now, random } = world
  const startedAt = now()
  const store = openStore(s, world)
  const mail = mailSetup(s)
  const channels = [emailChannel(mail, s.PUBLIC_URL, now)]
  const delivery = { store, log, now, random, perHour: s.MESSAGES_PER_HOUR, maxAgeMs: s.DELIVERY_MAX_AGE }
  const pump = createPump(s, world, { store, senders: channels.map((channel) => new Sender(channel, delivery)) })
  const status = () => statusOf({ build: manifest.version, startedAt, store, pump, channels, now })
  const web = buildWeb(status)
  const watcher = watchFolder(s.LOGS_DIR, () => pump.hint())
  const prune = () => void pruneOutbox(join(s.LOGS_DIR, OUTBOX_DIR), now() - s.LOG_RETENTION)
  const pruning = setInterval(prune, PRUNE_MS)
  return {
    web,
    status,
    start: () => {
      prune()
      pump.start()
      if (mail.note === null) log.info(`alerts go to ${mail.doc}`)
      else log.warn(mail.note)
    },
    close: async () => {
      clearInterval(pruning)
      watcher.close()
      await Promise.all([pump.close(SEND_GRACE_MS), web.close()])
      mail.server.close()
      store.close()
    },
  }
}
