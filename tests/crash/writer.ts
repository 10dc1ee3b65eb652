/** Writes an alert log as the monitor does, and rotates it in every way a log can be rotated. */
import { appendFileSync, copyFileSync, readdirSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG, isRotated, rotatedName } from '@plimsoll/contracts/files'

export const ROTATIONS = ['rename', 'copy-truncate', 'delete'] as const
export type Rotation = (typeof ROTATIONS)[number]

const CONTAINERS = 12

/** A small generator whose numbers depend on the seed alone (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Written {
  readonly key: string
  readonly container: string
}

/** The writer and its log; `written` is what a reader must find. */
export class LogWriter {
  readonly written: Written[] = []
  readonly rotations: Record<Rotation, number> = { rename: 0, 'copy-truncate': 0, delete: 0 }
  readonly #folder: string
  readonly #random: () => number
  readonly #open: AlertEvent[] = []
  #alerts = 0

  constructor(folder: string, random: () => number) {
    this.#folder = folder
    this.#random = random
    writeFileSync(this.#log, '')
  }

  get alerts(): number {
    return this.#alerts
  }

  get #log(): string {
    return join(this.#folder, ALERT_LOG)
  }

  #append(event: AlertEvent): void {
    appendFileSync(this.#log, `${encode(event)}\n`)
    this.written.push({ key: `${event.id}.${event.state}.0`, container: event.container ?? '' })
  }

  #fire(): void {
    const n = ++this.#alerts
    const critical = this.#random() < 0.5
    const event: AlertEvent = {
      time: Date.now(),
      severity: critical ? 'critical' : 'warning',
      state: 'firing',
      container: `c${Math.floor(this.#random() * CONTAINERS)}`,
      rule: critical ? 'container-down' : 'high-cpu',
      summary: `alert ${n}: “größer” als € 40 %`,
      value: n,
      threshold: 40,
      host: 'h1',
      id: String(n).padStart(26, '0'),
    }
    this.#append(event)
    this.#open.push(event)
  }

  #resolve(): void {
    const [event] = this.#open.splice(Math.floor(this.#random() * this.#open.length), 1)
    if (event !== undefined)
      this.#append({ ...event, time: Date.now(), state: 'resolved', summary: `${event.summary}: over` })
  }

  /** A new alert, or the end of one; now and then what is no line at all. */
  line(): void {
    if (this.#random() < 0.01) appendFileSync(this.#log, '\nthis is no alert\n')
    if (this.#open.length > 0 && this.#random() < 0.45) this.#resolve()
    else this.#fire()
  }

  #rotated(): string {
    const name = rotatedName(ALERT_LOG, Date.now())
    const twins = readdirSync(this.#folder).filter((other) => other.startsWith(name)).length
    return join(this.#folder, twins === 0 ? name : `${name}-${twins}`)
  }

  /** `delete` only when everything is read: what is deleted unread is lost to any reader. */
  rotate(how: Rotation): void {
    this.rotations[how]++
    switch (how) {
      case 'rename':
        renameSync(this.#log, this.#rotated())
        writeFileSync(this.#log, '')
        return
      case 'copy-truncate':
        copyFileSync(this.#log, this.#rotated())
        truncateSync(this.#log)
        return
      case 'delete':
        unlinkSync(this.#log)
        writeFileSync(this.#log, '')
        return
    }
  }

  /** Deletes rotated files that are read, as the monitor does with old ones. */
  prune(pending: readonly string[]): void {
    for (const name of readdirSync(this.#folder))
      if (isRotated(name, ALERT_LOG) && !pending.includes(name)) unlinkSync(join(this.#folder, name))
  }
}
