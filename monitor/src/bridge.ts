/**
 * Where everything comes together: what the watcher, the sampler and the probes tell goes to the judge, into the
 * history, onto the timeline and to the pages from here, and what people ask is answered from here.
 */

import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { DeliveryView, EngineView } from '@plimsoll/contracts/http'
import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { engineAdvice, engineErrorText } from './core/advice.ts'
import { alertsOf, type Book, withHost } from './core/alert-book.ts'
import { isAlive, type Life, viewOf } from './core/berth.ts'
import type { EngineFacts } from './core/engine-facts.ts'
import { forgetOld, type History, remember, setPace } from './core/history.ts'
import { judge } from './core/judge.ts'
import type { Observation } from './core/observation.ts'
import type { Rules } from './core/rules.ts'
import type { Said } from './core/silences.ts'
import { type TickRow, tickOf } from './core/tick.ts'
import type { Fleet, Told } from './core/told.ts'
import type { Live } from './io/live.ts'
import type { Past } from './past.ts'

/** The timeline of the page; older events are in the logs of whoever keeps them. */
const MAX_EVENTS = 500

export interface BridgeParts {
  readonly fleet: Fleet
  readonly history: History
  readonly book: Book
  /** `HOST_NAME`; `null` to go by the engine's name. */
  readonly hostName: string | null
  readonly where: string
  readonly rules: { current(): Rules }
  readonly writeAlert: { append(line: string, event: AlertEvent): void }
  readonly memory: { changed(urgent: boolean): void }
  /** Keeps what happens for longer than memory does. */
  readonly past: Pick<Past, 'sample' | 'roundEnded' | 'event' | 'alert'>
  readonly log: Log
  readonly now: () => EpochMs
}

export interface Sample {
  readonly life: Life
  readonly numbers: Numbers
}

export class Bridge {
  readonly #parts: BridgeParts
  readonly #events: FleetEvent[] = []
  readonly #said = new Set<string>()
  #book: Book
  #live: Live | null = null
  #engine: EngineView
  #delivery: DeliveryView | null = null
  #newest = new Map<string, Numbers>()
  #roundAt: EpochMs | null = null
  #intervalMs: number | null = null

  constructor(parts: BridgeParts) {
    this.#parts = parts
    this.#book = parts.book
    this.#engine = { state: 'connecting', since: parts.now(), where: parts.where }
  }

  get book(): Book {
    return this.#book
  }

  get engine(): EngineView {
    return this.#engine
  }

  get delivery(): DeliveryView | null {
    return this.#delivery
  }

  /** When the last round of samples was taken; `null` before the first. */
  get roundAt(): EpochMs | null {
    return this.#roundAt
  }

  /** Newest first. */
  get events(): readonly FleetEvent[] {
    return this.#events.toReversed()
  }

  /** From here on, pages hear what happens. */
  goLive(live: Live): void {
    this.#live = live
  }

  get viewers(): number {
    return this.#live?.viewers() ?? 0
  }

