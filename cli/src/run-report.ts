/** `plimsoll report`: asks the monitor for what it knows of a stretch of time, and prints the report of it. */
import { readFileSync } from 'node:fs'
import type { AlertView } from '@plimsoll/contracts/alert'
import { duration } from '@plimsoll/contracts/setting-kinds'
import { parseIsoTime } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import type { Answers } from './core/answers.ts'
import { buildReport, type Report, type ReportInput } from './core/report/report.ts'
import { reportHtml } from './core/report/report-html.ts'
import { reportData, reportRows } from './core/report/report-rows.ts'
import { reportLines } from './core/report/report-text.ts'
import { type StressRun, stressRunsOf } from './core/report/stress.ts'
import { safe } from './core/safe-text.ts'
import { csvText } from './io/csv.ts'
import type { Monitor } from './io/monitor.ts'
import { away, EXIT_USAGE, show, type Task } from './run.ts'

/** Rows of history asked for: a day in minutes. */
const MOST_POINTS = 1440
const FINEST_ROW_MS = 10_000
const MOST_ALERTS = 1000
/** Histories asked for at a time: the monitor has other readers too. */
const AT_A_TIME = 4

interface Range {
  readonly from: number
  readonly to: number
}

export async function runReport(task: Task): Promise<number> {
  const { values, out, now, monitor } = task
  const range = rangeOf(task)
  if (typeof range === 'string') {
    out.error(`plimsoll report: ${range}\n`)
    return EXIT_USAGE
  }
  const stressRuns = readStressRuns(values.stress)
  if (typeof stressRuns === 'string') {
    out.error(`plimsoll report: --stress ${safe(stressRuns)}\n`)
    return EXIT_USAGE
  }
  const [containers, alerts, events, status] = await Promise.all([
    monitor.containers({ removed: true }),
    monitor.alerts({ limit: MOST_ALERTS }),
    monitor.events(),
    monitor.status(),
  ])
  if (!containers.ok) return away(task, containers)
  if (!alerts.ok) return away(task, alerts)
  const only = typeof values.container === 'string' ? values.container : null
  const gathered = await gather(monitor, { containers: containers.answer, alerts: alerts.answer.alerts, only, range })
  if (only !== null && gathered.containers.length === 0) {
    out.error(`plimsoll report: nothing is known of a container "${only}"\n`)
    return 1
  }
  const { engine } = containers.answer
  const host = engine.state === 'connected' ? engine.host : (containers.answer.containers[0]?.host ?? 'unknown host')
  const delivery = status.ok ? status.answer.delivery : null
  const input = { ...gathered, host, delivery, stressRuns, events: events.ok ? events.answer.events : [] }
  print(task, buildReport(input, range.from, range.to), now())
  return 0
}

/** The runs in the file, none without one, or what is wrong with it. */
function readStressRuns(file: Task['values'][string]): readonly StressRun[] | string {
  if (typeof file !== 'string') return []
  try {
    const runs = stressRunsOf(readFileSync(file, 'utf8'))
    return typeof runs === 'string' ? `${file}: ${runs}` : runs
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The time asked for, or what is wrong with it. */
function rangeOf({ values, now }: Task): Range | string {
  const since = v.safeParse(duration({ min: '1m', max: '3650d' }), String(values.since ?? '24h'))
  if (!since.success) return `--since ${since.issues[0].message}`
  const to = values.until === undefined ? now() : parseIsoTime(String(values.until))
  if (to === null) return `--until cannot be "${values.until}"; it is a time such as 2026-11-21T12:00:00Z`
  return { from: to - since.output, to: Math.min(to, now()) }
}

interface Asked {
  readonly containers: Answers['containers']
  readonly alerts: readonly AlertView[]
  readonly only: string | null
  readonly range: Range
}

/** The history of each container the monitor knows, or an alert tells of. */
async function gather(monitor: Monitor, asked: Asked): Promise<Pick<ReportInput, 'containers' | 'alerts' | 'missing'>> {
  const { from, to } = asked.range
  const views = new Map(asked.containers.containers.map((view) => [view.name, view]))
  const inTime = asked.alerts.filter(({ firedAt, resolvedAt }) => firedAt < to && (resolvedAt ?? to) > from)
  const alerts = inTime.filter(({ container }) => asked.only === null || container === asked.only)
  const gone = (asked.containers.removed ?? []).filter(({ firstAt, lastAt }) => firstAt < to && lastAt > from)
  const all = new Set([
    ...views.keys(),
    ...gone.map(({ name }) => name),
    ...alerts.flatMap(({ container }) => container ?? []),
  ])
  const names = asked.only === null ? [...all] : [asked.only]
  const points = Math.min(MOST_POINTS, Math.max(10, Math.ceil((to - from) / FINEST_ROW_MS)))
  const found: ReportInput['containers'][number][] = []
  const missing: string[] = []
  const next = names.values()
  const work = async () => {
    for (const name of next) {
      const history = await monitor.history(name, { from, to, points })
      const view = views.get(name)
      if (history.ok)
        found.push({ view: view === undefined || view.state === 'removed' ? null : view, history: history.answer })
      else if (history.code !== 'container-not-found') missing.push(`${name}: ${history.why}`)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  if (asked.alerts.length >= MOST_ALERTS) missing.push(`alerts before the newest ${MOST_ALERTS}`)
  return { containers: found, alerts, missing }
}

function print({ values, out }: Task, report: Report, madeAt: number): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (values.format === 'json') out.text(`${JSON.stringify(reportData(report), null, 2)}\n`)
  else if (values.format === 'csv') out.text(csvText(reportRows(report)))
  else if (values.format === 'html') out.text(reportHtml(report, zone, madeAt))
  else show(out, reportLines(report))
}
