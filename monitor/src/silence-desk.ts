/** What people say to alerts over HTTP: silences and acknowledgements, checked here and carried out by the judge's book. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { duration } from '@plimsoll/contracts/setting-kinds'
import type { AcknowledgeAsked, Silence, SilenceAsked, SilencesAnswer } from '@plimsoll/contracts/silence'
import type { EpochMs } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import type { Book } from './core/alert-book.ts'
import { issueText } from './core/issues.ts'
import { acknowledge, current, MAX_SILENCES, type Said, silence, unsilence } from './core/silences.ts'
import { Refusal } from './io/web.ts'

export interface Speech {
  readonly silences: () => SilencesAnswer
  readonly silence: (body: unknown) => Silence
  readonly unsilence: (id: string) => Silence
  readonly acknowledge: (id: string, body: unknown) => AlertView
}

/** Who carries it out. */
export interface Listener {
  readonly book: Book
  say<T>(say: (book: Book, now: EpochMs) => Said<T> | null): T | null
}

const reason = v.pipe(v.string(), v.trim(), v.maxLength(500, 'is longer than 500 characters'))
const pattern = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.*-]{1,128}$/, 'expected a name; * stands for any letters'))

const Asked = v.strictObject({
  container: v.exactOptional(v.nullable(pattern)),
  rule: v.exactOptional(v.nullable(pattern)),
  for: v.pipe(v.string('expected a duration, such as 45m or 2h'), duration({ min: '1m', max: '30d' })),
  reason: v.pipe(reason, v.minLength(1, 'says why, for whoever wonders later')),
}) satisfies v.GenericSchema<SilenceAsked, unknown>
const Acknowledged = v.strictObject({ reason: v.exactOptional(reason) }) satisfies v.GenericSchema<AcknowledgeAsked>

function read<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const found = v.safeParse(schema, body ?? {})
  if (found.success) return found.output
  throw new Refusal('bad-request', issueText(found.issues[0]))
}

/** What answers; it throws a `Refusal` that says why when it cannot. */
export function speechTo(listener: Listener, now: () => EpochMs): Speech {
  return {
    silences: () => ({ silences: current(listener.book, now()) }),
    silence: (body) => {
      const { container = null, rule = null, for: forMs, reason: why } = read(Asked, body)
      const made = listener.say((book, at) => silence(book, { container, rule, forMs, reason: why }, at))
      if (made !== null) return made
      throw new Refusal('bad-request', `${MAX_SILENCES} silences are in force: end one first`)
    },
    unsilence: (id) => {
      const ended = listener.say((book, at) => unsilence(book, id, at))
      if (ended !== null) return ended
      throw new Refusal('not-found', 'no silence of this id is in force')
    },
    acknowledge: (id, body) => {
      const { reason: why = '' } = read(Acknowledged, body)
      const alert = listener.say((book, at) => acknowledge(book, id, why, at))
      if (alert !== null) return alert
      throw new Refusal('alert-not-found', 'no alert of this id fires')
    },
  }
}