  /** The newest numbers of a container; all unknown when the last round brought none. */
  numbersOf(life: Life): Numbers {
    return isAlive(life) ? (this.#newest.get(life.id) ?? NO_NUMBERS) : NO_NUMBERS
  }

  /** Judges an observation, and writes and shows the alerts that come of it. */
  observe(observation: Observation): void {
    const { now, rules } = this.#parts
    const [book, events] = judge(this.#book, observation, now(), rules.current())
    if (book !== this.#book) this.#take(book, events)
  }

  /** Carries out what a person says to alerts; `null` when there was nothing to say it to. */
  say<T>(say: (book: Book, now: EpochMs) => Said<T> | null): T | null {
    const said = say(this.#book, this.#parts.now())
    if (said === null) return null
    this.#take(said.book, said.events)
    return said.answer
  }

  /** Keeps the book, and writes and shows what came of it. */
  #take(book: Book, events: readonly AlertEvent[]): void {
    const { writeAlert, memory, log } = this.#parts
    this.#book = book
    for (const event of events) {
      writeAlert.append(encode(event), event)
      const about = { container: event.container, rule: event.rule, state: event.state, id: event.id }
      log.info(about, event.summary)
    }
    memory.changed(events.length > 0)
    this.#showAlerts(events)
  }

  /** Carries out what a step of the fleet has to say. */
  carryOut(told: Told): void {
    const { fleet, past, log } = this.#parts
    for (const observation of told.observations) this.observe(observation)
    for (const event of told.events) {
      this.#events.push(event)
      if (this.#events.length > MAX_EVENTS) this.#events.shift()
      past.event(event)
      this.#live?.event(event)
    }
    for (const life of told.changed) this.#live?.container(viewOf(life, fleet.host))
    for (const view of told.removed) {
      this.#newest.delete(view.id)
      this.#live?.container(view)
    }
    for (const problem of told.problems) this.#once(problem, () => log.warn(problem))
  }

  /** One round of samples: into the history, to the judge and, once for all pages, as a tick. */
  round(at: EpochMs, samples: readonly Sample[], intervalMs: number): void {
    const { history, past } = this.#parts
    setPace(history, intervalMs, at)
    if (this.#intervalMs !== null && this.#intervalMs !== intervalMs) this.#live?.greet()
    this.#intervalMs = intervalMs
    const newest = new Map<string, Numbers>()
    for (const { life, numbers } of samples) {
      // It ended while the others were measured.
      if (!isAlive(life)) continue
      newest.set(life.id, numbers)
      remember(history, life.named.name, at, numbers)
      past.sample(life, at, numbers)
      this.observe({ kind: 'sample', subject: life.subject, at, numbers })
    }
    this.#newest = newest
    this.#roundAt = at
    past.roundEnded(at, intervalMs)
    if (this.#live !== null && this.#live.viewers() > 0) this.#live.tick(tickOf(at, samples.map(rowOf)))
  }

  /** The newest round again, for a page that comes between two. */
  tick(): ReturnType<typeof tickOf> {
    const { fleet, now } = this.#parts
    const rows: TickRow[] = []
    for (const life of fleet.byId.values()) {
      const numbers = this.#newest.get(life.id)
      if (numbers !== undefined && isAlive(life)) rows.push({ no: life.named.no, numbers })
    }
    return tickOf(this.#roundAt ?? now(), rows)
  }

  engineFound(where: string, facts: EngineFacts): void {
    const { fleet, hostName, now } = this.#parts
    const host = hostName ?? facts.name
    fleet.host = host
    this.#book = withHost(this.#book, host)
    const since = this.#engine.state === 'connected' ? this.#engine.since : now()
    const { version, apiVersion, cpus, memoryBytes } = facts
    this.#setEngine({ state: 'connected', since, where, host, version, apiVersion, cpus, memoryBytes })
    this.observe({ kind: 'engine', at: now(), reachable: true, error: null })
  }

  engineLost(where: string, error: unknown): void {
    const { log, now } = this.#parts
    const text = engineErrorText(error)
    const before = this.#engine
    const since = before.state === 'unreachable' ? before.since : now()
    const view: EngineView = { state: 'unreachable', since, where, error: text, advice: engineAdvice(error) }
    if (before.state !== 'unreachable' || before.error !== text) log.warn({ where, error: text }, view.advice)
    this.#setEngine(view)
    this.observe({ kind: 'engine', at: now(), reachable: false, error: text })
  }

  setDelivery(view: DeliveryView | null): void {
    this.#delivery = view
    this.#live?.delivery(view)
  }

  /** Told now and then: what is older than the history reaches is let go. */
  forgetOld(): void {
    forgetOld(this.#parts.history, this.#parts.now())
    this.#said.clear()
  }

  #setEngine(view: EngineView): void {
    const changed = JSON.stringify(view) !== JSON.stringify(this.#engine)
    this.#engine = view
    if (changed) this.#live?.engine(view)
  }

  #showAlerts(events: readonly AlertEvent[]): void {
    if (events.length === 0) return
    const ids = new Set(events.map((event) => event.id))
    for (const alert of alertsOf(this.#book)) {
      if (!ids.has(alert.id)) continue
      this.#parts.past.alert(alert)
      this.#live?.alert(alert)
    }
  }

  #once(text: string, say: () => void): void {
    if (this.#said.has(text)) return
    this.#said.add(text)
    say()
  }
}

const rowOf = ({ life, numbers }: Sample): TickRow => ({ no: life.named.no, numbers })
