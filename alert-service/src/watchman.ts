/** Watches the monitor from outside: alarms when it is silent, and feeds an outside dead man's switch while all is well. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { lookForSilence, type Silence, startSilence, ulid } from './core/silence.ts'
import type { Store } from './store.ts'
import { type Desk, take } from './take.ts'

const FACT = 'monitor-silent'

function remembered(store: Store): AlertEvent | null {
  const text = store.fact(FACT)
  return text === null || text === '' ? null : (JSON.parse(text) as AlertEvent)
}

export interface Watch {
  readonly desk: Desk
  readonly now: () => EpochMs
  /** When the status log was last written; null when there is none. */
  readonly writtenAt: () => EpochMs | null
  /** `MONITOR_SILENCE`. */
  readonly longestMs: number
}

/** Looks whenever it is told to, every few seconds. The alert goes the way of every other. */
export class Watchman {
  readonly #watch: Watch
  #silence: Silence

  constructor(watch: Watch) {
    this.#watch = watch
    this.#silence = startSilence(watch.now(), remembered(watch.desk.store))
  }

  get monitorIsSilent(): boolean {
    return this.#silence.firing !== null
  }

  look(): void {
    const { desk, now, writtenAt, longestMs } = this.#watch
    const at = now()
    const host = desk.store.fact('host') ?? hostname()
    const newId = ulid(at, randomBytes(10))
    const [next, event] = lookForSilence(this.#silence, { now: at, writtenAt: writtenAt(), longestMs, host, newId })
    if (event !== null) {
      desk.store.transaction(() => {
        take(desk, event, at)
        desk.store.saveFact(FACT, next.firing === null ? '' : JSON.stringify(next.firing))
      })
    }
    this.#silence = next
  }
}

/** Sends what fires again to the channels that forget it otherwise; its failures are the next round's business. */
export async function resend(desk: Desk, names: readonly string[], log: Log, signal: AbortSignal): Promise<void> {
  const channels = desk.channels.filter(({ name }) => names.includes(name))
  if (channels.length === 0) return
  const open = desk.store.openAlerts(1000).flatMap(({ firing }) => (firing === null ? [] : [firing]))
  for (const channel of channels) {
    const entries = open.filter(channel.wants).map((event) => ({ event, repeat: 0, why: 'still firing' }))
    if (entries.length === 0) continue
    const result = await channel.send({ entries, more: {}, recipients: [] }, signal)
    if (!result.ok) log.debug({ channel: channel.name }, `what fires could not be sent again: ${result.error}`)
  }
}
