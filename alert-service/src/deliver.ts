/** Hands the outbox to a channel, one message at a time, and remembers what came of it. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import type { Channel, Parcel, SendResult } from './core/channel.ts'
import { MAX_ENTRIES, nextParcel, type Waiting } from './core/coalesce.ts'
import { afterTry, allowedAt, failureText, isScarce, mustWait, REFUSED_WAIT_MS } from './core/lane.ts'
import type { Store } from './store.ts'
import { COUNTED } from './take.ts'

export interface Delivery {
  readonly store: Store
  readonly log: Log
  readonly now: () => EpochMs
  readonly random: () => number
  /** `MESSAGES_PER_HOUR`, for each channel. */
  readonly perHour: number
  /** `DELIVERY_MAX_AGE`: what could not be delivered for this long is given up, and said. */
  readonly maxAgeMs: number
}

/** What waits is looked at up to this many lines; the rest comes in the next round. */
const WINDOW = MAX_ENTRIES + 200
/** More messages than this are joined even while none can be sent. */
const MOST_WAITING = 200
/** The last resort: channels have shorter deadlines of their own. */
const SEND_DEADLINE_MS = 60_000

interface Outgoing {
  readonly seq: number
  readonly parcel: Parcel
  readonly createdAt: EpochMs
}

/** Sends one channel's messages in order. `poke` it when there may be something to do; it never throws. */
export class Sender {
  readonly channel: Channel
  readonly #delivery: Delivery
  readonly #stop = new AbortController()
  #busy: Promise<void> | null = null
  /** What was sent but could not be written down, because the disk is full: first of all else. */
  #unsettled: (() => void) | null = null
  #said: string | null = null
  /** The newest message that goes out in this round; null between rounds. */
  #roundEnd: number | null = null

  constructor(channel: Channel, delivery: Delivery) {
    this.channel = channel
    this.#delivery = delivery
  }

