import { describe, expect, it } from 'vitest'
import { viewOf } from './berth.ts'
import { findEngine, lifeOf, loseEngine, nextDue, seeGone } from './fleet.ts'
import { answer, running, START, story } from './fleet-story.ts'

const die = (exitCode: string, extra: Record<string, string> = {}) => ({ attributes: { exitCode, ...extra } })
const signal = (n: number) => ({ attributes: { signal: String(n) } })

describe('first sight is a baseline, not an alarm', () => {
  it('a container that runs is told of, one that is stopped is not', () => {
    const one = story()
    const stopped = answer({ id: 'b', name: 'job', state: 'exited', exitCode: 1, finishedAt: START - 5000 })
    one.list([answer(), stopped])
    one.inspect()
    one.inspect(stopped)
    expect(one.said()).toEqual(['running'])
    expect(viewOf(lifeOf(one.fleet, 'job') ?? never(), 'h')).toMatchObject({
      state: 'exited',
      exitCode: 1,
      span: { condition: 'down', from: START - 5000 },
    })
  })
  it('one that is unhealthy already is not told of, one that is healthy is', () => {
    const sick = story()
    sick.list([answer()])
    sick.inspect({ health: 'unhealthy' })
    const well = story()
    well.list([answer()])
    well.inspect({ health: 'healthy' })
    expect([sick.said(), well.said()]).toEqual([['running'], ['running', 'health healthy']])
  })
  it('the strip knows of the run before', () => {
    const one = running({ startedAt: START, finishedAt: START - 3000 })
    expect(lifeOf(one.fleet, 'web')?.named.spans).toMatchObject([
      { condition: 'down', from: START - 3000, to: START },
      { condition: 'up', from: START, to: null },
    ])
  })
})

describe('planned or not', () => {
  it('docker stop: stop and die in either order, and 137 proves nothing', () => {
    const before = running()
    before.event('kill', signal(15))
    before.wait(10_000)
    before.event('kill', signal(9))
    before.event('stop')
    before.now += 4
    before.event('die', die('137'))
    before.wait(1000)
    const after = running()
    after.event('kill', signal(15))
    after.event('die', die('143'))
    after.wait(500)
    after.event('stop')
    expect(before.said()).toEqual(['ended planned 137: stopped on purpose, exit code 137 (SIGKILL)'])
    expect(after.said()).toEqual(['ended planned 143: stopped on purpose, exit code 143 (SIGTERM)'])
  })
  it('docker kill is told within a fifth of a second', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.wait(200)
    expect(one.said()).toEqual(['ended unplanned 137: killed by SIGKILL, exit code 137 (SIGKILL)'])
  })
  it('docker kill of what inspect shows as ended is told at once', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.inspect({ state: 'exited', exitCode: 137, finishedAt: one.now - 3 })
    expect(one.said()).toEqual(['ended unplanned 137: killed by SIGKILL, exit code 137 (SIGKILL)'])
  })
  it('docker stop on a loaded machine: the stop is told half a second after the end', () => {
    const one = running()
    one.event('kill', signal(15))
    one.wait(10_000)
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.inspect({ state: 'exited', exitCode: 137, finishedAt: one.now - 3 })
    one.wait(500)
    one.event('stop')
    expect(one.said()).toEqual(['ended planned 137: stopped on purpose, exit code 137 (SIGKILL)'])
  })
  it('docker kill --signal TERM is told within a second', () => {
    const one = running()
    one.event('kill', signal(15))
    one.event('die', die('143'))
    one.wait(900)
    expect(one.said()).toEqual(['ended unplanned 143: killed by SIGTERM, exit code 143 (SIGTERM)'])
  })
  it('an exit of its own is unplanned, and names its code', () => {
    const one = running()
    one.event('die', die('1'))
    one.inspect({ state: 'exited', exitCode: 1, finishedAt: one.now - 2 })
    one.wait(200)
    expect(one.said()).toEqual(['ended unplanned 1: exited by itself, exit code 1'])
  })
  it('docker rm -f: the container goes away right after it was killed', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.now += 7
    one.event('destroy')
    expect(one.said()).toEqual(['ended planned 137: removed on purpose, exit code 137 (SIGKILL)', 'removed'])
  })
  it('rm -f of a --rm container is known by `removing` before the end', () => {
    const one = running({ autoRemove: true })
    one.event('kill', signal(9))
    one.inspect({ autoRemove: true, state: 'removing' })
    one.now += 90
    one.event('die', die('137'))
    one.event('destroy')
    expect(one.said()).toEqual(['ended planned 137: removed on purpose, exit code 137 (SIGKILL)', 'removed'])
  })
  it('a --rm container that crashes is removed by the engine itself: that excuses nothing', () => {
    const one = running({ autoRemove: true })
    one.event('die', die('3'))
    one.inspect({ autoRemove: true, state: 'removing', exitCode: 3, finishedAt: one.now })
    one.now += 5
    one.event('destroy')
    expect(one.said()).toEqual(['ended unplanned 3: exited by itself, exit code 3', 'removed'])
  })
  it('a signal long before the end is not its cause', () => {
    const one = running()
    one.event('kill', signal(1))
    one.wait(60_000)
    one.event('die', die('1'))
    one.wait(900)
    expect(one.said()).toEqual(['ended unplanned 1: exited by itself, exit code 1'])
  })
  it('a stop of the run before excuses nothing in this one', () => {
    const one = running()
    one.event('stop')
    one.event('die', die('0'))
    one.wait(500)
    one.event('start')
    one.inspect({ startedAt: one.now })
    one.said()
    one.now += 1000
    one.event('die', die('1'))
    one.wait(200)
    expect(one.said()).toEqual(['ended unplanned 1: exited by itself, exit code 1'])
  })
})

