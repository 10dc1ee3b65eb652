/**
 * Answers a back-test over HTTP: the stored past of every container is replayed in small parts, so that sampling goes
 * on between them, one back-test at a time.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { BacktestAnswer } from '@plimsoll/contracts/backtest'
import type { HistoryAnswer } from '@plimsoll/contracts/http'
import type { MetricName } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import { finish, newReplay, type PastRows, playRows, type Replay } from './core/backtest.ts'
import { marksOf } from './core/backtest-marks.ts'
import { type Played, summed, withStretch } from './core/backtest-sums.ts'
import { lifeOf, livesByName } from './core/fleet.ts'
import { issueText } from './core/issues.ts'
import type { Subject } from './core/observation.ts'
import type { Query } from './core/query.ts'
import type { Rules } from './core/rules.ts'
import type { Fleet } from './core/told.ts'
import { rulesFromText } from './io/rules-file.ts'
import { Refusal } from './io/web.ts'
import type { Past } from './past.ts'

const DAY_MS = 24 * 60 * 60_000
const DAYS = { fallback: 7, most: 400 } as const
/** A part of the past that is read at once: at most 2 160 rows, a few milliseconds. */
const PART_MS = 6 * 60 * 60_000
const PART_ROWS = 2160
/** Played without a look at the clock; and without a break, in which the sampler has its turn. */
const SLICE_MS = 200_000
const BREATHE_AFTER_MS = 10
/** Older than a day the rows are 1 min or 15 min long, and a part holds more time. */
const OLD = { afterMs: 15 * DAY_MS, partMs: 7 * DAY_MS } as const
/** What is not replayed by then is left out, by name. */
const DEADLINE_MS = 90_000
const MAX_FIRED = 100_000
/** Alerts of the store that are counted beside; reading more would take long at once. */
const MAX_REALLY = 5_000

export interface BacktestParts {
  readonly fleet: Fleet
  readonly past: Pick<Past, 'answer' | 'removed' | 'alerts'>
  readonly rules: () => Rules
  readonly now: () => EpochMs
}

export interface Backtests {
  /** Of the rules in force. */
  readonly inForce: (query: Query) => Promise<BacktestAnswer>
  readonly asked: (body: unknown) => Promise<BacktestAnswer>
}

const Asked = v.strictObject({
  days: v.exactOptional(
    v.pipe(v.number('is a number of days'), v.minValue(1, 'is at least 1'), v.maxValue(DAYS.most, 'is at most 400')),
  ),
  rules: v.exactOptional(v.string('is the text of a rules file (YAML)')),
})

/** What answers; it throws a `Refusal` that says why when it cannot. */
export function backtestsOf(parts: BacktestParts): Backtests {
  let busy = false
  const alone = async (body: unknown): Promise<BacktestAnswer> => {
    const asked = v.safeParse(Asked, body ?? {})
    if (!asked.success) throw new Refusal('bad-request', issueText(asked.issues[0]))
    const { days = DAYS.fallback, rules } = asked.output
    const played = rules === undefined ? null : changed(rules)
    if (busy) throw new Refusal('too-many-requests', 'a back-test is under way; ask again when it has ended')
    busy = true
    try {
      return await backtest(parts, { days, rules: played })
    } finally {
      busy = false
    }
  }
  return {
    inForce: ({ days }) => alone(days === undefined || days === '' ? {} : { days: Number(days) }),
    asked: alone,
  }
}

function changed(text: string): Rules {
  const read = rulesFromText(text)
  if (read.ok) return read.rules
  throw new Refusal('bad-request', `rules: ${read.problems.slice(0, 10).join('; ').slice(0, 1000)}`)
}

