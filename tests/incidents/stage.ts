/** Where incidents are played: a monitor of its own on the real engine, and containers that nobody else touches. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { decode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { docker, freePort } from '../support/docker.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

export const IMAGE = 'node:24-slim'

export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-incidents-'))
  readonly #prefix = `inc${process.pid}`
  readonly #containers = new Set<string>()
  #port = 0
  #monitor: Running | null = null
  #count = 0

  /** Starts the monitor, and waits until it sees the engine. */
  async watch(): Promise<void> {
    this.#port = await freePort()
    this.#monitor = startService('monitor/src/main.ts', {
      LOGS_DIR: join(this.folder, 'logs'),
      STATE_DIR: join(this.folder, 'state'),
      RULES_FILE: join(this.folder, 'alerts.yaml'),
      MONITOR_PORT: String(this.#port),
      HEALTH_TIMEOUT: '1s',
      LOG_LEVEL: 'warn',
    })
    await until('the monitor sees the engine', async () => {
      const answer = await fetch(`http://127.0.0.1:${this.#port}/api/status`).catch(() => null)
      const status = (await answer?.json()) as { engine?: { state?: string } } | undefined
      return status?.engine?.state === 'connected'
    })
  }

  /** Ends the monitor: `SIGKILL` at this moment, `SIGTERM` in order. */
  async stopWatching(signal: NodeJS.Signals): Promise<void> {
    this.#monitor?.child.kill(signal)
    await this.#monitor?.ended
    this.#monitor = null
  }

  /** A name for a container of this run; it is removed at the end. */
  name(of: string): string {
    const name = `${this.#prefix}-${++this.#count}-${of}`
    this.#containers.add(name)
    return name
  }

  /** `docker run -d` under a name; `words` are options, image and command. */
  async run(name: string, ...words: readonly string[]): Promise<void> {
    await docker('run', '-d', '--name', name, ...words)
  }

  /** What the alert log says of containers, oldest first. */
  linesOf(names: readonly string[]): AlertEvent[] {
    const events = this.#log().flatMap((line) => {
      const decoded = decode(line)
      return decoded.ok ? [decoded.event] : []
    })
    return events.filter(({ container }) => container !== null && names.includes(container))
  }

  /** Waits for a line. */
  async line(of: string, rule: string, state: AlertEvent['state'], deadlineMs = 20_000): Promise<AlertEvent> {
    const found = () => this.linesOf([of]).findLast((event) => event.rule === rule && event.state === state)
    return await until(`${rule} ${state} of ${of}`, found, deadlineMs)
  }

  /** Waits for nothing to happen: only time can show that. */
  async quiet(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
  }

  async end(): Promise<void> {
    await this.stopWatching('SIGTERM')
    if (this.#containers.size > 0) await docker('rm', '-f', '-v', ...this.#containers).catch(() => undefined)
    rmSync(this.folder, { recursive: true, force: true })
  }

  #log(): string[] {
    try {
      return readFileSync(join(this.folder, 'logs', ALERT_LOG), 'utf8').split('\n')
    } catch {
      return []
    }
  }
}

/** When the engine says that something happened to a container last, in epoch milliseconds; `null` if never. */
export async function engineTime(name: string, event: string): Promise<number | null> {
  const now = Math.ceil(Date.now() / 1000)
  const which = ['--filter', `container=${name}`, '--filter', `event=${event}`]
  const said = await docker(
    'events',
    '--since',
    `${now - 600}`,
    '--until',
    `${now}`,
    ...which,
    '--format',
    '{{.TimeNano}}',
  )
  const last = said.split('\n').findLast((line) => line !== '')
  return last === undefined ? null : Number(BigInt(last) / 1000n) / 1000
}
