/** Lines in, messages in the outbox: asks `core/decide` and does what it says, inside one transaction of the store. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Channel, Parcel } from './core/channel.ts'
import { merge } from './core/coalesce.ts'
import { decide, type Policy, type Verdict } from './core/decide.ts'
import { type AlertMemory, alikeKey, type Entry, originOf, told, wantsRepeat } from './core/memory.ts'
import type { Store } from './store.ts'

export interface Desk {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly policy: Policy
  /** `REPEAT_INTERVAL`: told again while it fires; null is never. */
  readonly repeatMs: number | null
}

/** Why a line that is over what a message can carry is done with. */
export const COUNTED = 'counted in a message about very many'

/** How many held entries are looked at together; memory stays small however many there are. */
const BATCH = 500

function save({ store, repeatMs }: Desk, memory: AlertMemory, now: EpochMs): void {
  const again = repeatMs !== null && memory.toldAt !== null && wantsRepeat(memory) ? memory.toldAt + repeatMs : null
  store.saveAlert(memory, now, again)
}

/** What a message lists, and what it only counts: those have reached the channel with it. */
function addTo(parcel: Parcel | undefined, entries: readonly Entry[]): { parcel: Parcel; counted: readonly Entry[] } {
  const before = parcel ?? { entries: [], more: {}, recipients: [] }
  const all = [...before.entries, ...entries]
  const merged = merge([before, { entries, more: {}, recipients: [] }])
  return { parcel: merged, counted: all.slice(merged.entries.length) }
}

function remember(desk: Desk, entry: Entry, now: EpochMs): void {
  const memory = desk.store.alert(entry.event.id)
  if (memory !== null) save(desk, told(memory, entry, now), now)
  if (entry.event.state === 'firing') desk.store.saveAlike(alikeKey(entry.event), now)
}

/** Puts entries, in batches, into one message for every channel that wants them. */
function plan(desk: Desk, batches: Iterable<readonly Entry[]>, now: EpochMs): void {
  const parcels = new Map<Channel, Parcel>()
  for (const entries of batches) {
    for (const entry of entries) {
      remember(desk, entry, now)
      const wanted = desk.channels.filter((channel) => channel.wants(entry.event))
      for (const { name } of wanted)
        desk.store.record({ at: now, entry, channel: name, outcome: 'waiting', why: entry.why })
      const why = 'no channel is set up for it'
      if (wanted.length === 0) desk.store.record({ at: now, entry, channel: null, outcome: 'suppressed', why })
    }
    for (const channel of desk.channels) {
      const { parcel, counted } = addTo(
        parcels.get(channel),
        entries.filter(({ event }) => channel.wants(event)),
      )
      parcels.set(channel, parcel)
      for (const entry of counted)
        desk.store.record({ at: now, entry, channel: channel.name, outcome: 'grouped', why: COUNTED })
    }
  }
  for (const [channel, parcel] of parcels) {
    if (parcel.entries.length === 0) continue
    for (const recipients of channel.copies) desk.store.queue(channel.name, { ...parcel, recipients }, now)
  }
}

function apply(desk: Desk, entry: Entry, verdict: Verdict, now: EpochMs): void {
  const { store } = desk
  const origin = originOf(entry.event)
  switch (verdict.do) {
    case 'send':
      plan(desk, [[...store.takeOrigin(origin), entry]], now)
      return
    case 'hold':
      store.hold(origin, entry, verdict.because, verdict.dueAt)
      store.record({ at: now, entry, channel: null, outcome: 'waiting', why: verdict.why })
      return
    case 'drop':
      store.record({ at: now, entry, channel: null, outcome: 'suppressed', why: verdict.why })
      return
    case 'withdraw':
      for (const taken of [...store.takeAlert(entry.event.id), entry])
        store.record({ at: now, entry: taken, channel: null, outcome: 'suppressed', why: verdict.why })
      return
  }
}

/** Deals with one line. Answers what was decided. Call it inside a transaction. */
export function take(desk: Desk, event: AlertEvent, now: EpochMs): Verdict {
  const { store } = desk
  const known = {
    memory: store.alert(event.id),
    alikeToldAt: store.alikeToldAt(alikeKey(event)),
    bufferDueAt: store.bufferDueAt(),
  }
  const verdict = decide(event, known, now, desk.policy)
  if (verdict.do === 'drop' && verdict.reason === 'duplicate') return verdict
  save(desk, verdict.memory, now)
  apply(desk, { event, repeat: 0, why: verdict.why }, verdict, now)
  return verdict
}

function* dueBatches({ store, policy }: Desk, now: EpochMs): Generator<readonly Entry[]> {
  for (;;) {
    const entries = store.takeDue(now, now + Math.max(policy.bufferMs, policy.cooldownMs), BATCH)
    if (entries.length > 0) yield entries
    if (entries.length < BATCH) return
  }
}

/** What is due goes into a message, and what fires on is told again. Call it inside a transaction. */
export function takeDue(desk: Desk, now: EpochMs): void {
  plan(desk, dueBatches(desk, now), now)
  const { repeatMs, store } = desk
  if (repeatMs === null) return
  const again = store.toRepeat(now, BATCH).flatMap((memory): Entry[] => {
    if (memory.firing === null || memory.toldAt === null) return []
    const why = `still firing after REPEAT_INTERVAL (${durationText(repeatMs)})`
    return [{ event: memory.firing, repeat: memory.repeat + 1, why }]
  })
  plan(desk, [again], now)
}
