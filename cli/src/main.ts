/** The command `plimsoll`: reads its words and its settings, runs one command, ends with its exit code. */
import { readSettings } from '@plimsoll/contracts/settings'
import { type Asked, asked } from './args.ts'
import { checkLine, unknown, VERDICTS } from './core/check.ts'
import type { Command } from './core/commands.ts'
import { commandHelp, generalHelp } from './core/help.ts'
import { safe } from './core/safe-text.ts'
import { monitorAt } from './io/monitor.ts'
import { EXIT_USAGE, type Out, runAlerts, runCheck, runCompletion, runContainers, runStatus, type Task } from './run.ts'
import { runBacktest } from './run-backtest.ts'
import { runLive } from './run-live.ts'
import { runMonitor } from './run-monitor.ts'
import { runReport } from './run-report.ts'
import { runAck, runSilence, runSilences, runUnsilence } from './run-say.ts'
import { cliSettings } from './settings.ts'

const RUNS: Readonly<Record<string, (task: Task) => Promise<number> | number>> = {
  live: runLive,
  check: runCheck,
  containers: runContainers,
  alerts: runAlerts,
  status: runStatus,
  report: runReport,
  monitor: runMonitor,
  silence: runSilence,
  silences: runSilences,
  unsilence: runUnsilence,
  ack: runAck,
  backtest: runBacktest,
  completion: runCompletion,
}

/** Something is wrong with how it was called; a monitoring system must not take that for WARNING. */
function wrong(command: Command | null, why: string): number {
  const name = command === null ? 'plimsoll' : `plimsoll ${command.name}`
  process.stderr.write(`${name}: ${safe(why)}\nSee ${name} --help.\n`)
  if (command?.name !== 'check') return EXIT_USAGE
  process.stdout.write(`${checkLine(unknown(why))}\n`)
  return VERDICTS.UNKNOWN
}

async function run(words: Extract<Asked, { kind: 'run' }>): Promise<number> {
  const { command, values, word } = words
  const url = values.url
  const env = { ...process.env, ...(typeof url === 'string' ? { MONITOR_URL: url } : {}) }
  const read = readSettings(cliSettings, { env, readFile: () => '' })
  if (!read.ok) return wrong(command, read.problems.join('; '))
  const styled = process.stdout.isTTY === true && process.env.TERM !== 'dumb'
  const out: Out = {
    text: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    styled,
    colour: styled && !process.env.NO_COLOR && values['no-color'] !== true,
  }
  const task: Task = { monitor: monitorAt(read.settings.MONITOR_URL), values, word, out, now: Date.now }
  return (await RUNS[command.name]?.(task)) ?? EXIT_USAGE
}

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  // A reader that closes the pipe early (head) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 74))
  const what = asked(process.argv.slice(2))
  switch (what.kind) {
    case 'help':
      process.stdout.write(what.command === null ? generalHelp() : commandHelp(what.command))
      return
    case 'wrong':
      process.exitCode = wrong(what.command, what.why)
      return
    case 'run':
      process.exitCode = await run(what)
      // The live view's connections may linger; what was printed is out once the pipe took it. A write that failed
      // ends the process by the error above.
      process.stdout.write('', (error) => {
        if (error == null) process.exit()
      })
  }
}

if (import.meta.main) await main()
