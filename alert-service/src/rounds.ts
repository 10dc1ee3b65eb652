/** What is done by the clock beside the loop: watching the monitor, reminding, the heartbeat, and tidying up. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { OUTBOX_DIR, STATUS_LOG } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { RESEND_MS } from './channels.ts'
import { digestIfDue } from './digest.ts'
import { beat } from './io/heartbeat.ts'
import { pruneOutbox } from './io/outbox.ts'
import type { AlertSettings } from './settings.ts'
import type { Desk } from './take.ts'
import { resend, Watchman } from './watchman.ts'

const LOOK_MS = 5000
const HEARTBEAT_MS = 60_000
const DIGEST_MS = 60_000
const PRUNE_MS = 60 * 60 * 1000

export interface Rounds {
  readonly monitorIsSilent: () => boolean
  readonly stop: () => void
}

export interface RoundsDeps {
  readonly settings: AlertSettings
  readonly desk: Desk
  readonly log: Log
  readonly now: () => EpochMs
  readonly status: () => DeliveryStatus
}

function writtenAt(folder: string): EpochMs | null {
  return statSync(join(folder, STATUS_LOG), { throwIfNoEntry: false })?.mtimeMs ?? null
}

/** Runs `work` every `everyMs`; what it throws is logged when it changes, and never ends the rounds. */
function every(everyMs: number, log: Log, work: () => unknown): NodeJS.Timeout {
  let said = ''
  const run = async () => {
    try {
      await work()
      said = ''
    } catch (err) {
      const text = err instanceof Error ? err.message : String(err)
      if (text !== said) log.error({ err }, text)
      said = text
    }
  }
  return setInterval(() => void run(), everyMs)
}

/** One beat: feeds HEARTBEAT_URL while both are well; a switch that cannot be reached is said once. */
export function heartbeat(
  { settings, log, status }: RoundsDeps,
  isSilent: () => boolean,
  signal: AbortSignal,
): () => Promise<void> {
  let said: string | null = null
  return async () => {
    const { HEARTBEAT_URL: url, SEND_TIMEOUT: timeoutMs } = settings
    if (url === null || isSilent() || status().state !== 'ok') return
    const problem = await beat(url, timeoutMs, signal)
    if (problem !== null && problem !== said) log.warn(`HEARTBEAT_URL does not take the heartbeat: ${problem}`)
    said = problem
  }
}

/** Starts all rounds; `stop` ends them and what they are fetching. */
export function startRounds(deps: RoundsDeps): Rounds {
  const { settings, desk, log, now } = deps
  const longestMs = settings.MONITOR_SILENCE
  const abort = new AbortController()
  const watchman = new Watchman({ desk, now, longestMs, writtenAt: () => writtenAt(settings.LOGS_DIR) })
  const isSilent = () => watchman.monitorIsSilent
  const prune = () => pruneOutbox(join(settings.LOGS_DIR, OUTBOX_DIR), now() - settings.LOG_RETENTION)
  const timers = [
    every(PRUNE_MS, log, prune),
    every(RESEND_MS, log, () => resend(desk, ['alertmanager'], log, abort.signal)),
    every(DIGEST_MS, log, () => digestIfDue(desk, settings, now())),
    every(HEARTBEAT_MS, log, heartbeat(deps, isSilent, abort.signal)),
    ...(longestMs === 0 ? [] : [every(LOOK_MS, log, () => watchman.look())]),
  ]
  void prune()
  return {
    monitorIsSilent: isSilent,
    stop: () => {
      abort.abort()
      for (const timer of timers) clearInterval(timer)
    },
  }
}