describe('docker restart', () => {
  it('is a planned end and a new run, though inspect says running by then', () => {
    const one = running()
    one.event('kill', signal(15))
    one.event('stop')
    one.event('die', die('143'))
    one.now += 300
    one.event('start')
    one.inspect({ startedAt: one.now - 3, finishedAt: one.now - 290 })
    expect(one.said()).toEqual(['ended planned 143: stopped on purpose, exit code 143 (SIGTERM)', 'running'])
    expect(one.timeline.slice(-2)).toEqual([
      'stopped web: stopped on purpose, exit code 143 (SIGTERM)',
      'started web: started',
    ])
  })
  it('by a restart policy after a crash is unplanned', () => {
    const one = running({ restartPolicy: true })
    one.event('die', die('1'))
    one.now += 100
    one.event('start')
    one.inspect({ restartPolicy: true, restarts: 1, startedAt: one.now - 3, finishedAt: one.now - 100 })
    expect(one.said()).toEqual(['ended unplanned 1: exited by itself, exit code 1', 'running'])
  })
})

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

describe('the exit code', () => {
  it('is inspect’s when a label of that name has overwritten the event’s', () => {
    const labels = { exitCode: '0' }
    const one = running({ labels })
    one.event('die', die('0'))
    one.inspect({ labels, state: 'exited', exitCode: 7, finishedAt: one.now - 5 })
    one.wait(200)
    expect(one.said()).toEqual(['ended unplanned 7: exited by itself, exit code 7'])
  })
  it('is unknown rather than wrong when only the label speaks', () => {
    const labels = { exitCode: '0' }
    const one = running({ labels })
    one.event('die', die('0'))
    one.wait(200)
    expect(one.said()).toEqual(['ended unplanned null: exited by itself, exit code unknown'])
  })
  it('of a run that is over is not the one of inspect after a restart', () => {
    const one = running()
    one.event('die', die('5'))
    one.inspect({ startedAt: one.now + 1, exitCode: 0 })
    expect(one.said()).toEqual(['ended unplanned 5: exited by itself, exit code 5', 'running'])
  })
})

