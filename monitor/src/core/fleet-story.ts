/** Tells stories to a fleet in its tests: events, inspect answers and time, on one clock that counts milliseconds. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Action, EngineEvent, Inspected } from './engine-words.ts'
import { newFleet, passTime, seeEvent, seeInspect, seeList } from './fleet.ts'
import type { Observation } from './observation.ts'
import type { Fleet, Told } from './told.ts'

/** Far from 0, as the engine's times are. */
export const START = 1_000_000

/** What inspect says of a container that runs and has nothing special about it. */
export function answer(over: Partial<Inspected> = {}): Inspected {
  return {
    id: 'a',
    name: 'web',
    image: 'web:1',
    labels: {},
    state: 'running',
    startedAt: START,
    finishedAt: null,
    createdAt: START,
    exitCode: 0,
    oomKilled: false,
    error: '',
    restarts: 0,
    health: 'none',
    healthOutput: null,
    autoRemove: false,
    restartPolicy: false,
    cpuLimitCores: null,
    memoryLimitBytes: null,
    pid: 100,
    ownNetwork: true,
    ...over,
  }
}

export interface Story {
  readonly fleet: Fleet
  readonly observations: Observation[]
  readonly timeline: string[]
  /** Ids the fleet wants to hear more of. */
  readonly wanted: Set<string>
  now: EpochMs
  event(action: Action, over?: Partial<EngineEvent>): void
  inspect(over?: Partial<Inspected>, askedAfter?: number): void
  /** The list holds what `answers` name. */
  list(answers: readonly Inspected[], all?: boolean): void
  wait(ms: number): void
  take(told: Told): void
  /** What was told since the last time it was asked, in short. */
  said(): string[]
}

function short(one: Observation): string {
  switch (one.kind) {
    case 'ended': {
      const { planned, exitCode, why, oomKilled } = one.end
      return `ended ${planned ? 'planned' : 'unplanned'} ${exitCode}${oomKilled ? ' oom' : ''}: ${why}`
    }
    case 'health':
      return `health ${one.health}${one.output === null ? '' : `: ${one.output}`}`
    case 'running':
    case 'paused':
    case 'removed':
    case 'oom':
    case 'sample':
    case 'probe':
    case 'engine':
    case 'sink':
    case 'host':
    case 'time':
      return one.kind
  }
}

/** A fleet that has heard of nothing yet. */
export function story(over: { readonly targets?: ReadonlyMap<string, string> } = {}): Story {
  const defaults = { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 }
  const fleet = newFleet({ host: 'h', defaults, targets: over.targets ?? new Map() })
  let told = 0
  const self: Story = {
    fleet,
    observations: [],
    timeline: [],
    wanted: new Set(),
    now: START,
    take: (step) => {
      self.observations.push(...step.observations)
      self.timeline.push(...step.events.map((event) => `${event.kind} ${event.container}: ${event.text}`))
      for (const id of step.inspect) self.wanted.add(id)
    },
    event: (action, event = {}) => {
      const base = { id: 'a', at: self.now, name: 'web', image: 'web:1', attributes: {}, health: null }
      self.take(seeEvent(fleet, { ...base, action, ...event }, self.now))
    },
    inspect: (inspected = {}, askedAfter = fleet.heard) => {
      self.wanted.delete(inspected.id ?? 'a')
      self.take(seeInspect(fleet, answer(inspected), askedAfter, self.now))
    },
    list: (answers, all = true) => self.take(seeList(fleet, answers, { after: fleet.heard, all }, self.now)),
    wait: (ms) => {
      for (const end = self.now + ms; self.now < end; ) {
        self.now = Math.min(end, self.now + 10)
        self.take(passTime(fleet, self.now))
      }
    },
    said: () => {
      const news = self.observations.slice(told).map(short)
      told = self.observations.length
      return news
    },
  }
  return self
}

/** A container that has run for a minute, seen at first sight. */
export function running(over: Partial<Inspected> = {}): Story {
  const one = story()
  one.now = START + 60_000
  one.list([answer(over)])
  one.inspect(over)
  one.said()
  return one
}
