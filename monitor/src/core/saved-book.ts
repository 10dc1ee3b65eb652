/** Whether what a file holds is a book that this version can take up. Joining: `loadBook(dir, isSavedBook)`. */
import { SEVERITIES } from '@plimsoll/contracts/alert'
import { HEALTH_STATES } from '@plimsoll/contracts/container'
import * as v from 'valibot'
import type { SavedBook } from './alert-book.ts'

const number = v.number()
const text = v.string()
const numberOrNull = v.nullable(number)
const ruleName = v.string()

const Reading = v.object({
  verdict: v.picklist(['bad', 'between', 'good']),
  value: numberOrNull,
  threshold: numberOrNull,
  text,
  limit: v.nullable(text),
  lasting: v.boolean(),
  atOnce: v.exactOptional(v.literal(true)),
})
const Streak = v.object({ since: number, lastAt: number, samples: number })
const Watch = v.variant('state', [
  v.object({ state: v.literal('pending'), bad: Streak, reading: Reading }),
  v.object({
    state: v.literal('firing'),
    id: text,
    severity: v.picklist(SEVERITIES),
    firedAt: number,
    lastAt: number,
    good: v.nullable(Streak),
    reading: Reading,
    held: v.nullable(v.object({ reason: text, by: text, freeSince: numberOrNull })),
  }),
])
const Subject = v.object({
  name: text,
  id: text,
  thresholds: v.object({ cpuPercent: number, memoryPercent: number, responseMs: number }),
  labelled: v.exactOptional(v.array(v.picklist(['cpuPercent', 'memoryPercent', 'responseMs']))),
  severity: v.nullable(v.picklist(SEVERITIES)),
  expectedUp: v.boolean(),
  aliases: v.exactOptional(v.array(text)),
  dependsOn: v.exactOptional(v.array(text)),
})
const End = v.object({
  at: number,
  planned: v.boolean(),
  exitCode: numberOrNull,
  signal: numberOrNull,
  oomKilled: v.boolean(),
  why: text,
})
const Known = v.object({
  subject: Subject,
  condition: v.picklist(['unknown', 'running', 'paused', 'ended', 'removed']),
  heardAt: number,
  startedAt: numberOrNull,
  end: v.nullable(End),
  health: v.nullable(v.picklist(HEALTH_STATES)),
  warm: v.boolean(),
  answers: v.array(v.tuple([number, number])),
  unaskedStarts: v.array(number),
  memory: v.nullable(v.object({ usedBytes: number, limitBytes: numberOrNull })),
  confirmed: v.boolean(),
  watches: v.record(ruleName, Watch),
  flaps: v.record(ruleName, v.object({ changes: v.array(number), watch: v.nullable(Watch) })),
})
const Alert = v.object({
  id: text,
  rule: text,
  severity: v.picklist(SEVERITIES),
  container: v.nullable(text),
  host: text,
  summary: text,
  value: numberOrNull,
  threshold: numberOrNull,
  firedAt: number,
  resolvedAt: numberOrNull,
  resolvedSummary: v.nullable(text),
  handled: v.exactOptional(v.object({ state: v.picklist(['acknowledged', 'silenced']), at: number, why: text })),
  project: v.exactOptional(text),
  suppressed: v.exactOptional(text),
  by: v.exactOptional(text),
})
const Silence = v.object({
  id: text,
  container: v.nullable(text),
  rule: v.nullable(text),
  from: number,
  until: number,
  reason: text,
})
const Saved = v.object({
  version: v.literal(1),
  savedAt: number,
  last: v.boolean(),
  book: v.object({
    host: text,
    ids: v.object({ seed: text, counter: number, lastAt: number }),
    watchingSince: number,
    away: v.object({ stoppedAt: numberOrNull, bootedAt: numberOrNull }),
    reachableSince: numberOrNull,
    containers: v.array(v.record(text, Known)),
    own: v.record(text, v.object({ rule: ruleName, watch: Watch })),
    silences: v.array(Silence),
    alerts: v.array(Alert),
  }),
})

/** True for what `toSaved` makes, also after JSON. */
export function isSavedBook(value: unknown): value is SavedBook {
  return v.is(Saved, value)
}
