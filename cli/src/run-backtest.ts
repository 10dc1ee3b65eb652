/** `plimsoll backtest`: what rules would have sent on the history that the monitor has stored. */
import { readFileSync } from 'node:fs'
import type { BacktestAsked } from '@plimsoll/contracts/backtest'
import { backtestLines } from './core/backtest-lines.ts'
import { safe } from './core/safe-text.ts'
import { away, EXIT_USAGE, show, type Task } from './run.ts'

/** sysexits.h: the rules cannot be read, or are none; the monitor is busy with another. */
const EXIT_NO_INPUT = 66
const EXIT_BAD_DATA = 65
const EXIT_AGAIN = 75

export async function runBacktest(task: Task): Promise<number> {
  const { monitor, values, out } = task
  const days = values.days === undefined ? undefined : Number(values.days)
  if (days !== undefined && !(days >= 1 && days <= 400)) {
    out.error(`plimsoll backtest: --days cannot be "${safe(String(values.days))}"; it is a number from 1 to 400\n`)
    return EXIT_USAGE
  }
  const asked: { -readonly [K in keyof BacktestAsked]: BacktestAsked[K] } = days === undefined ? {} : { days }
  try {
    if (typeof values.rules === 'string') asked.rules = readFileSync(values.rules === '-' ? 0 : values.rules, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    out.error(`plimsoll backtest: the rules cannot be read: ${safe(why)}\n`)
    return EXIT_NO_INPUT
  }
  const fetched = await monitor.backtest(asked)
  if (!fetched.ok) {
    const { code, why } = fetched
    if (code !== 'bad-request' && code !== 'too-many-requests') return away(task, fetched)
    out.error(`plimsoll backtest: ${safe(why)}\n`)
    return code === 'bad-request' ? EXIT_BAD_DATA : EXIT_AGAIN
  }
  if (values.json === true) out.text(`${JSON.stringify(fetched.answer, null, 2)}\n`)
  else show(out, backtestLines(fetched.answer))
  return 0
}
