/** Runs a load profile, or a scenario of several, against the target app and says what came of it. */
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { createDisplay } from './display.ts'
import { runSteps } from './run.ts'
import { readStepsOrExit } from './scenario.ts'
import { stressSettings } from './settings.ts'
import { targetAt } from './target.ts'

const EXIT = { done: 0, 'target-lost': 1, SIGINT: 130, SIGTERM: 143 } as const

async function main(): Promise<void> {
  const settings = settingsOrExit('stress-generator', stressSettings)
  const steps = readStepsOrExit(settings)
  const display = createDisplay({
    isTTY: process.stdout.isTTY === true,
    columns: () => process.stdout.columns || null,
    write: (text) => process.stdout.write(text),
  })
  // The first signal ends all load and prints the summary; a second one ends the process at once.
  const stop = new AbortController()
  let signalled: 'SIGINT' | 'SIGTERM' | null = null
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (signalled !== null) process.exit(EXIT[signal])
      signalled = signal
      stop.abort()
    })
  const prefix = `${hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 32)}.${process.pid}.`
  const { reports, end } = await runSteps(steps, {
    url: settings.TARGET_URL,
    concurrency: settings.STRESS_CONCURRENCY,
    target: targetAt(settings.TARGET_URL, prefix),
    prefix,
    display,
    now: () => performance.now(),
    isoNow: () => new Date().toISOString(),
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    signal: stop.signal,
  })
  if (settings.STRESS_REPORT !== null) writeFileSync(settings.STRESS_REPORT, `${JSON.stringify(reports, null, 2)}\n`)
  process.exit(signalled === null ? EXIT[end === 'stopped' ? 'done' : end] : EXIT[signalled])
}

if (import.meta.main) await main()
