import { WIRE_VERSION } from '@plimsoll/contracts/live'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fleet, fleetAlerts, hostAnswer, NOON, snapshot, status, tickOf } from '../../tests/support/fake-fleet.ts'
import { UNICODE } from './core/bar.ts'
import type { Action } from './core/state.ts'
import type { TerminalListener } from './io/terminal.ts'
import { Live } from './live.ts'

/** A terminal and a monitor that the test plays. */
function world() {
  const written: string[] = []
  const asked: string[] = []
  let listener: TerminalListener | undefined
  let dispatch: (action: Action) => void = () => {}
  let ready = true
  let closed = 0
  const history = { name: 'web', from: 0, to: NOON, stepMs: 1000, at: [], columns: {}, spans: [] }
  const live = new Live({
    where: 'http://m:8001',
    glyphs: UNICODE,
    colour: false,
    now: () => Date.now(),
    connect: (to) => {
      dispatch = to
      return () => closed++
    },
    status: async () => ({ ok: true, answer: status() }),
    host: async () => ({ ok: true, answer: hostAnswer() }),
    history: async (name) => {
      asked.push(name)
      return { ok: true, answer: { ...history, name } }
    },
    terminal: (to) => {
      listener = to
      return {
        size: () => ({ columns: 80, rows: 24 }),
        ready: () => ready,
        write: (text) => written.push(text),
        suspend: () => asked.push('suspend'),
        close: () => closed++,
      }
    },
  })
  return {
    live,
    written,
    asked,
    say: (action: Action) => dispatch(action),
    press: (keys: string) => listener?.onInput(keys),
    terminal: () => listener,
    slow: (is: boolean) => {
      ready = !is
    },
    closed: () => closed,
    drawn: () => written.splice(0).join(''),
  }
}

const first: Action = { kind: 'snapshot', snapshot: snapshot(fleet(), fleetAlerts()) }

beforeEach(() => {
  vi.useFakeTimers({ now: NOON })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the loop of the terminal view', () => {
  it('draws once for changes that come together', async () => {
    const { live, say, drawn } = world()
    void live.run()
    drawn()
    say({
      kind: 'hello',
      hello: { wire: WIRE_VERSION, build: '', at: NOON, sampleIntervalMs: 1000, historyMs: 1, target: null },
    })
    say(first)
    say({ kind: 'tick', tick: tickOf(fleet(), NOON) })
    expect(drawn()).toBe('')
    await vi.advanceTimersByTimeAsync(30)
    expect(drawn().split('\u001b[?2026h')).toHaveLength(2)
    live.stop()
  })

  it('writes nothing to a terminal that has not taken the last frame, and the newest when it has', async () => {
    const { live, say, drawn, slow, terminal } = world()
    void live.run()
    drawn()
    slow(true)
    say(first)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(drawn()).toBe('')
    slow(false)
    terminal()?.onDrain()
    await vi.advanceTimersByTimeAsync(30)
    expect(drawn()).toContain('worker-1')
    live.stop()
  })

  it('asks for the history of the container that is opened, and again after a reconnection', async () => {
    const { live, say, press, asked, drawn } = world()
    void live.run()
    say(first)
    await vi.advanceTimersByTimeAsync(30)
    press('j\r')
    await vi.advanceTimersByTimeAsync(30)
    expect(asked).toEqual(['worker-1'])
    expect(drawn()).toContain('mark 40 %')
    say(first)
    expect(asked).toEqual(['worker-1', 'worker-1'])
    live.stop()
  })

  it('waits for the rest of a key that came in two parts, and takes a lone Escape after a moment', async () => {
    const { live, say, press, drawn } = world()
    void live.run()
    say(first)
    await vi.advanceTimersByTimeAsync(30)
    drawn()
    press('\u001b')
    press('[B')
    expect(drawn()).toContain('\u001b[7mworker-1')
    press('/zzz')
    expect(drawn()).toContain('None of 5 containers')
    press('\u001b')
    await vi.advanceTimersByTimeAsync(40)
    expect(drawn()).toContain('migrate')
    live.stop()
  })

  it('q closes the connection and the terminal, once, and ends', async () => {
    const { live, press, closed } = world()
    const over = live.run()
    press('q')
    await over
    expect(closed()).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a terminal that is gone ends it', async () => {
    const { live, terminal } = world()
    const over = live.run()
    terminal()?.onGone()
    await over
  })

  it('draws all anew after a resize and after Ctrl-L', () => {
    const { live, press, terminal, drawn } = world()
    void live.run()
    drawn()
    terminal()?.onResize()
    expect(drawn()).toContain('\u001b[2J')
    press('\u000c')
    expect(drawn()).toContain('\u001b[2J')
    live.stop()
  })
})
