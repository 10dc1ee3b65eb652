/** An alert service in this process, on files of its own: what its tests write to and look at. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { readSettings } from '@plimsoll/contracts/settings'
import { pino } from 'pino'
import { createService, type Service } from '../../alert-service/src/service.ts'
import { type AlertSettings, alertSettings } from '../../alert-service/src/settings.ts'
import type { Desk } from '../../alert-service/src/take.ts'

/** The pace of a test: nothing waits for longer than a fraction of a second. */
const QUICK = {
  CHECK_INTERVAL: '100ms',
  BUFFER_TIMEOUT: '200ms',
  SEND_TIMEOUT: '400ms',
  ALERT_COOLDOWN: '0',
  MONITOR_SILENCE: '0',
}

/** What a delivery is known by. */
export const keyOf = (event: AlertEvent, repeat = 0): string => `${event.id}.${event.state}.${repeat}`

export class AlertStage {
  readonly folder: string
  /** What the service logged. */
  readonly said: string[] = []
  readonly #env: Readonly<Record<string, string>>
  #service: Service | null = null
  #count = 0
  #passedMs = 0
  #settings: AlertSettings | null = null

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'plimsoll-alert-'))
    this.#env = env
    mkdirSync(this.logs)
    writeFileSync(join(this.logs, ALERT_LOG), '')
  }

  get logs(): string {
    return join(this.folder, 'logs')
  }

  /** The clock of the service: the real one, moved on by `pass`. */
  get now(): number {
    return Date.now() + this.#passedMs
  }

  pass(ms: number): void {
    this.#passedMs += ms
  }

  get service(): Service {
    if (this.#service === null) throw new Error('the service is not started')
    return this.#service
  }

  /** A critical alert of a rule of its own, unless told otherwise. */
  alert(over: Partial<AlertEvent> = {}): AlertEvent {
    const n = ++this.#count
    const what = { severity: 'critical', state: 'firing', container: 'web', value: null, threshold: null } as const
    const id = String(n).padStart(26, '0')
    return {
      time: this.now,
      ...what,
      rule: `rule-${n}`,
      summary: 'down: exit code 137 (SIGKILL)',
      host: 'h1',
      id,
      ...over,
    }
  }

  write(...events: readonly AlertEvent[]): void {
    appendFileSync(join(this.logs, ALERT_LOG), events.map((event) => `${encode(event)}\n`).join(''))
  }

  start(env: Readonly<Record<string, string>> = {}): Service {
    this.#service = this.second(env)
    this.#service.start()
    return this.#service
  }

  /** Builds a service on the same files, and does not start it. */
  second(env: Readonly<Record<string, string>> = {}): Service {
    const place = {
      LOGS_DIR: this.logs,
      STATE_DIR: join(this.folder, 'state'),
      SHARED_DIR: join(this.folder, 'shared'),
    }
    const all = { ...QUICK, ...place, ...this.#env, ...env }
    const read = readSettings(alertSettings, { env: all, readFile: (path) => readFileSync(path, 'utf8') })
    if (!read.ok) throw new Error(read.problems.join('\n'))
    const stream = { write: (line: string) => void this.said.push((JSON.parse(line) as { msg: string }).msg) }
    const log = pino({ level: 'info' }, stream)
    this.#settings = read.settings
    return createService(read.settings, { log, now: () => this.now, random: () => 0 })
  }

  /** What the rounds of the service are given, for a test that does not wait for their clock. */
  inside(): { readonly settings: AlertSettings; readonly desk: Desk } {
    if (this.#settings === null) throw new Error('the service is not started')
    return { settings: this.#settings, desk: this.service.desk }
  }

  async stop(): Promise<void> {
    await this.#service?.close()
    this.#service = null
  }

  /** Stops the service and removes its files. */
  async end(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true })
  }
}

/** The settings with which mail goes to a fake SES. */
export const sesEnv = (url: string): Readonly<Record<string, string>> => ({
  AWS_REGION: 'eu-central-1',
  SENDER_EMAIL: 'plimsoll@example.com',
  RECIPIENT_EMAILS: 'ops@example.com',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL_SES: url,
})