async function backtest(
  parts: BacktestParts,
  asked: { readonly days: number; readonly rules: Rules | null },
): Promise<BacktestAnswer> {
  const { past, now } = parts
  const to = now()
  const from = to - asked.days * DAY_MS
  const rules = asked.rules ?? parts.rules()
  const metrics = metricsOf(rules)
  const played: Played = { means: [], peaks: [], stretches: [], containers: 0, leftOut: [] }
  for (const subject of subjectsOf(parts)) {
    if (now() - to > DEADLINE_MS || played.means.length + played.peaks.length > MAX_FIRED) {
      played.leftOut.push(subject.name)
      continue
    }
    await replay(parts, { subject, rules, from, to, metrics }, played)
  }
  const really = past.alerts({ container: null, from, to, limit: MAX_REALLY }).filter(({ firedAt }) => firedAt >= from)
  const scope = { from, to, tookMs: now() - to, rules: asked.rules === null ? 'in force' : 'asked' } as const
  return summed(played, { ...scope, set: rules, really })
}

/** Who is replayed: what is there with its labels, then what was removed, by the settings' thresholds. */
function subjectsOf({ fleet, past }: BacktestParts): readonly Subject[] {
  const there = livesByName(fleet).map(({ subject }) => subject)
  const names = new Set(there.map(({ name }) => name))
  const gone = past.removed().flatMap(({ name }): Subject[] => {
    if (names.has(name) || lifeOf(fleet, name) !== undefined) return []
    names.add(name)
    return [{ name, id: name, thresholds: fleet.defaults, severity: null, expectedUp: false }]
  })
  return [...there, ...gone]
}

interface Run {
  readonly subject: Subject
  readonly rules: Rules
  readonly from: EpochMs
  readonly to: EpochMs
  readonly metrics: readonly MetricName[]
}

async function replay({ past, now }: BacktestParts, run: Run, played: Played): Promise<void> {
  const { subject, rules, from, to, metrics } = run
  await breathe()
  const ask = (begin: EpochMs, end: EpochMs, points: number) =>
    past.answer({ name: subject.name, from: begin, to: end, points, metrics, now: now() })
  const whole = ask(from, to, 2)
  if (whole === null) return
  const marks = marksOf(whole.spans, (whole.events ?? []).toReversed())
  const [means, peaks] = [newReplay(subject, rules, marks, from), newReplay(subject, rules, marks, from)]
  let known = from
  for (let begin = Math.max(from, whole.at[0] ?? to); begin < to; ) {
    const end = Math.min(to, begin + (to - begin > OLD.afterMs ? OLD.partMs : PART_MS))
    await breathe()
    const part = ask(begin, end, PART_ROWS)
    if (part !== null && part.at.length > 0) known = await play({ means, peaks, now }, part, { since: known, played })
    begin = end
  }
  played.means.push(...finish(means, to))
  await breathe()
  played.peaks.push(...finish(peaks, to))
  played.containers++
}

async function play(
  { means, peaks, now }: { readonly means: Replay; readonly peaks: Replay; readonly now: () => EpochMs },
  part: HistoryAnswer,
  { since, played }: { readonly since: EpochMs; readonly played: Played },
): Promise<EpochMs> {
  const { at, columns, maxima = {}, stepMs } = part
  const first = at.findIndex((one) => one >= since)
  if (first === -1) return since
  const many = Math.max(1, Math.floor(SLICE_MS / stepMs))
  let breathedAt = now()
  for (let row = first; row < at.length; row += many) {
    const cut = (all: PastRows['columns']): PastRows['columns'] =>
      Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values?.slice(row, row + many)]))
    const slice = { stepMs, at: at.slice(row, row + many) }
    playRows(means, { ...slice, columns: cut(columns) })
    playRows(peaks, { ...slice, columns: cut({ ...columns, ...maxima }) })
    if (now() - breathedAt < BREATHE_AFTER_MS) continue
    await breathe()
    breathedAt = now()
  }
  const end = (at.at(-1) ?? since) + stepMs
  withStretch(played.stretches, { from: at[first] ?? since, to: end, stepMs })
  return end
}

/** What has to be read for these rules, and what their sentences tell besides. */
function metricsOf(rules: Rules): readonly MetricName[] {
  const read = new Set<MetricName>(['memoryUsedBytes', 'memoryLimitBytes'])
  for (const { watches } of Object.values(rules)) {
    if (watches.kind === 'metric') read.add(watches.metric)
    if (watches.kind === 'latency') read.add('responseMs')
  }
  return [...read]
}
