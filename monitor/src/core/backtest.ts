/**
 * What a rule set would have said of a container's stored past: the past is told to the real judge again, stretch by
 * stretch, with its own times. Joining: `newReplay`, `playRows` for each part of the past in order, `finish`.
 */
import type { BacktestAlert } from '@plimsoll/contracts/backtest'
import { type MetricName, NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type Book, newBook } from './alert-book.ts'
import type { Mark } from './backtest-marks.ts'
import { judge } from './judge.ts'
import { isOpen } from './known.ts'
import { sampleReadings } from './levels.ts'
import type { Observation, Subject } from './observation.ts'
import type { Rule, Rules } from './rules.ts'
import { knownBy } from './shelf.ts'

type Columns = { readonly [K in MetricName]?: readonly (number | null)[] }

/** Stored rows of equal length, in order of time; `columns` are what is judged: their means, or their peaks. */
export interface PastRows {
  readonly stepMs: number
  readonly at: readonly EpochMs[]
  readonly columns: Columns
}

/** Changes while the past is played, and nowhere else. */
export interface Replay {
  readonly subject: Subject
  readonly rules: Rules
  readonly marks: readonly Mark[]
  readonly fired: Fired[]
  /** Ids of what fires, with their place in `fired`. */
  readonly open: Map<string, number>
  book: Book
  /** Marks told so far. */
  told: number
  heardAt: EpochMs
  /** Until when time was told, and until when it is told in small steps. */
  tickedAt: EpochMs
  nearUntil: EpochMs
  scaled: { everyMs: number; rules: Rules }
}

type Fired = { -readonly [K in keyof BacktestAlert]: BacktestAlert[K] }

/** Of one container, over the longest range that is asked for; a rule that fires more often is told of as noise anyway. */
export const MAX_FIRED = 20_000
/** How often time is told while the judge waits for something: often after an event, as the real one's second is. */
const NEAR_MS = 1000
const NEAR_FOR_MS = 10_000
const FAR_MS = 15_000
/** The longest that any rule waits, and a little. */
const WAIT_AT_MOST_MS = 65 * 60_000
/** Answers of a health target in a replay: its p95 needs five in 30 s. */
const PROBE_EVERY_MS = 5000

/** A replay that has heard of nothing yet. `marks` in order of time. */
export function newReplay(subject: Subject, rules: Rules, marks: readonly Mark[], from: EpochMs): Replay {
  const book = newBook({ host: '', seed: '000000000000', now: from })
  const scaled = { everyMs: 0, rules }
  const fresh = { fired: [], open: new Map(), told: 0 }
  return { subject, rules, marks, book, heardAt: from, tickedAt: from, nearUntil: from, scaled, ...fresh }
}

/** Tells the judge the next part of the past; each row's value holds from its begin to its end. */
export function playRows(replay: Replay, rows: PastRows): void {
  const everyMs = readingsEvery(rows.stepMs)
  replay.scaled = { everyMs, rules: replay.scaled.everyMs === everyMs ? replay.scaled.rules : scaled(replay, everyMs) }
  for (const [i, at] of rows.at.entries()) {
    const numbers = numbersAt(rows.columns, i)
    const bad = isBad(replay, numbers, at)
    const { responseMs } = numbers
    const stepMs = responseMs === null ? everyMs : Math.min(everyMs, PROBE_EVERY_MS)
    for (let t = at; t < at + rows.stepMs; t += stepMs) {
      tellMarks(replay, t)
      if (responseMs !== null) probe(replay, t, responseMs)
      // A good sample of a calm container changes nothing, and almost all samples are that.
      if (bad || isAwake(replay)) tell(replay, { kind: 'sample', subject: replay.subject, at: t, numbers }, t)
    }
  }
}

/** Tells what is left until `to` and answers with what would have fired, the oldest first. */
export function finish(replay: Replay, to: EpochMs): readonly BacktestAlert[] {
  tellMarks(replay, to)
  waitUntil(replay, to)
  return replay.fired
}

