/** Runs of the stress generator, as its JSON report (STRESS_REPORT) tells of them: what of it a report shows. */
import { durationText, latencyText, percentText } from '@plimsoll/contracts/text'
import { type EpochMs, localTime, parseIsoTime } from '@plimsoll/contracts/time'
import * as v from 'valibot'

const maybe = v.nullable(v.number())
const Run = v.looseObject({
  level: v.string(),
  startedAt: v.string(),
  secondsRun: v.pipe(v.number(), v.minValue(0)),
  end: v.string(),
  aims: v.array(v.looseObject({ label: v.string(), unit: v.string(), mean: maybe, share: maybe })),
  http: v.nullable(v.looseObject({ perSecond: v.number(), p95: maybe })),
})

export interface StressRun {
  readonly level: string
  readonly from: EpochMs
  readonly to: EpochMs
  /** What it came to, in one line. */
  readonly result: string
}

/** The runs of a report file, or why it is none. */
export function stressRunsOf(text: string): readonly StressRun[] | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  const read = v.safeParse(v.array(Run), data)
  if (!read.success) {
    const [issue] = read.issues
    return `it is not a report of the stress generator (${v.getDotPath(issue) ?? 'whole'}: ${issue.message})`
  }
  return read.output.flatMap((run) => {
    const from = parseIsoTime(run.startedAt)
    return from === null ? [] : [{ level: run.level, from, to: from + run.secondsRun * 1000, result: resultOf(run) }]
  })
}

function resultOf({ aims, http, end }: v.InferOutput<typeof Run>): string {
  const mean = (value: number | null) => (value === null ? 'unknown' : value.toFixed(1))
  return [
    ...aims.map(
      ({ label, unit, mean: of, share }) => `${label} ${mean(of)} ${unit}, ${percentText(share, 0)} in its band`,
    ),
    ...(http === null ? [] : [`${http.perSecond.toFixed(0)} requests a second, p95 ${latencyText(http.p95)}`]),
    ...(end === 'done' ? [] : [end]),
  ].join('; ')
}

/** `2026-11-21 13:00:00 cpu-intensive for 1 min: CPU 86.0 %, 98 % in its band`. */
export function stressText({ level, from, to, result }: StressRun): string {
  return `${localTime(from)} ${level} for ${durationText(Math.round((to - from) / 1000) * 1000)}${result === '' ? '' : `: ${result}`}`
}
