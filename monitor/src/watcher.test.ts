import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineFacts } from './core/engine-facts.ts'
import type { EngineEvent, Inspected } from './core/engine-words.ts'
import { newFleet } from './core/fleet.ts'
import { answer } from './core/fleet-story.ts'
import type { Observation } from './core/observation.ts'
import type { Told } from './core/told.ts'
import type { Engine } from './io/engine.ts'
import { startWatcher, type Watcher } from './watcher.ts'

const FACTS: EngineFacts = { name: 'h', version: '1', apiVersion: '1.45', cpus: 2, memoryBytes: 1, clock: 0 }

/** An engine whose every part can be taken away. */
class FakeEngine implements Engine {
  readonly where = 'fake'
  up = true
  containers: Inspected[] = [answer()]
  /** What the engine has sent and still repeats. */
  sent: EngineEvent[] = []
  listed = 0
  opened = 0
  #listener: ((event: EngineEvent) => void) | null = null
  #endStream: ((why: string) => void) | null = null

  #answer<T>(value: T): Promise<T> {
    return this.up
      ? Promise.resolve(value)
      : Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
  }
  connect() {
    return this.#answer({ ...FACTS, clock: Date.now() })
  }
  async ping() {
    await this.#answer(null)
  }
  list() {
    this.listed++
    return this.#answer(this.containers)
  }
  inspect(id: string) {
    return this.#answer(this.containers.find((one) => one.id === id) ?? null)
  }
  statistics() {
    return this.#answer({})
  }
  async events(since: number | null, onEvent: (event: EngineEvent) => void) {
    await this.#answer(null)
    this.opened++
    this.#listener = onEvent
    for (const event of this.sent) if (event.at >= (since ?? 0)) onEvent(event)
    const ended = new Promise<string>((resolve) => {
      this.#endStream = resolve
    })
    return { ended, close: () => {} }
  }
  close() {}

  say(action: EngineEvent['action'], over: Partial<EngineEvent> = {}) {
    const base = { id: 'a', name: 'web', image: '', attributes: {}, health: null }
    const event: EngineEvent = { ...base, action, at: Date.now(), ...over }
    this.sent.push(event)
    if (this.up) this.#listener?.(event)
  }
  hangUp() {
    this.#endStream?.('closed')
  }
}

describe('the watcher', () => {
  const engine = { now: new FakeEngine() }
  let watcher: Watcher | null = null
  let seen: string[] = []
  const note = (observation: Observation) => {
    if (observation.kind === 'ended')
      seen.push(`${observation.end.planned ? 'stopped' : 'died'} ${observation.subject.name}`)
    else seen.push(`${observation.kind}${'subject' in observation ? ` ${observation.subject.name}` : ''}`)
  }
  const start = async () => {
    const fleet = newFleet({
      host: 'h',
      defaults: { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 },
      targets: new Map(),
    })
    const bridge = {
      carryOut: (told: Told) => told.observations.forEach(note),
      engineFound: () => seen.push('found'),
      engineLost: () => seen.push('lost'),
    }
    const log = { info: () => {}, warn: () => {} }
    const parts = { engine: engine.now, fleet, bridge, log, now: () => Date.now() }
    watcher = startWatcher(parts as unknown as Parameters<typeof startWatcher>[0])
    await vi.advanceTimersByTimeAsync(1000)
    return fleet
  }
  const news = () => seen.splice(0)
  beforeEach(() => {
    vi.useFakeTimers({ now: 2_000_000 })
    engine.now = new FakeEngine()
    seen = []
  })
  afterEach(async () => {
    await watcher?.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('tells what is there at first, and then what happens', async () => {
    await start()
    expect(news()).toEqual(['found', 'running web'])
    engine.now.say('kill', { attributes: { signal: '9' } })
    engine.now.containers = [answer({ state: 'exited', exitCode: 137, finishedAt: Date.now() })]
    engine.now.say('die', { attributes: { exitCode: '137' } })
    await vi.advanceTimersByTimeAsync(200)
    expect(news()).toEqual(['died web'])
  })

  it('waits for an engine that is not there yet, and picks it up', async () => {
    engine.now.up = false
    await start()
    expect(new Set(news())).toEqual(new Set(['lost']))
    engine.now.up = true
    await vi.advanceTimersByTimeAsync(6000)
    expect(news()).toEqual(expect.arrayContaining(['found', 'running web']))
  })

  it('finds within seconds that the engine is gone, and afterwards what happened meanwhile', async () => {
    await start()
    engine.now.say('start', { id: 'z', name: 'z' })
    news()
    engine.now.up = false
    await vi.advanceTimersByTimeAsync(6000)
    expect(news()).toContain('lost')
    engine.now.containers = [answer({ state: 'exited', exitCode: 1, finishedAt: Date.now() })]
    engine.now.say('die', { attributes: { exitCode: '1' } })
    engine.now.up = true
    await vi.advanceTimersByTimeAsync(6000)
    expect(news().filter((one) => one !== 'lost')).toEqual(expect.arrayContaining(['found', 'died web']))
  })

  it('a stream that ends is opened anew at once: nobody takes the engine for gone', async () => {
    await start()
    news()
    engine.now.hangUp()
    await vi.advanceTimersByTimeAsync(500)
    expect([engine.now.opened, news()]).toEqual([2, ['found']])
  })

  it('opens the stream anew before a proxy drops it for being quiet', async () => {
    await start()
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(engine.now.opened).toBeGreaterThanOrEqual(3)
  })

  it('finds what no event told of by looking at the list now and then', async () => {
    await start()
    news()
    engine.now.containers = [answer(), answer({ id: 'b', name: 'quiet' })]
    await vi.advanceTimersByTimeAsync(35_000)
    expect(news()).toEqual(['running quiet'])
    engine.now.containers = [answer()]
    await vi.advanceTimersByTimeAsync(35_000)
    expect(news()).toEqual(['removed quiet'])
  })

  it('one container whose inspect hangs costs the others nothing', async () => {
    engine.now.containers = [answer(), answer({ id: 'b', name: 'stuck' })]
    const inspect = engine.now.inspect.bind(engine.now)
    engine.now.inspect = (id) => (id === 'b' ? Promise.reject(new Error('no answer in time')) : inspect(id))
    const fleet = await start()
    expect(news()).toEqual(['found', 'running web'])
    engine.now.inspect = inspect
    await vi.advanceTimersByTimeAsync(35_000)
    expect([news(), fleet.byId.size]).toEqual([['running stuck'], 2])
  })

  it('a container that is gone before it could be asked is removed', async () => {
    const fleet = await start()
    engine.now.say('create', { id: 'c', name: 'short' })
    await vi.advanceTimersByTimeAsync(100)
    expect([...fleet.byId.keys()]).toEqual(['a'])
  })

  it('an answer that cannot be understood is a lost engine, not a crash', async () => {
    await start()
    news()
    engine.now.list = () => Promise.reject(new Error('the engine’s list of containers cannot be understood'))
    await vi.advanceTimersByTimeAsync(40_000)
    expect(news()).toContain('lost')
  })
})
