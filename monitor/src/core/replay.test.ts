import { describe, expect, it } from 'vitest'
import type { EngineEvent } from './engine-words.ts'
import { Replay } from './replay.ts'

const event = (at: number, action: EngineEvent['action'] = 'start', id = 'a'): EngineEvent => ({
  action,
  id,
  at,
  name: 'web',
  image: '',
  attributes: {},
  health: null,
})

describe('what the engine repeats after a reconnect', () => {
  it('is told once, also where two events share a moment', () => {
    const replay = new Replay()
    replay.begin(100)
    expect([event(200), event(200, 'die'), event(200)].map((one) => replay.isNews(one))).toEqual([true, true, false])
    replay.end()
    replay.begin(300)
    expect(replay.since()).toBeLessThanOrEqual(200)
    const again = [event(200), event(200, 'die'), event(250)]
    expect(again.map((one) => replay.isNews(one))).toEqual([false, false, true])
    expect(replay.end()).toBe(false)
  })
  it('an engine that has forgotten the newest we knew was restarted, or has been very busy', () => {
    const replay = new Replay()
    replay.begin(100)
    replay.isNews(event(200))
    replay.end()
    replay.begin(300)
    replay.isNews(event(290))
    expect(replay.end()).toBe(true)
  })
  it('at the first connection what is older than it is history', () => {
    const replay = new Replay()
    replay.begin(100)
    expect([event(50), event(150)].map((one) => replay.isNews(one))).toEqual([false, true])
    expect(replay.end()).toBe(false)
  })
  it('also of an engine that does not tell its time', () => {
    const replay = new Replay()
    replay.begin(null)
    expect(replay.isNews(event(50))).toBe(false)
    replay.end()
    expect(replay.isNews(event(60))).toBe(true)
  })
  it('an engine without events to remember has forgotten nothing', () => {
    const replay = new Replay()
    replay.begin(100)
    replay.end()
    replay.begin(300)
    expect(replay.end()).toBe(false)
  })
  it('remembers no more than the engine itself repeats', () => {
    const replay = new Replay()
    replay.begin(0)
    for (let i = 1; i <= 10_000; i++) replay.isNews(event(i))
    expect(replay.isNews(event(10_000))).toBe(false)
    expect(replay.isNews(event(1))).toBe(true)
  })
})
