import { describe, expect, it } from 'vitest'
import { findEngine, lifeOf, loseEngine, nextDue, seeGone } from './fleet.ts'
import { answer, running, story } from './fleet-story.ts'

const die = (exitCode: string) => ({ attributes: { exitCode } })

describe('an event that was lost', () => {
  it('on a loaded machine the event of a start is dated seconds after it: that is one run', () => {
    const one = running()
    one.event('stop')
    one.event('die', die('0'))
    const startedAt = one.now + 500
    one.now += 5000
    one.event('start')
    one.inspect({ startedAt })
    const other = running()
    other.event('stop')
    other.event('die', die('0'))
    other.now += 5000
    other.inspect({ startedAt })
    other.event('start')
    other.inspect({ startedAt })
    for (const told of [one, other])
      expect(told.said()).toEqual(['ended planned 0: stopped on purpose, exit code 0', 'running'])
  })
  it('a start of what runs already means that it ended before', () => {
    const one = running()
    one.event('start')
    one.inspect({ startedAt: one.now, finishedAt: one.now - 100 })
    expect(one.said()).toEqual(['ended unplanned null: exited by itself, exit code unknown', 'running'])
  })
})

describe('a start that fails', () => {
  it('says so in inspect alone, and is told once', () => {
    const one = story()
    one.event('create')
    one.inspect({ state: 'created', startedAt: null, pid: null })
    one.event('disconnect', { name: '' })
    expect(one.wanted).toContain('a')
    const failed = { state: 'created', startedAt: null, pid: null, exitCode: 127, error: 'no such file' } as const
    one.inspect(failed)
    one.inspect(failed)
    expect(one.said()).toEqual(['ended unplanned 127: failed to start: no such file'])
  })
})

describe('an engine that was away', () => {
  it('nothing happened meanwhile: the strip has no hole', () => {
    const one = running()
    one.take(loseEngine(one.fleet, one.now))
    expect(lifeOf(one.fleet, 'web')?.named.spans.at(-1)?.condition).toBe('unknown')
    one.now += 30_000
    one.take(findEngine(one.fleet, [answer()], false, one.now))
    one.inspect()
    expect(one.said()).toEqual([])
    expect(lifeOf(one.fleet, 'web')?.named.spans).toMatchObject([{ condition: 'up', to: null }])
  })
  it('an end that was missed is told with the engine’s times', () => {
    const one = running()
    one.take(loseEngine(one.fleet, one.now))
    const finishedAt = one.now + 10_000
    one.now += 30_000
    const ended = answer({ state: 'exited', exitCode: 2, finishedAt })
    one.take(findEngine(one.fleet, [ended], false, one.now))
    one.inspect(ended)
    one.wait(300)
    expect(one.said()).toEqual(['ended unplanned 2: exited by itself, exit code 2'])
    expect(lifeOf(one.fleet, 'web')?.named.spans).toMatchObject([
      { condition: 'up', to: finishedAt },
      { condition: 'down', from: finishedAt, to: null },
    ])
  })
  it('a restart that was missed is an end and a start', () => {
    const one = running()
    one.take(loseEngine(one.fleet, one.now))
    const [finishedAt, startedAt] = [one.now + 10_000, one.now + 12_000]
    one.now += 30_000
    const again = answer({ startedAt, finishedAt })
    one.take(findEngine(one.fleet, [again], false, one.now))
    one.inspect(again)
    expect(one.said()).toEqual(['ended unplanned null: exited by itself, exit code unknown', 'running'])
  })
  it('containers that all ended with a restarted engine are nobody’s alarm', () => {
    const one = running()
    one.take(loseEngine(one.fleet, one.now))
    one.now += 20_000
    const ended = answer({ state: 'exited', exitCode: 137, finishedAt: one.now - 2000 })
    one.take(findEngine(one.fleet, [ended], true, one.now))
    one.inspect(ended)
    one.wait(300)
    expect(one.said()).toEqual(['ended planned 137: ended with the engine, exit code 137 (SIGKILL)'])
  })
  it('also when the engine has started others anew before it was asked', () => {
    const one = running()
    const other = { id: 'b', name: 'other', restartPolicy: true }
    one.list([answer(), answer(other)])
    one.inspect(other)
    one.said()
    one.take(loseEngine(one.fleet, one.now))
    one.now += 20_000
    one.event('start', { id: 'b', name: 'other' })
    const ended = answer({ state: 'exited', exitCode: 137, finishedAt: one.now - 5000 })
    const again = answer({ ...other, startedAt: one.now, finishedAt: one.now - 5000 })
    one.inspect(again)
    one.take(findEngine(one.fleet, [ended, again], true, one.now))
    one.inspect(ended)
    one.inspect(again)
    one.wait(300)
    expect(one.said()).not.toContainEqual(expect.stringContaining('unplanned'))
  })
  it('while others went on running, an end is its own', () => {
    const one = running()
    const other = answer({ id: 'b', name: 'other' })
    one.list([answer(), other])
    one.inspect(other)
    one.said()
    one.take(loseEngine(one.fleet, one.now))
    one.now += 20_000
    const ended = answer({ state: 'exited', exitCode: 137, finishedAt: one.now - 2000 })
    one.take(findEngine(one.fleet, [ended, other], true, one.now))
    one.inspect(ended)
    one.wait(300)
    expect(one.said()).toEqual(['ended unplanned 137: ended without the engine being asked, exit code 137 (SIGKILL)'])
  })
})

describe('answers that come late', () => {
  it('an inspect asked before an event says nothing of the state, and is asked again', () => {
    const one = running()
    const asked = one.fleet.heard
    one.event('stop')
    one.event('die', die('0'))
    one.wanted.clear()
    one.inspect({}, asked)
    expect([lifeOf(one.fleet, 'web')?.state, one.wanted.has('a')]).toEqual(['exited', true])
  })
  it('a container that vanished between list and inspect is removed', () => {
    const one = story()
    one.list([answer()])
    one.take(seeGone(one.fleet, 'a', one.now))
    expect([one.said(), one.fleet.byId.size]).toEqual([['removed'], 0])
  })
  it('nothing waits for ever', () => {
    const one = running()
    one.event('die', die('1'))
    expect(nextDue(one.fleet)).toBeGreaterThan(one.now)
    one.wait(1000)
    expect(nextDue(one.fleet)).toBeNull()
  })
})
