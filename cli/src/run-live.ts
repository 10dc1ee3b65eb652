/** `plimsoll live`: the screen on a terminal, else one table, or with --watch a line for each container again and again. */
import { setTimeout as wait } from 'node:timers/promises'
import { duration } from '@plimsoll/contracts/setting-kinds'
import * as v from 'valibot'
import { ASCII, UNICODE } from './core/bar.ts'
import { RECENT_MS } from './core/detail.ts'
import { safe } from './core/safe-text.ts'
import { openSocket } from './io/socket.ts'
import { openTerminal } from './io/terminal.ts'
import { Live } from './live.ts'
import { EXIT_USAGE, runContainers, runWatchRound, type Task } from './run.ts'

const RECENT_POINTS = 450

export async function runLive(task: Task): Promise<number> {
  if (task.values.watch === true) return await watch(task)
  if (!process.stdout.isTTY || !process.stdin.isTTY) return await runContainers({ ...task, values: {} })
  return await screenUntilQuit(task)
}

async function watch(task: Task): Promise<number> {
  const interval = v.safeParse(duration({ min: '500ms', max: '1d' }), String(task.values.interval ?? '5s'))
  if (!interval.success) {
    task.out.error(`plimsoll live: --interval ${safe(interval.issues[0].message)}\n`)
    return EXIT_USAGE
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  // `plimsoll live --watch | head` ends with head.
  process.stdout.once('error', () => stop.abort())
  while (!stop.signal.aborted) {
    await runWatchRound(task)
    await wait(interval.output, undefined, { signal: stop.signal }).catch(() => {})
  }
  return 0
}

// Asked for by name, another character set is believed; unset (as in a container) it is UTF-8 like every terminal today.
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return env.TERM !== 'linux' && (locale === '' || /utf-?8/i.test(locale))
}

async function screenUntilQuit(task: Task): Promise<number> {
  const { monitor, values, out, now } = task
  const live = new Live({
    where: monitor.url,
    glyphs: values.ascii === true || !isUnicode(process.env) ? ASCII : UNICODE,
    colour: out.colour,
    now,
    connect: (dispatch) => openSocket(monitor.url, dispatch),
    status: monitor.status,
    host: monitor.host,
    history: (name) => monitor.history(name, { from: now() - RECENT_MS, to: now(), points: RECENT_POINTS }),
    terminal: (listener) => openTerminal(process.stdin, process.stdout, listener),
  })
  let code = 0
  const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const
  for (const [signal, exit] of Object.entries(signals))
    process.once(signal, () => {
      code = exit
      live.stop()
    })
  // The terminal is given back before the trace is printed, or nobody could read it.
  const crash = (error: unknown) => {
    live.stop()
    out.error(`plimsoll: unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(70)
  }
  process.once('uncaughtException', crash).once('unhandledRejection', crash)
  await live.run()
  return code
}
