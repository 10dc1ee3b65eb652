import { describe, expect, it } from 'vitest'
import { viewOf } from './berth.ts'
import { changeDefaults, FORGET_NAME_MS, lifeOf, passTime, seeInspect, seeList } from './fleet.ts'
import { answer, running, START, story } from './fleet-story.ts'

const die = (exitCode: string) => ({ attributes: { exitCode } })

describe('first sight is told as it is; whether it is news, the judge knows', () => {
  it('a container that runs is told of, and one that ended with its traces', () => {
    const one = story()
    const stopped = answer({ id: 'b', name: 'job', state: 'exited', exitCode: 1, finishedAt: START - 5000 })
    one.list([answer(), stopped])
    one.inspect()
    one.inspect(stopped)
    expect(one.said()).toEqual(['running', expect.stringContaining('ended while nobody watched, exit code 1')])
    expect(viewOf(lifeOf(one.fleet, 'job') ?? never(), 'h')).toMatchObject({
      state: 'exited',
      exitCode: 1,
      span: { condition: 'down', from: START - 5000 },
    })
  })
  it('its health is told, well or ill', () => {
    const sick = story()
    sick.list([answer()])
    sick.inspect({ health: 'unhealthy' })
    const well = story()
    well.list([answer()])
    well.inspect({ health: 'healthy' })
    expect([sick.said(), well.said()]).toEqual([
      ['running', expect.stringMatching(/^health unhealthy/)],
      ['running', 'health healthy'],
    ])
  })
  it('the strip knows of the run before', () => {
    const one = running({ startedAt: START, finishedAt: START - 3000 })
    expect(lifeOf(one.fleet, 'web')?.named.spans).toMatchObject([
      { condition: 'down', from: START - 3000, to: START },
      { condition: 'up', from: START, to: null },
    ])
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

describe('thousands of containers that come and go', () => {
  it('leave nothing behind', () => {
    const one = story()
    for (let i = 0; i < 3000; i++) {
      const of = { id: `c${i}`, name: `job${i}` }
      one.event('create', of)
      one.event('start', of)
      one.event('die', { ...of, ...die('0') })
      one.event('destroy', of)
      one.now += 10
    }
    expect([one.fleet.byId.size, one.fleet.ignored.size]).toEqual([0, 0])
    expect(one.fleet.gone.size).toBeLessThanOrEqual(500)
    one.now += FORGET_NAME_MS
    one.take(passTime(one.fleet, one.now))
    expect(one.fleet.byName.size).toBe(0)
  })
})

describe('labels of a container', () => {
  it('that cannot be understood are told once', () => {
    const labels = { 'plimsoll.cpu.threshold': 'many' }
    const one = story()
    const told = [seeList(one.fleet, [answer({ labels })], { after: 0, all: true }, one.now)]
    for (let i = 0; i < 3; i++) told.push(seeInspect(one.fleet, answer({ labels }), 0, one.now))
    expect(told.flatMap((step) => step.problems)).toEqual([
      expect.stringContaining('web: label plimsoll.cpu.threshold="many"'),
    ])
  })
  it('what a failed start or a health check says stays one line on the timeline', () => {
    const one = running({ health: 'healthy' })
    one.event('health_status', { health: 'unhealthy' })
    one.inspect({ health: 'unhealthy', healthOutput: 'a\nb\u0007\u2028<script>' })
    expect(one.timeline.at(-1)).toBe('health web: unhealthy: a b <script>')
  })
})

function never(): never {
  throw new Error('not there')
}

describe('other thresholds while it runs', () => {
  it('hold where no label sets them, and are shown at once', () => {
    const one = story()
    const labelled = answer({ id: 'b', name: 'own', labels: { 'plimsoll.cpu.threshold': '55' } })
    one.list([answer(), labelled])
    const told = changeDefaults(one.fleet, { cpuPercent: 70, memoryPercent: 81, responseMs: 900 }, one.now)
    expect([...told.changed].map((life) => viewOf(life, 'h').thresholds)).toEqual([
      { cpuPercent: 70, memoryPercent: 81, responseMs: 900 },
      { cpuPercent: 55, memoryPercent: 81, responseMs: 900 },
    ])
    expect(lifeOf(one.fleet, 'own')?.subject.thresholds.cpuPercent).toBe(55)
  })
})
