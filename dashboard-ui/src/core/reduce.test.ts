import { WIRE_VERSION } from '@plimsoll/contracts/live'
import { describe, expect, it } from 'vitest'
import { alert, container, hello, snapshot, tick } from './fixture.ts'
import { reduce } from './reduce.ts'
import { type Action, INITIAL, KEPT, newest, type State } from './state.ts'

const play = (actions: readonly Action[], from: State = INITIAL) => actions.reduce(reduce, from)
const live: readonly Action[] = [
  { kind: 'hello', hello: hello() },
  { kind: 'snapshot', snapshot: snapshot() },
]

describe('the three states of the connection', () => {
  it('is connecting until the first snapshot, live after it', () => {
    expect(INITIAL.link.state).toBe('connecting')
    expect(play(live).link).toEqual({ state: 'live' })
  })

  it('is stale since the last numbers, not since the loss was noticed', () => {
    const state = play([...live, { kind: 'tick', tick: tick(7000, [1]) }, { kind: 'lost', at: 60_000 }])
    expect(state.link).toEqual({ state: 'lost', since: 7000 })
  })

  it('does not grow younger with every failed attempt, and stays connecting when nothing was ever known', () => {
    const state = play([...live, { kind: 'lost', at: 5000 }, { kind: 'lost', at: 9000 }])
    expect(state.link).toEqual({ state: 'lost', since: 0 })
    expect(play([{ kind: 'lost', at: 5000 }]).link.state).toBe('connecting')
  })

  it('is live again with the next snapshot, which is counted so that history is fetched again', () => {
    const state = play([...live, { kind: 'lost', at: 5000 }, { kind: 'snapshot', snapshot: snapshot() }])
    expect(state.link.state).toBe('live')
    expect(state.snapshots).toBe(2)
  })
})

describe('another build', () => {
  it('offers a reload when the monitor comes back as another build', () => {
    expect(play([...live, { kind: 'hello', hello: hello({ build: 'two' }) }]).reload).toBe('offered')
    expect(play([...live, { kind: 'hello', hello: hello() }]).reload).toBe('none')
  })

  it('asks for a reload when the wire is another, and shows nothing it cannot read', () => {
    const state = play([
      ...live,
      { kind: 'hello', hello: hello({ wire: WIRE_VERSION + 1 }) },
      { kind: 'snapshot', snapshot: snapshot({ containers: [] }) },
    ])
    expect(state.reload).toBe('required')
    expect(state.containers.size).toBe(1)
  })
})

describe('an engine that goes away', () => {
  it('leaves the size of its machine known, so that marks stay where they are', () => {
    const where = 'sock'
    const there = {
      state: 'connected',
      since: 0,
      where,
      host: 'h',
      version: '28',
      apiVersion: '1.51',
      cpus: 4,
      memoryBytes: 9,
    } as const
    const away = { state: 'unreachable', since: 5, where, error: 'ENOENT', advice: 'Start it.' } as const
    const state = play([...live, { kind: 'engine', engine: there }, { kind: 'engine', engine: away }])
    expect(state.engine?.state).toBe('unreachable')
    expect(state.machine?.cpus).toBe(4)
  })
})

describe('numbers', () => {
  it('come from the snapshot before the first tick', () => {
    const state = play([{ kind: 'snapshot', snapshot: snapshot({ tick: tick(5, [1], { cpuPercent: 12 }) }) }])
    expect(newest(state.latest, 1, 'cpuPercent')).toBe(12)
  })

  it('are unknown, not 0, for a container that the tick does not tell of', () => {
    const state = play([...live, { kind: 'tick', tick: tick(2000, [2], { cpuPercent: 3 }) }])
    expect(newest(state.latest, 1, 'cpuPercent')).toBeNull()
    expect(newest(state.latest, 2, 'memoryPercent')).toBeNull()
  })

  it('find their container again when the fleet changes its order', () => {
    const columns = { ...tick(2000, [1, 2]).columns, pids: [11, 22] }
    const turned = { ...tick(4000, [2, 1]).columns, pids: [222, 111] }
    const state = play([
      ...live,
      { kind: 'tick', tick: { at: 2000, of: [1, 2], columns } },
      { kind: 'tick', tick: { at: 4000, of: [2, 1], columns: turned } },
    ])
    expect(newest(state.latest, 1, 'pids')).toBe(111)
  })
})

describe('what happened', () => {
  it('keeps a stretch that ended while the page watched', () => {
    const down = container({ span: { from: 9000, to: null, condition: 'down', why: 'killed' } })
    const state = play([...live, { kind: 'container', view: down }])
    expect(state.ended.get('web')).toEqual([{ from: 0, to: 9000, condition: 'up', why: 'running' }])
  })

  it('keeps nothing when only a probe answered', () => {
    const state = play([...live, { kind: 'container', view: container({ restarts: 1 }) }])
    expect(state.ended.size).toBe(0)
    expect(state.containers.get('web')?.restarts).toBe(1)
  })

  it('knows an alert once: its end replaces its beginning, newest first', () => {
    const state = play([
      ...live,
      { kind: 'alert', alert: alert({ id: 'a', firedAt: 1 }) },
      { kind: 'alert', alert: alert({ id: 'b', firedAt: 2 }) },
      { kind: 'alert', alert: alert({ id: 'a', firedAt: 1, resolvedAt: 3 }) },
    ])
    expect(state.alerts.map(({ id, resolvedAt }) => [id, resolvedAt])).toEqual([
      ['b', null],
      ['a', 3],
    ])
  })

  it('holds a bounded number of alerts and events', () => {
    const alerts = Array.from({ length: KEPT + 50 }, (_, i) => alert({ id: String(i).padStart(5, '0'), firedAt: i }))
    const events = alerts.map((_, no) => ({ at: no, no, container: null, kind: 'engine' as const, text: '' }))
    const state = play([
      { kind: 'alerts', alerts },
      { kind: 'events', events },
    ])
    expect(state.alerts).toHaveLength(KEPT)
    expect(state.alerts[0]?.firedAt).toBe(KEPT + 49)
    expect(state.events).toHaveLength(KEPT)
  })
})
