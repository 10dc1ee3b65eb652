/** What a message tells: each alert once, its firing and its end together when both are in it. */
import type { Severity } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Entry } from './memory.ts'

export interface Story {
  readonly id: string
  readonly severity: Severity
  readonly host: string
  readonly container: string | null
  /** The Compose project of the container; null without one. */
  readonly project: string | null
  readonly rule: string
  /** `over`: fired and resolved, told in one. `still`: told before, and not over. */
  readonly kind: 'firing' | 'still' | 'resolved' | 'over'
  /** `null` when its firing was told in an earlier message. */
  readonly firedAt: EpochMs | null
  readonly resolvedAt: EpochMs | null
  /** What the newest of its lines says. */
  readonly summary: string
  /** What its firing line said, when a later one stands in `summary`. */
  readonly earlier: string | null
  readonly value: number | null
  readonly threshold: number | null
  /** Happened longer ago than a message normally takes. */
  readonly late: boolean
}

/** A message normally takes at most a buffer and a check; after that people must be told that it is old. */
export const LATE_AFTER_MS = 5 * 60 * 1000

function storyOf(entries: readonly [Entry, ...Entry[]], now: EpochMs): Story {
  const newest = entries.at(-1) ?? entries[0]
  const fired = entries.find(({ event }) => event.state === 'firing')
  const over = entries.find(({ event }) => event.state === 'resolved')
  const { event } = newest
  const end = over === undefined ? 'firing' : fired === undefined ? 'resolved' : 'over'
  return {
    id: event.id,
    severity: event.severity,
    host: event.host,
    container: event.container,
    project: event.project ?? null,
    rule: event.rule,
    kind: end === 'firing' && (fired?.repeat ?? 0) > 0 ? 'still' : end,
    firedAt: fired?.event.time ?? null,
    resolvedAt: over?.event.time ?? null,
    summary: event.summary,
    earlier: fired === undefined || fired === newest ? null : fired.event.summary,
    value: event.value,
    threshold: event.threshold,
    late: newest.repeat === 0 && now - event.time > LATE_AFTER_MS,
  }
}

/** The stories in `entries`, in the order in which each was first heard of. */
export function storiesOf(entries: readonly Entry[], now: EpochMs): readonly Story[] {
  const byId = new Map<string, [Entry, ...Entry[]]>()
  for (const entry of entries) {
    const known = byId.get(entry.event.id)
    if (known === undefined) byId.set(entry.event.id, [entry])
    else known.push(entry)
  }
  return [...byId.values()].map((lines) => storyOf(lines, now))
}

/** `fired 02:10:00, over 02:31:00 (21 min)`, as far as known. `clock` writes a time. */
export function spanText(story: Story, clock: (at: EpochMs) => string): string {
  const { firedAt, resolvedAt } = story
  if (firedAt !== null && resolvedAt !== null)
    return `${clock(firedAt)} – ${clock(resolvedAt)} (${durationText(resolvedAt - firedAt)})`
  if (firedAt !== null) return `since ${clock(firedAt)}`
  return resolvedAt === null ? '' : `over at ${clock(resolvedAt)}`
}

/** What the story is about, for a person. */
export function placeOf(story: Pick<Story, 'container' | 'host'>): string {
  return story.container ?? `host ${story.host}`
}

/** Whether it is known to have ended. */
export function isOver({ kind }: Story): boolean {
  return kind === 'resolved' || kind === 'over'
}
