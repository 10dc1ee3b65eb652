import type { HistoryAnswer } from '@plimsoll/contracts/http'
import { WIRE_VERSION } from '@plimsoll/contracts/live'
import { describe, expect, it } from 'vitest'
import { alert, container, fleet, fleetAlerts, NOON, snapshot, tickOf } from '../../../tests/support/fake-fleet.ts'
import { type Action, EMPTY, KEPT_ALERTS, newest, reduce, type State } from './state.ts'

const hello = { wire: WIRE_VERSION, build: 'b', at: NOON, sampleIntervalMs: 1000, historyMs: 900_000, target: null }
const begin: readonly Action[] = [
  { kind: 'hello', hello },
  { kind: 'snapshot', snapshot: snapshot(fleet(), fleetAlerts()) },
]
const play = (actions: readonly Action[], from: State = EMPTY): State => actions.reduce(reduce, from)
const live = play(begin)
const noOf = (name: string) => fleet().find((one) => one.name === name)?.no ?? -1

describe('what the terminal view knows', () => {
  it('is live after the snapshot, with the numbers of each container', () => {
    expect(live.link.state).toBe('live')
    expect(newest(live.latest, noOf('web'), 'cpuPercent')).toBe(12.3)
    expect(newest(live.latest, noOf('migrate'), 'cpuPercent')).toBeNull()
  })

  it('the first loss dates the numbers; later failures only tell why', () => {
    const lost = play(
      [
        { kind: 'lost', at: NOON + 5000, why: null },
        { kind: 'lost', at: NOON + 9000, why: 'refused' },
      ],
      live,
    )
    expect(lost.link).toEqual({ state: 'lost', since: NOON, why: 'refused' })
    expect(lost.containers.size).toBe(5)
    expect(play(begin, lost).link.state).toBe('live')
  })

  it('before the first word a failure leaves it connecting, and says why', () => {
    expect(play([{ kind: 'lost', at: NOON, why: 'connection refused' }]).link).toEqual({
      state: 'connecting',
      why: 'connection refused',
    })
  })

  it('of a monitor of another version nothing is understood', () => {
    const foreign = play([{ kind: 'hello', hello: { ...hello, wire: WIRE_VERSION + 1 } }, ...begin.slice(1)])
    expect(foreign.link).toEqual({ state: 'foreign', wire: WIRE_VERSION + 1 })
    expect(foreign.containers.size).toBe(0)
  })

  it('a removed container goes, unless something about it fires', () => {
    const removed = (name: string) =>
      reduce(live, { kind: 'container', view: container(name, {}, { state: 'removed', no: noOf(name) }) })
    expect(removed('postgres').containers.size).toBe(4)
    expect(removed('worker-1').containers.size).toBe(5)
  })

  it('an alert replaces what was known of it; at most 200 are kept', () => {
    const first = live.alerts[0] ?? alert('x', null)
    const over = reduce(live, { kind: 'alert', alert: { ...first, resolvedAt: NOON } })
    expect(over.alerts).toHaveLength(3)
    expect(over.alerts.find(({ id }) => id === first.id)?.resolvedAt).toBe(NOON)
    const many = Array.from(
      { length: 300 },
      (_, i): Action => ({ kind: 'alert', alert: alert('x', 'a', { firedAt: NOON + i }) }),
    )
    expect(play(many).alerts).toHaveLength(KEPT_ALERTS)
  })
})

describe('the container that is looked at', () => {
  const history: HistoryAnswer = {
    name: 'web',
    from: NOON - 2000,
    to: NOON,
    stepMs: 1000,
    at: [NOON - 2000, NOON - 1000],
    columns: { cpuPercent: [1, null] },
    spans: [],
  }
  const looking = reduce(live, { kind: 'look', name: 'web' })

  it('has its history first and each tick after it, gaps as gaps', () => {
    const tick: Action = { kind: 'tick', tick: tickOf(fleet(), NOON + 1000) }
    const { trail } = play([tick, { kind: 'history', history }, tick], looking)
    expect(trail?.cpu.map(({ value }) => value)).toEqual([1, null, 12.3, 12.3])
  })

  it('does not take the history of one looked at before', () => {
    expect(reduce(looking, { kind: 'history', history: { ...history, name: 'other' } })).toBe(looking)
    expect(reduce(looking, { kind: 'no-history', name: 'other', why: 'x' })).toBe(looking)
  })
})