/** How far apart a row's value is told: a hold ends on a reading, and a longer gap than a minute would break it. */
export function readingsEvery(stepMs: number): number {
  if (stepMs <= 5000) return Math.max(1, stepMs)
  if (stepMs <= 10_000) return 5000
  return stepMs <= 60_000 ? 15_000 : 30_000
}

/** A rule wants so many samples; as a stored row stands for many, only its times count where they are fewer here. */
function scaled({ rules }: Replay, everyMs: number): Rules {
  const most = (wanted: number, ms: number) => Math.min(wanted, Math.floor(ms / everyMs) + 1)
  const adapt = (rule: Rule): Rule =>
    rule.watches.kind !== 'metric'
      ? rule
      : {
          ...rule,
          minSamples: most(rule.minSamples, rule.forMs),
          clearSamples: most(rule.clearSamples, rule.clearForMs),
        }
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, adapt(rule)]))
}

function numbersAt(columns: Columns, row: number): Numbers {
  const known: Partial<Record<MetricName, number | null>> = {}
  for (const name in columns) known[name as MetricName] = columns[name as MetricName]?.[row] ?? null
  return { ...NO_NUMBERS, ...known }
}

function isBad({ rules, subject }: Replay, numbers: Numbers, at: EpochMs): boolean {
  return sampleReadings(rules, { kind: 'sample', subject, numbers, at }).some(
    ({ reading }) => reading.verdict === 'bad',
  )
}

/** Whether time or a good sample could change anything. */
function isAwake({ book, subject }: Replay): boolean {
  const known = knownBy(book.containers, subject.name)
  return known !== null && isOpen(known)
}

function probe(replay: Replay, at: EpochMs, responseMs: number): void {
  const { subject } = replay
  tell(replay, { kind: 'probe', subject, result: { at, url: '', ok: true, responseMs, detail: '' } }, at)
}

/** What happened until `at`, each at its own time. */
function tellMarks(replay: Replay, at: EpochMs): void {
  for (let mark = replay.marks[replay.told]; mark !== undefined && mark.at <= at; mark = replay.marks[replay.told]) {
    replay.told++
    replay.nearUntil = mark.at + NEAR_FOR_MS
    tell(replay, mark.observation(replay.subject), mark.at)
  }
}

function tell(replay: Replay, observation: Observation, at: EpochMs): void {
  waitUntil(replay, at)
  say(replay, observation, at)
  replay.heardAt = Math.max(replay.heardAt, at)
}

/** Time passes in steps for as long as something could come of it. */
function waitUntil(replay: Replay, to: EpochMs): void {
  while (isAwake(replay)) {
    const next = replay.tickedAt + (replay.tickedAt < replay.nearUntil ? NEAR_MS : FAR_MS)
    if (next >= to) return
    if (next - replay.heardAt > WAIT_AT_MOST_MS) break
    say(replay, { kind: 'time', at: next }, next)
    replay.tickedAt = next
  }
  replay.tickedAt = to
}

function say(replay: Replay, observation: Observation, now: EpochMs): void {
  const [book, events] = judge(replay.book, observation, now, replay.scaled.rules)
  replay.book = book
  for (const { id, state, time, rule, severity, value, threshold, summary, suppressed } of events) {
    const place = replay.open.get(id)
    if (state === 'resolved' && place !== undefined) {
      const alert = replay.fired[place]
      if (alert !== undefined) alert.to = time
      replay.open.delete(id)
    } else if (state === 'firing' && replay.fired.length < MAX_FIRED) {
      replay.open.set(id, replay.fired.length)
      const about = { rule, severity, container: replay.subject.name, from: time, to: null, value, threshold, summary }
      replay.fired.push(suppressed === undefined ? about : { ...about, suppressed })
    }
  }
}
