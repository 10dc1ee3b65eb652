/**
 * Keeps the fleet in step with the engine: connects, listens before it lists, asks again after each loss, and looks at
 * the whole list now and then, for events are lost silently when the engine is busy or a proxy drops a quiet stream.
 */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { Asking } from './asking.ts'
import type { Bridge } from './bridge.ts'
import type { EngineFacts } from './core/engine-facts.ts'
import {
  findEngine,
  lifeOf,
  loseEngine,
  nextDue,
  passTime,
  seeEvent,
  seeGone,
  seeInspect,
  seeList,
} from './core/fleet.ts'
import { Replay } from './core/replay.ts'
import type { Fleet, Told } from './core/told.ts'
import type { Engine, EventStream } from './io/engine.ts'
import { pause } from './timers.ts'

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 5_000
const PING_EVERY_MS = 5_000
/** A list costs the engine about as much as one sample; a lost event is found within this. */
const LOOK_EVERY_MS = 30_000
/** Some proxies drop a stream that was quiet for ten minutes, without a word; none of ours grows that old. */
const RENEW_STREAM_MS = 4 * 60_000
/** After subscribing, what was missed comes in a burst; the list is asked once that is through. */
const REPLAY_WAIT_MS = 150

const STOP_WITHIN_MS = 200

export interface Watcher {
  /** Ends when the watcher has let go of the engine, or soon, if that hangs. */
  stop(): Promise<void>
}

export interface WatcherParts {
  readonly engine: Engine
  readonly fleet: Fleet
  readonly bridge: Bridge
  readonly log: Log
  readonly now: () => EpochMs
}

export function startWatcher(parts: WatcherParts): Watcher {
  const { engine, fleet, bridge, now } = parts
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | null = null
  const wake = () => {
    if (timer !== null) clearTimeout(timer)
    const due = stopping.signal.aborted ? null : nextDue(fleet)
    // While the engine is away its containers' ends wait; a moment's look costs nothing then.
    timer = due === null ? null : setTimeout(() => step(passTime(fleet, now())), Math.max(due - now(), 10))
  }
  const step = (told: Told) => {
    bridge.carryOut(told)
    for (const id of told.inspect) asking.ask(id)
    wake()
  }
  const asking = new Asking({
    inspect: (id) => engine.inspect(id),
    answered: (id, answer, askedAfter) =>
      step(answer === null ? seeGone(fleet, id, now()) : seeInspect(fleet, answer, askedAfter, now())),
    heard: () => fleet.heard,
  })
  const ended = keepConnected({ ...parts, step, asking, signal: stopping.signal, replay: new Replay() })
  return {
    stop: async () => {
      stopping.abort()
      asking.stop()
      if (timer !== null) clearTimeout(timer)
      // A call to an engine that hangs ends by its deadline only; nobody waits for that.
      const patience = new AbortController()
      await Promise.race([ended, pause(STOP_WITHIN_MS, patience.signal)])
      patience.abort()
    },
  }
}

interface Session extends WatcherParts {
  readonly step: (told: Told) => void
  readonly asking: Asking
  readonly signal: AbortSignal
  readonly replay: Replay
}

async function keepConnected(session: Session): Promise<void> {
  const { engine, fleet, bridge, signal, step, now } = session
  let pauseMs = FIRST_PAUSE_MS
  let away = true
  while (!signal.aborted) {
    try {
      await connected(session, (facts) => {
        // A stream that was only opened anew is no news.
        if (away) greet(session, facts)
        away = false
        pauseMs = FIRST_PAUSE_MS
      })
    } catch (error) {
      if (signal.aborted) return
      away = true
      step(loseEngine(fleet, now()))
      bridge.engineLost(engine.where, error)
      await pause(pauseMs, signal)
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
    }
  }
}

function greet({ fleet, log }: Session, { name, version, apiVersion }: EngineFacts): void {
  log.info({ engine: name, version, api: apiVersion, containers: fleet.byId.size }, 'connected to the engine')
  const absent = [...fleet.targets.keys()].filter((target) => lifeOf(fleet, target) === undefined)
  if (absent.length > 0) log.warn({ containers: absent }, 'HEALTH_TARGETS names containers that are not there (yet)')
}

/** One connection, from agreeing on a version until its event stream ends or the engine no longer answers. */
async function connected(session: Session, whenWell: (facts: EngineFacts) => void): Promise<void> {
  const { engine, fleet, bridge, replay, signal, step, now } = session
  const facts = await engine.connect()
  const since = replay.since()
  replay.begin(facts.clock)
  const stream = await engine.events(since, (event) => {
    if (replay.isNews(event)) step(seeEvent(fleet, event, now()))
  })
  try {
    await pause(REPLAY_WAIT_MS, signal)
    bridge.engineFound(engine.where, facts)
    await lookAtAll(session, replay.end())
    whenWell(facts)
    await stayConnected(session, stream)
  } finally {
    stream.close()
  }
}

/** The whole list, and inspect of each: after a connection nothing that was known before is taken for granted. */
async function lookAtAll(session: Session, forgot: boolean): Promise<void> {
  const { engine, fleet, asking, step, now } = session
  const after = fleet.heard
  const list = await engine.list()
  const answers = await asking.askAll(list.map((entry) => entry.id))
  step(findEngine(fleet, answers, forgot, now()))
  const told = seeList(fleet, list, { after, all: true }, now())
  for (const answer of answers) told.inspect.delete(answer.id)
  step(told)
  for (const answer of answers) step(seeInspect(fleet, answer, after, now()))
}

async function stayConnected(session: Session, stream: EventStream): Promise<void> {
  const { engine, fleet, signal, step, now } = session
  const gone = stream.ended.then(() => true)
  const stopped = new Promise<true>((resolve) => signal.addEventListener('abort', () => resolve(true), { once: true }))
  const renewAt = performance.now() + RENEW_STREAM_MS
  let lookAt = performance.now() + LOOK_EVERY_MS
  while (!signal.aborted) {
    const beat = new AbortController()
    const over = await Promise.race([gone, stopped, pause(PING_EVERY_MS, beat.signal).then(() => false)])
    beat.abort()
    // A stream that ends is opened anew at once; only if the engine does not answer then, it is away.
    if (over || performance.now() > renewAt) return
    await engine.ping()
    if (performance.now() < lookAt) continue
    lookAt = performance.now() + LOOK_EVERY_MS
    const after = fleet.heard
    step(seeList(fleet, await engine.list(), { after, all: false }, now()))
  }
}
