/** The message that tells of alerts, before any channel's format: subject, text and what it is known by. */
import { encode } from '@plimsoll/contracts/alert-log'
import { durationText } from '@plimsoll/contracts/text'
import type { Parcel } from './channel.ts'
import type { Fact } from './evidence.ts'
import { htmlOf } from './html.ts'
import { keyOf } from './memory.ts'
import { byProject, placesOf, projectRows } from './projects.ts'
import { isOver, placeOf, type Story, spanText, storiesOf } from './story.ts'
import { acknowledgeOf, clock, linkOf, type MessageContext, oneLine, short, valueText, word } from './wording.ts'

export interface Message {
  /** One line, at most 60 characters, that says it all on a locked phone. */
  readonly subject: string
  readonly text: string
  readonly html: string
  /** What the message is known by, wherever it is sent again: one key for each line in it. */
  readonly keys: readonly string[]
  /** The alert that the message belongs to in a mail client's thread; `null` where it tells of several. */
  readonly threadId: string | null
  /** Whether an earlier message opened that thread. */
  readonly follows: boolean
  readonly stories: readonly Story[]
  /** Lines that are only counted. */
  readonly counted: number
  /** All lines as the alert log has them, when they are too many to be told one by one; else null. */
  readonly log: string | null
}

export const SUBJECT_CHARS = 60

function subjectOfOne(story: Story): string {
  const what = story.kind === 'over' ? `${story.rule}: ${story.earlier ?? story.summary}` : story.summary
  return `${word(story)} ${placeOf(story)}: ${what}`
}

function subjectOfMany(stories: readonly Story[], total: number): string {
  const critical = stories.filter((story) => story.severity === 'critical' && !isOver(story))
  const [only] = critical
  // One thing is broken, and the rest came along with it: the subject is that thing.
  if (critical.length === 1 && only !== undefined && total <= 10) return `${subjectOfOne(only)} (+${total - 1} more)`
  const places = placesOf(stories)
  const over = stories.filter(isOver).length
  const counts = [
    `${total} alerts`,
    critical.length > 0 ? `${critical.length} CRITICAL` : '',
    over > 0 ? `${over} resolved` : '',
  ]
  const more = places.length > 3 ? ` and ${places.length - 3} more` : ''
  return `${counts.filter((count) => count !== '').join(', ')}: ${places.slice(0, 3).join(', ')}${more}`
}

function subjectOf(stories: readonly Story[], counted: number): string {
  const [first] = stories
  const late = stories.some((s) => s.late) ? '[late] ' : ''
  const one = stories.length === 1 && counted === 0 && first !== undefined
  return short(`${late}${one ? subjectOfOne(first) : subjectOfMany(stories, stories.length + counted)}`, SUBJECT_CHARS)
}

function textOfFact({ title, text, printed }: Fact): string {
  return [`  ${title}: ${text}`.trimEnd(), ...printed.map((line) => `    | ${line}`)].join('\n')
}

function textOfStory(story: Story, context: MessageContext): string {
  const alt = context.pictures?.get(story.id)?.alt
  const acknowledge = acknowledgeOf(story, context)
  const late = story.late ? `Delivered late, at ${clock(context.now)}.` : null
  return [
    `${word(story)} ${placeOf(story)}: ${oneLine(story.summary)}`,
    story.earlier === null ? null : `  It began with: ${oneLine(story.earlier)}`,
    `  ${spanText(story, clock)}`,
    valueText(story) === null ? null : `  ${valueText(story)}`,
    alt === undefined ? null : `  ${alt}`,
    `  rule ${story.rule} on host ${story.host}`,
    late === null ? null : `  ${late}`,
    ...(context.facts?.get(story.id) ?? []).map(textOfFact),
    `  ${linkOf(story, context)}`,
    acknowledge === null ? null : `  Acknowledge: ${acknowledge}`,
  ]
    .filter((row) => row !== null)
    .join('\n')
}

/** So many are told with everything known, and so many more in one line each; the attached log has all. */
const TOLD_IN_FULL = 30
const TOLD_IN_SHORT = 100

/** What is broken now comes first; then what belongs to one project together, else in the order in which it happened. */
function byWeight(stories: readonly Story[]): readonly Story[] {
  const weight = (story: Story) => (isOver(story) ? 2 : story.severity === 'critical' ? 0 : 1)
  return [0, 1, 2].flatMap((one) => byProject(stories.filter((story) => weight(story) === one)))
}

function groupRow(group: readonly [Story, ...Story[]]): string {
  const last = group.at(-1) ?? group[0]
  const times = group.length === 1 ? '' : `${group.length} × `
  return `${times}${word(last)} ${placeOf(last)}, ${last.rule}: ${short(last.summary, 120)} (${spanText(last, clock)})`
}

/** The alerts after those told in full, alike ones (place, rule, state) in one line, and how many come after them. */
function shortRows(stories: readonly Story[]): readonly string[] {
  const groups = new Map<string, [Story, ...Story[]]>()
  for (const story of stories.slice(TOLD_IN_FULL)) {
    const kind = JSON.stringify([placeOf(story), story.rule, word(story)])
    const known = groups.get(kind)
    if (known === undefined) groups.set(kind, [story])
    else known.push(story)
  }
  const all = [...groups.values()]
  const left = all.slice(TOLD_IN_SHORT).reduce((sum, group) => sum + group.length, 0)
  const rows = all.slice(0, TOLD_IN_SHORT).map(groupRow)
  return left > 0 ? [...rows, `and ${left} more alerts, in the attached alerts.log`] : rows
}

/** The rows of what was only counted, most first. */
export function overflowRows(parcel: Parcel): readonly string[] {
  return Object.entries(parcel.more)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${times} × ${oneLine(kind)}`)
}

/** The message for a parcel. Late ones say when they happened and when they were sent. */
export function messageOf(parcel: Parcel, context: MessageContext): Message {
  const stories = byWeight(storiesOf(parcel.entries, context.now))
  const counted = Object.values(parcel.more).reduce((sum, times) => sum + times, 0)
  const [first] = stories
  const rows = overflowRows(parcel)
  const others = shortRows(stories)
  const full = stories.slice(0, TOLD_IN_FULL)
  const oldest = Math.min(...parcel.entries.map(({ event }) => event.time))
  const lateness = stories.some((s) => s.late)
    ? [`Some of this is late: the oldest happened ${durationText(context.now - oldest)} ago.`]
    : []
  const above = [...lateness, ...projectRows(stories)]
  const text = [
    ...above,
    ...full.map((story) => textOfStory(story, context)),
    ...(others.length === 0 ? [] : [others.join('\n')]),
    ...(rows.length === 0
      ? []
      : [`And ${counted} more lines, counted by kind:\n${rows.map((r) => `  ${r}`).join('\n')}`]),
    `Sent by Plimsoll. Dashboard: ${context.publicUrl}`,
  ].join('\n\n')
  const alone = stories.length === 1 && first !== undefined && counted === 0 ? first : null
  return {
    subject: subjectOf(stories, counted),
    text,
    html: htmlOf({ stories: full, total: stories.length + counted, above, others, rows, counted }, context),
    keys: parcel.entries.map(keyOf),
    threadId: alone?.id ?? null,
    follows: alone !== null && alone.kind !== 'firing' && alone.kind !== 'over',
    stories,
    counted,
    log: others.length === 0 ? null : parcel.entries.map(({ event }) => `${encode(event)}\n`).join(''),
  }
}
