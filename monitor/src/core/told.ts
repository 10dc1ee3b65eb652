/** What a step of the fleet has to say: collected while the step runs, then carried out by the loop. */
import type { ContainerView, FleetEvent } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Life, Named } from './berth.ts'
import type { Observation, Subject } from './observation.ts'
import { oneLine } from './sentences.ts'

export interface Told {
  readonly observations: Observation[]
  readonly events: FleetEvent[]
  /** Containers to show anew. */
  readonly changed: Set<Life>
  /** Containers to show for the last time. */
  readonly removed: ContainerView[]
  /** Ids to inspect. */
  readonly inspect: Set<string>
  /** Sentences for the log: labels that could not be understood. */
  readonly problems: string[]
}

export function nothingTold(): Told {
  return { observations: [], events: [], changed: new Set(), removed: [], inspect: new Set(), problems: [] }
}

/** The registry of containers: plain data, changed in place by the steps of `fleet.ts`. */
export interface Fleet {
  /** The engine's `Name`, or `HOST_NAME`. */
  host: string
  /** Where no label of the container says otherwise. */
  defaults: Subject['thresholds']
  /** Health targets of the settings, by container name: they win over the label. */
  readonly targets: ReadonlyMap<string, string>
  readonly byId: Map<string, Life>
  readonly byName: Map<string, Named>
  /** Ids whose labels say `plimsoll.enable=false`. */
  readonly ignored: Set<string>
  /** Ids that the engine no longer has, the newest of them. */
  readonly gone: Set<string>
  nextNo: number
  nextEventNo: number
  /**
   * How many events were heard: what was asked for before one may be answered after it, and older than it. A clock does
   * not tell them apart, they come within one millisecond.
   */
  heard: number
  /** When the engine went away; `null` while it answers. No end is judged meanwhile: it may be the engine's own. */
  awaySince: EpochMs | null
  /** The runs that went on when it went away: id and start. Empty while it answers. */
  runsBefore: ReadonlyMap<string, EpochMs>
  /** The last time the engine itself was down, in the engine's time; its containers ended with it. */
  engineDown: { readonly from: EpochMs; readonly to: EpochMs } | null
}

export interface Step {
  readonly fleet: Fleet
  readonly told: Told
  readonly now: EpochMs
}

/** Puts an event on the timeline. */
export function note(step: Step, life: Life | null, what: Omit<FleetEvent, 'no' | 'container'>): void {
  const container = life?.named.name ?? null
  // Errors and the output of health checks are other people's words.
  step.told.events.push({ ...what, text: oneLine(what.text), no: step.fleet.nextEventNo++, container })
}