describe('out of memory', () => {
  it('ten events of one kill are one, and the end names the limit', () => {
    const one = running({ memoryLimitBytes: 64 * 1024 ** 2 })
    for (let i = 0; i < 10; i++) {
      one.event('oom')
      one.now += 13
    }
    one.event('die', die('137'))
    one.wait(200)
    expect(one.said()).toEqual([
      'ended unplanned 137 oom: killed: out of memory under a limit of 64.0 MiB, exit code 137 (SIGKILL)',
    ])
  })
  it('of a child alone is told, once it is clear that the container lives on', () => {
    const one = running()
    one.event('oom')
    expect(one.said()).toEqual([])
    one.wait(500)
    expect(one.said()).toEqual(['oom'])
  })
  it('of a child an hour ago is not the cause of this end, though inspect keeps the mark', () => {
    const one = running()
    one.event('oom')
    one.wait(60_000)
    one.event('die', die('1'))
    one.inspect({ state: 'exited', exitCode: 1, oomKilled: true, finishedAt: one.now })
    one.wait(200)
    expect(one.said()).toEqual(['oom', 'ended unplanned 1: exited by itself, exit code 1'])
  })
  it('is known from inspect when its event was lost', () => {
    const one = running()
    one.event('die', die('137'))
    one.inspect({ state: 'exited', exitCode: 137, oomKilled: true, finishedAt: one.now })
    one.wait(200)
    expect(one.said()[0]).toMatch(/^ended unplanned 137 oom: killed: out of memory/)
  })
})

describe('health, pause, rename', () => {
  it('a verdict is told with what the check printed', () => {
    const one = running({ health: 'healthy' })
    one.event('health_status', { health: 'unhealthy' })
    one.inspect({ health: 'unhealthy', healthOutput: 'not well\n' })
    expect(one.said()).toEqual(['health unhealthy: not well'])
  })
  it('and without it when inspect is slow', () => {
    const one = running({ health: 'healthy' })
    one.event('health_status', { health: 'unhealthy' })
    one.wait(500)
    expect(one.said()).toEqual(['health unhealthy'])
  })
  it('begins anew with each run', () => {
    const one = running({ health: 'unhealthy' })
    one.event('stop')
    one.event('die', die('0'))
    one.event('start', { at: one.now + 10 })
    expect(lifeOf(one.fleet, 'web')?.health).toBe('starting')
  })
  it('a pause is no end', () => {
    const one = running()
    one.event('pause')
    one.now += 5000
    one.event('unpause')
    expect(one.said()).toEqual(['paused', 'running'])
    expect(lifeOf(one.fleet, 'web')?.named.spans.map((span) => span.condition)).toEqual(['up', 'paused', 'up'])
  })
  it('a renamed container is gone under its old name and there under the new', () => {
    const one = running()
    one.event('rename', { name: 'shop' })
    expect(one.said()).toEqual(['removed', 'running'])
    expect([lifeOf(one.fleet, 'web'), lifeOf(one.fleet, 'shop')?.id]).toEqual([undefined, 'a'])
  })
  it('a name keeps its number and its strip when the container is re-created under it', () => {
    const one = running()
    const before = lifeOf(one.fleet, 'web')?.named.no
    one.event('stop')
    one.event('die', die('0'))
    one.event('destroy')
    one.now += 2000
    one.event('create', { id: 'b' })
    one.event('start', { id: 'b' })
    one.inspect({ id: 'b', startedAt: one.now })
    expect(lifeOf(one.fleet, 'web')).toMatchObject({ id: 'b', named: { no: before } })
    expect(lifeOf(one.fleet, 'web')?.named.spans.map((span) => span.condition)).toEqual(['up', 'down', 'up'])
  })
  it('a container that wants to be left alone is', () => {
    const labels = { 'plimsoll.enable': 'false' }
    const one = story()
    one.list([answer({ labels })])
    one.event('die', { attributes: { ...labels, exitCode: '1' } })
    one.wait(1000)
    expect([one.said(), one.fleet.byId.size, one.wanted.size]).toEqual([[], 0, 0])
    one.event('destroy')
    expect(one.fleet.ignored.size).toBe(0)
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

function never(): never {
  throw new Error('not there')
}
