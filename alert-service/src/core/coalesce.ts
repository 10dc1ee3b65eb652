/** When messages that wait for a channel become one: after an outage, or when more come than people can read. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Overflow, Parcel } from './channel.ts'
import type { Entry } from './memory.ts'

/** A message on its way to one channel. */
export interface Waiting {
  readonly seq: number
  readonly parcel: Parcel
  readonly createdAt: EpochMs
}

/** More than this many waiting are one message. */
export const MANY_WAITING = 10
/** A message that waited longer than this went through an outage. */
export const OUTAGE_MS = 2 * 60 * 1000
/** What a message carries line by line; more than that it counts. */
export const MAX_ENTRIES = 1000
const MAX_KINDS = 200

/** `monitored-app high-cpu firing` */
function kindOf(entry: Entry): string {
  return `${entry.event.container ?? entry.event.host} ${entry.event.rule} ${entry.event.state}`
}

function count(into: Map<string, number>, kind: string, times: number): void {
  const known = into.has(kind) || into.size < MAX_KINDS ? kind : 'others'
  into.set(known, (into.get(known) ?? 0) + times)
}

/** Several parcels as one, in order; what is over `MAX_ENTRIES` is counted. */
export function merge(parcels: readonly Parcel[]): Parcel {
  const entries = parcels.flatMap((parcel) => parcel.entries)
  const more = new Map<string, number>()
  for (const parcel of parcels) for (const [kind, times] of Object.entries(parcel.more)) count(more, kind, times)
  for (const entry of entries.slice(MAX_ENTRIES)) count(more, kindOf(entry), 1)
  return {
    entries: entries.slice(0, MAX_ENTRIES),
    more: Object.fromEntries(more) satisfies Overflow,
    recipients: parcels[0]?.recipients ?? [],
  }
}

const isAlert = ({ parcel }: Waiting) => parcel.report === undefined

const sameReaders = (a: Waiting, b: Waiting) =>
  JSON.stringify(a.parcel.recipients) === JSON.stringify(b.parcel.recipients)

/**
 * Which of `waiting` (oldest first) go out next, as one message: normally the first alone; all of its readers when
 * the first has been through an outage, when many wait, or (`forced`) when messages are scarce. Answers null when
 * nothing waits.
 */
export function nextParcel(
  waiting: readonly Waiting[],
  now: EpochMs,
  forced: boolean,
): { readonly seqs: readonly number[]; readonly parcel: Parcel } | null {
  const first = waiting[0]
  if (first === undefined) return null
  const together = waiting.filter((other) => isAlert(other) && sameReaders(first, other))
  const many = forced || together.length > MANY_WAITING || now - first.createdAt > OUTAGE_MS
  const taken = many && isAlert(first) ? together : [first]
  return {
    seqs: taken.map(({ seq }) => seq),
    parcel: taken.length === 1 ? first.parcel : merge(taken.map((w) => w.parcel)),
  }
}