  poke(): void {
    if (this.#busy !== null || this.#stop.signal.aborted) return
    this.#busy = this.#run().finally(() => {
      this.#busy = null
    })
  }

  /** Lets a running delivery finish, for at most `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(new Error('the service stops')), graceMs)
    this.#closing = true
    await this.#busy
    clearTimeout(timer)
    this.#stop.abort()
  }
  #closing = false

  async #run(): Promise<void> {
    try {
      this.#unsettled?.()
      this.#unsettled = null
      this.#compact()
      for (let next = this.#next(); next !== null && !this.#closing; next = this.#next()) {
        const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(SEND_DEADLINE_MS)])
        const result = await this.channel.send(next.parcel, signal)
        if (this.#stop.signal.aborted && !result.ok) return
        const settle = () => this.#settle(next, result)
        this.#unsettled = settle
        settle()
        this.#unsettled = null
      }
    } catch (err) {
      this.#say(`the memory of what was sent cannot be written: ${err instanceof Error ? err.message : String(err)}`)
    }
  }

  /** During a long outage the outbox must not grow without end: what waits becomes one message before its turn. */
  #compact(): void {
    const { store, now } = this.#delivery
    if (store.queued(this.channel.name).queued <= MOST_WAITING) return
    const waiting = store.waiting(this.channel.name, now(), WINDOW)
    const next = nextParcel(waiting, now(), true)
    if (next !== null && next.seqs.length > 1) this.#merge(next, waiting)
  }

  /** What goes out now; null when there is nothing, or it is not yet time. */
  #next(): Outgoing | null {
    const { store, now, perHour } = this.#delivery
    const { name } = this.channel
    const at = now()
    // First whether it is time: reading what waits is the dear part, and a storm pokes at every line.
    const lane = store.lane(name)
    if (mustWait(lane, at)) return null
    const isOpen = allowedAt(lane, perHour, at) === null
    if (!isOpen && this.#roundEnd === null) return null
    const waiting = this.#round(store.waiting(name, at, WINDOW), isOpen)
    const next = nextParcel(waiting, at, isScarce(lane, perHour, at))
    const [seq] = next?.seqs ?? []
    const createdAt = waiting.find((one) => one.seq === seq)?.createdAt
    if (next === null || seq === undefined || createdAt === undefined) return null
    if (next.seqs.length > 1) this.#merge(next, waiting)
    return { seq, parcel: next.parcel, createdAt }
  }

  /** Where messages are scarce, one round still reaches every reader: what waited when it began goes out. */
  #round(waiting: readonly Waiting[], isOpen: boolean): readonly Waiting[] {
    const last = this.#roundEnd ?? 0
    const round = isOpen ? waiting : waiting.filter(({ seq }) => seq <= last)
    if (isOpen) this.#roundEnd = Math.max(...waiting.map(({ seq }) => seq))
    if (round.length === 0) this.#roundEnd = null
    return round
  }

  #merge(next: { seqs: readonly number[]; parcel: Parcel }, waiting: readonly Waiting[]): void {
    const { store, log, now } = this.#delivery
    const at = now()
    const merged = waiting.filter(({ seq }) => next.seqs.includes(seq)).flatMap(({ parcel }) => parcel.entries)
    store.transaction(() => {
      store.mergeInto(next.seqs, next.parcel)
      const what = { at, channel: this.channel.name, outcome: 'grouped', why: COUNTED } as const
      for (const entry of merged.slice(next.parcel.entries.length)) store.record({ ...what, entry })
    })
    log.debug({ channel: this.channel.name, messages: next.seqs.length }, 'told together')
  }

  #settle(sent: Outgoing, result: SendResult): void {
    const { store, now, random, perHour, maxAgeMs } = this.#delivery
    const at = now()
    const lane = afterTry(store.lane(this.channel.name), result, {
      now: at,
      random: random(),
      perHour,
      part: this.#part(sent.parcel),
    })
    store.transaction(() => {
      store.saveLane(this.channel.name, lane)
      if (result.ok) this.#accepted(sent, result.answer, at)
      else if (at - sent.createdAt > maxAgeMs) this.#givenUp(sent, result.error, at)
      else if (result.failure === 'refused') this.#refused(sent, result.error, at)
    })
    if (result.ok) this.#sayRecovered(result.answer)
    else this.#say(`${this.channel.doc}: ${failureText(lane, at)}`)
  }

  /** A message to all readers counts once, however many copies it takes. */
  #part({ recipients }: Parcel): number {
    return Math.max(1, recipients.length) / Math.max(1, this.channel.copies.flat().length)
  }

  #accepted({ seq, parcel }: Outgoing, answer: string, at: EpochMs): void {
    const { store } = this.#delivery
    store.removeFromOutbox(seq)
    for (const recipient of parcel.recipients) store.retryRefusedBy(this.channel.name, recipient)
    const many = parcel.entries.length > 1
    for (const entry of parcel.entries) {
      const why = many
        ? `${entry.why}; one of ${parcel.entries.length} in a message (${answer})`
        : `${entry.why} (${answer})`
      store.record({ at, entry, channel: this.channel.name, outcome: many ? 'grouped' : 'sent', why })
    }
  }

  #givenUp({ seq, parcel }: Outgoing, error: string, at: EpochMs): void {
    const { store, log } = this.#delivery
    store.removeFromOutbox(seq)
    const why = `given up after DELIVERY_MAX_AGE: ${error}`
    for (const entry of parcel.entries) store.record({ at, entry, channel: this.channel.name, outcome: 'failed', why })
    log.error({ alerts: parcel.entries.map(({ event }) => event.id).slice(0, 20) }, `${this.channel.doc}: ${why}`)
  }

  /** One bad recipient makes a server refuse all of them: each then gets a message of its own, in the same place. */
  #refused({ seq, parcel, createdAt }: Outgoing, error: string, at: EpochMs): void {
    const { store } = this.#delivery
    if (parcel.recipients.length <= 1) {
      store.refuse(seq, at + REFUSED_WAIT_MS, error)
      for (const entry of parcel.entries)
        store.record({ at, entry, channel: this.channel.name, outcome: 'failed', why: `refused, kept: ${error}` })
      return
    }
    store.removeFromOutbox(seq)
    for (const recipient of parcel.recipients)
      store.queue(this.channel.name, { ...parcel, recipients: [recipient] }, createdAt, seq)
  }

  #say(text: string): void {
    // The wait differs from try to try; the same trouble is said once.
    const same = text.replace(/ Next try in .*$/, '')
    if (same !== this.#said) this.#delivery.log.error(text)
    this.#said = same
  }

  #sayRecovered(answer: string): void {
    if (this.#said !== null) this.#delivery.log.info(`${this.channel.doc}: delivering again (${answer})`)
    this.#said = null
  }
}
