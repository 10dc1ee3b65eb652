import { decode } from '@plimsoll/contracts/alert-log'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { beforeEach, describe, expect, it } from 'vitest'
import { Bridge, type BridgeParts } from './bridge.ts'
import { newBook } from './core/alert-book.ts'
import { seeEvent } from './core/fleet.ts'
import { running, type Story } from './core/fleet-story.ts'
import { newHistory } from './core/history.ts'
import { RULES } from './core/rules.ts'
import type { Live } from './io/live.ts'

/** Writes down what it is told, by name. */
function page(viewers: number) {
  const heard: string[] = []
  const say = (name: string) => (what: unknown) => {
    heard.push(
      `${name} ${(what as { rule?: string; state?: string; kind?: string }).rule ?? (what as { state?: string }).state ?? (what as { kind?: string }).kind ?? ''}`.trim(),
    )
  }
  const live = { viewers: () => viewers, close: async () => {}, greet: () => heard.push('greet') }
  for (const name of ['tick', 'container', 'alert', 'event', 'engine', 'delivery'])
    Object.assign(live, { [name]: say(name) })
  return { heard, live: live as unknown as Live }
}

describe('what is told is judged, written, kept and shown from one place', () => {
  let one: Story
  let bridge: Bridge
  let lines: string[] = []
  let warnings: string[] = []
  beforeEach(() => {
    one = running()
    lines = []
    warnings = []
    const nothing = () => {}
    const parts = {
      fleet: one.fleet,
      history: newHistory(1000),
      book: newBook({ host: 'h', seed: '0123456789ab', now: one.now - 60_000 }),
      hostName: null,
      where: 'unix:///x',
      rules: { current: () => RULES },
      writeAlert: { append: (line: string) => lines.push(line) },
      memory: { changed: nothing },
      past: { sample: nothing, roundEnded: nothing, event: nothing, alert: nothing },
      log: { info: nothing, warn: (_: unknown, text?: string) => warnings.push(String(text)) },
      now: () => one.now,
    }
    bridge = new Bridge(parts as unknown as BridgeParts)
    for (const observation of one.observations) bridge.observe(observation)
  })
  const life = () => [...one.fleet.byId.values()][0] ?? never()
  const sample = () => ({ life: life(), numbers: { ...NO_NUMBERS, cpuPercent: 5, pids: 1 } })
  const crash = () => {
    const event = { action: 'die', id: 'a', at: one.now, name: 'web', image: '', health: null } as const
    const before = one.observations.length
    bridge.carryOut(seeEvent(one.fleet, { ...event, attributes: { exitCode: '1' } }, one.now))
    one.wait(200)
    for (const observation of one.observations.slice(before)) bridge.observe(observation)
  }

  it('a crash is one line in the alert log, and an alert on the page', () => {
    const { heard, live } = page(1)
    bridge.goLive(live)
    crash()
    expect(lines.map((line) => decode(line))).toMatchObject([
      { ok: true, event: { rule: 'container-down', container: 'web', state: 'firing', value: 1 } },
    ])
    expect(heard).toEqual(['container exited', 'alert container-down'])
  })
  it('a round is a tick for those who look, and none where nobody does', () => {
    const [some, none] = [page(1), page(0)]
    for (const { live } of [some, none]) {
      bridge.goLive(live)
      bridge.round(one.now++, [sample()], 1000)
    }
    expect([some.heard, none.heard]).toEqual([['tick'], []])
    expect(bridge.tick()).toMatchObject({ of: [1], columns: { cpuPercent: [5], pids: [1] } })
  })
  it('a container that ended has no numbers, also if it ended while the others were measured', () => {
    bridge.round(one.now, [sample()], 1000)
    expect(bridge.numbersOf(life()).pids).toBe(1)
    const late = sample()
    crash()
    bridge.round(one.now, [late], 1000)
    expect([bridge.numbersOf(life()), bridge.tick().of]).toEqual([NO_NUMBERS, []])
  })
  it('an engine that is away is told once for each reason, with advice', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    for (let i = 0; i < 5; i++) bridge.engineLost('unix:///x', refused)
    expect(warnings).toEqual([expect.stringContaining('Nothing listens')])
    const since = one.now
    one.now += 5000
    bridge.engineLost('unix:///x', Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' }))
    expect(warnings).toHaveLength(2)
    expect(bridge.engine).toMatchObject({ state: 'unreachable', since, error: 'connect ENOENT' })
  })
  it('the host’s name is the engine’s, in alerts and on the page', () => {
    const facts = { name: 'web1', version: '1', apiVersion: '1.45', cpus: 2, memoryBytes: 1, clock: null }
    bridge.engineFound('unix:///x', facts)
    crash()
    expect(lines[0]).toContain('host=web1')
    expect(one.fleet.host).toBe('web1')
  })
  it('the timeline is bounded', () => {
    for (let i = 0; i < 2000; i++) {
      const event = { action: i % 2 ? 'unpause' : 'pause', id: 'a', at: one.now++, name: 'web' } as const
      bridge.carryOut(seeEvent(one.fleet, { ...event, image: '', attributes: {}, health: null }, one.now))
    }
    expect(bridge.events).toHaveLength(500)
    expect(bridge.events[0]?.no).toBeGreaterThan(bridge.events.at(-1)?.no ?? 0)
  })
})

function never(): never {
  throw new Error('not there')
}
