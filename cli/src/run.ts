/** What each command does, given where to read from and where to write to. Answers with the exit code. */
import type { Values } from './args.ts'
import type { Fetched } from './core/answers.ts'
import { check, checkLine, unknown, VERDICTS } from './core/check.ts'
import { bashCompletion, zshCompletion } from './core/completion.ts'
import { ansi, type Line } from './core/line.ts'
import { safe } from './core/safe-text.ts'
import { alertTable, asText, containerTable, present, statusLines, watchLines } from './core/tables.ts'
import type { Monitor } from './io/monitor.ts'

/** sysexits.h: the command was used wrongly; what is needed does not answer. */
export const EXIT_USAGE = 64
export const EXIT_UNAVAILABLE = 69

export interface Out {
  readonly text: (text: string) => void
  readonly error: (text: string) => void
  /** Whether lines may be styled. */
  readonly styled: boolean
  readonly colour: boolean
}

export interface Task {
  readonly monitor: Monitor
  readonly values: Values
  readonly word: string | null
  readonly out: Out
  readonly now: () => number
}

export function show({ styled, colour, text }: Out, lines: readonly Line[]): void {
  text(styled ? lines.map((line) => `${ansi(line, colour)}\n`).join('') : asText(lines))
}

/** Says on stderr why there is no answer. */
export function away({ monitor, out }: Task, fetched: Extract<Fetched<unknown>, { ok: false }>): number {
  const where = fetched.reached ? `the monitor at ${monitor.url} says` : `the monitor at ${monitor.url} is away`
  const advice = fetched.reached ? '' : '. Is it running? MONITOR_URL or --url names another.'
  out.error(`plimsoll: ${where}: ${safe(fetched.why)}${advice}\n`)
  return EXIT_UNAVAILABLE
}

export async function runContainers(task: Task): Promise<number> {
  const { monitor, values, out } = task
  const [containers, alerts] = await Promise.all([
    monitor.containers(),
    monitor.alerts({ state: 'firing', limit: 500 }),
  ])
  if (!containers.ok) return away(task, containers)
  if (values.json === true) out.text(`${JSON.stringify(containers.answer, null, 2)}\n`)
  else if (values.names === true)
    out.text(
      present(containers.answer)
        .map(({ name }) => `${safe(name)}\n`)
        .join(''),
    )
  else show(out, containerTable(containers.answer, alerts.ok ? alerts.answer.alerts : []))
  return 0
}

export async function runAlerts(task: Task): Promise<number> {
  const { monitor, values, out, now } = task
  const limit = Number(values.limit ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    out.error(`plimsoll alerts: --limit cannot be "${values.limit}"; it is a whole number from 1 to 500\n`)
    return EXIT_USAGE
  }
  const state = values.state as 'firing' | 'resolved' | undefined
  const fetched = await monitor.alerts({
    ...(state && { state }),
    limit: values.container === undefined ? limit : 500,
  })
  if (!fetched.ok) return away(task, fetched)
  const only = values.container
  const alerts = fetched.answer.alerts
    .filter(({ container }) => only === undefined || container === only)
    .slice(0, limit)
  if (values.json === true) out.text(`${JSON.stringify({ alerts }, null, 2)}\n`)
  else if (values.ids === true) out.text(alerts.map(({ id }) => `${safe(id)}\n`).join(''))
  else show(out, alertTable(alerts, now()))
  return 0
}

export async function runStatus(task: Task): Promise<number> {
  const { monitor, values, out, now } = task
  const [status, health] = await Promise.all([monitor.status(), monitor.health()])
  if (!status.ok) return away(task, status)
  if (!health.ok) return away(task, health)
  const told = statusLines(status.answer, health.answer, now())
  if (values.json === true) out.text(`${JSON.stringify({ ...status.answer, health: health.answer }, null, 2)}\n`)
  else show(out, told.lines)
  return told.well ? 0 : 1
}

export async function runCheck({ monitor, values, out }: Task): Promise<number> {
  const [containers, alerts, health] = await Promise.all([
    monitor.containers(),
    monitor.alerts({ state: 'firing', limit: 500 }),
    monitor.health(),
  ])
  const failed = [health, containers, alerts].find((fetched) => !fetched.ok)
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null)
  const checked =
    containers.ok && alerts.ok && health.ok
      ? check({
          containers: containers.answer,
          alerts: alerts.answer.alerts,
          health: health.answer,
          container: text('container'),
          rule: text('rule'),
        })
      : unknown(`the monitor at ${monitor.url}: ${failed?.ok === false ? failed.why : 'no answer'}`)
  out.text(`${checkLine(checked)}\n`)
  return VERDICTS[checked.verdict]
}

export async function runWatchRound({ monitor, out }: Task): Promise<void> {
  const fetched = await monitor.containers()
  if (fetched.ok)
    out.text(
      watchLines(fetched.answer)
        .map((line) => `${line}\n`)
        .join(''),
    )
  else out.error(`plimsoll: the monitor at ${monitor.url}: ${safe(fetched.why)}\n`)
}

export function runCompletion({ word, out }: Task): number {
  out.text(word === 'zsh' ? zshCompletion() : bashCompletion())
  return 0
}
