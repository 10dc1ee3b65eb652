/**
 * `plimsoll monitor`: one sample for cron. It is the running monitor's sample: one of our own would need the engine's
 * socket, and the alert log has one writer only.
 */
import { isoTime } from '@plimsoll/contracts/time'
import { safe } from './core/safe-text.ts'
import { SAMPLE_HEAD, sampleRows } from './core/sample-rows.ts'
import { firingLines, present, watchLines } from './core/tables.ts'
import { appendRows } from './io/csv.ts'
import { EXIT_UNAVAILABLE, type Task } from './run.ts'

/** sysexits.h EX_CANTCREAT: the file cannot be written. */
const EXIT_CANNOT_WRITE = 73

export async function runMonitor({ monitor, values, out, now }: Task): Promise<number> {
  const [containers, alerts] = await Promise.all([
    monitor.containers(),
    monitor.alerts({ state: 'firing', limit: 500 }),
  ])
  if (!containers.ok) {
    out.text(`${safe(`${isoTime(now())} MONITOR AWAY ${monitor.url}: ${containers.why}`)}\n`)
    return EXIT_UNAVAILABLE
  }
  const isWanted = (name: string | null) => values.container === undefined || name === values.container
  const answer = { ...containers.answer, containers: containers.answer.containers.filter(({ name }) => isWanted(name)) }
  const firing = alerts.ok ? alerts.answer.alerts.filter(({ container }) => isWanted(container)) : []
  const lines = [...watchLines(answer), ...firingLines(firing, answer.at)]
  out.text(lines.map((line) => `${line}\n`).join(''))
  if (typeof values.csv !== 'string') return 0
  try {
    appendRows(values.csv, SAMPLE_HEAD, sampleRows(present(answer), answer.at))
    return 0
  } catch (error) {
    out.error(`plimsoll monitor: ${safe(error instanceof Error ? error.message : String(error))}\n`)
    return EXIT_CANNOT_WRITE
  }
}
