/** The scene of an alert: all that the monitor knows at the moment it fires, put together without waiting for anything. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Book } from './core/alert-book.ts'
import { isAlive, type Life } from './core/berth.ts'
import { CHANGES_MS, type SeenLife, type Witnessed } from './core/evidence.ts'
import { type Company, companyOf, dependenciesOf, dependentsOf, neighboursOf } from './core/neighbours.ts'
import { knownBy } from './core/shelf.ts'
import type { Fleet } from './core/told.ts'
import type { HostReader } from './io/host.ts'
import type { Past } from './past.ts'

const MAX_EVENTS_BEFORE = 500

export interface SceneParts {
  readonly fleet: Fleet
  readonly host: Pick<HostReader, 'view'>
  readonly past: Pick<Past, 'events'>
  /** What the bridge knows; it is made later. */
  readonly bridge: () => {
    readonly book: Book
    readonly events: readonly FleetEvent[]
    readonly roundAt: EpochMs | null
    numbersOf(life: Life): Numbers
  }
  readonly startedAt: EpochMs
  /** A container that ended just now, though the fleet may not have it any more. */
  readonly lifeOf: (id: string) => Life | undefined
}

export class Scene {
  readonly #parts: SceneParts
  /** What happened in the hour before this process began; `null` until somebody wants it. */
  #before: readonly FleetEvent[] | null = null
  #company: { readonly of: Company; readonly size: number } | null = null

  constructor(parts: SceneParts) {
    this.#parts = parts
  }

  /** All that is known at this moment, without waiting for anything. */
  now(alert: AlertEvent): Witnessed {
    const { fleet, host, bridge } = this.#parts
    const { book, events } = bridge()
    const known = alert.container === null ? null : knownBy(book.containers, alert.container)
    const life = known === null ? undefined : (fleet.byId.get(known.subject.id) ?? this.#parts.lifeOf(known.subject.id))
    const all = [...fleet.byId.values()]
    const kin = known === null ? null : known.subject
    return {
      alert,
      life: life === undefined ? null : seenLife(life),
      known,
      neighbours: neighboursOf(this.#companyNow(all), alert.container),
      machine: host.view(),
      events: [...events, ...this.#eventsBefore(alert.time)],
      eventsSince: this.#parts.startedAt,
      dependents: kin === null ? [] : dependentsOf(all, kin),
      dependsOn: kin === null ? [] : dependenciesOf(all, kin),
    }
  }

  /** Stored by the process before this one; read once, for it does not change any more. */
  #eventsBefore(at: EpochMs): readonly FleetEvent[] {
    const from = this.#parts.startedAt - CHANGES_MS
    if (at - this.#parts.startedAt > CHANGES_MS) this.#before = []
    const { past } = this.#parts
    this.#before ??= past.events({ container: null, from, to: this.#parts.startedAt, limit: MAX_EVENTS_BEFORE })
    return this.#before
  }

  /** Of one round the order is made once, though a hundred alerts may come of it. */
  #companyNow(all: readonly Life[]): Company {
    const bridge = this.#parts.bridge()
    const kept = this.#company
    if (kept !== null && kept.of.at === bridge.roundAt && kept.size === all.length) return kept.of
    const of = companyOf(
      bridge.roundAt,
      all.filter(isAlive).map((life) => ({ name: life.named.name, numbers: bridge.numbersOf(life) })),
    )
    this.#company = { of, size: all.length }
    return of
  }
}

function seenLife(life: Life): SeenLife {
  const { id, image, startedAt, restarts, cpuLimitCores, memoryLimitBytes, health, wishes, named } = life
  return { id, image, startedAt, restarts, cpuLimitCores, memoryLimitBytes, health, wishes, probe: named.probe }
}
