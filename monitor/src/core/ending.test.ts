import { describe, expect, it } from 'vitest'
import { endUnwatched } from './ending.ts'
import { answer, running, START } from './fleet-story.ts'

const die = (exitCode: string) => ({ attributes: { exitCode } })
const signal = (n: number) => ({ attributes: { signal: String(n) } })

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
  it('docker kill is told within a second, though inspect does not answer', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.wait(900)
    expect(one.said()).toEqual(['ended unplanned 137: killed by SIGKILL, exit code 137'])
  })
  it('docker kill of what inspect shows as ended is told at once', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.inspect({ state: 'exited', exitCode: 137, finishedAt: one.now - 3 })
    expect(one.said()).toEqual(['ended unplanned 137: killed by SIGKILL, exit code 137'])
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
    expect(one.said()).toEqual(['ended unplanned 143: killed by SIGTERM, exit code 143'])
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
  it('docker rm -f on a loaded machine: inspect says so half a second after the end', () => {
    const one = running()
    one.event('kill', signal(9))
    one.event('die', die('137'))
    one.wait(500)
    one.inspect({ state: 'removing', exitCode: 137, finishedAt: one.now - 503 })
    expect(one.said()).toEqual(['ended planned 137: removed on purpose, exit code 137 (SIGKILL)'])
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

describe('an end that nobody watched', () => {
  const at = START
  it.each([
    [{ exitCode: 1 }, false, 'ended while nobody watched, exit code 1'],
    [{ exitCode: 137 }, false, 'ended while nobody watched, exit code 137 (SIGKILL)'],
    [{ exitCode: 137, oomKilled: true }, false, 'killed: out of memory while nobody watched, exit code 137 (SIGKILL)'],
    [{ exitCode: 0 }, true, 'stopped while nobody watched, exit code 0'],
    [{ exitCode: 143 }, true, 'stopped while nobody watched, exit code 143 (SIGTERM)'],
    [{ exitCode: 1, restartPolicy: true }, true, 'stopped while nobody watched, exit code 1'],
    [{ exitCode: 137, state: 'removing' as const }, true, 'stopped while nobody watched, exit code 137 (SIGKILL)'],
  ])('%j', (found, planned, why) => {
    expect(endUnwatched(answer({ state: 'exited', finishedAt: at, ...found }), at)).toMatchObject({ at, planned, why })
  })
})
