import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import type { Observation, Subject } from './observation.ts'
import { ended, playAll, running, said, subject, T0, tick } from './series-notation.ts'
import { acknowledge } from './silences.ts'

type Steps = (readonly [number, Observation])[]

const as = (who: Subject, steps: Steps): Steps =>
  steps.map(([at, what]) => [at, 'subject' in what ? { ...what, subject: who } : what] as const)
const inOrder = (...steps: Steps) => playAll(steps.toSorted(([a], [b]) => a - b))
const health = (atMs: number, is: 'healthy' | 'unhealthy'): readonly [number, Observation] => [
  atMs,
  { kind: 'health', subject, at: T0 + atMs, health: is, output: null },
]

describe('flapping: 5 changes of one alert in 5 min', () => {
  const upAndDown = [20, 40, 60, 80, 100, 120].map((s, i) => health(s * 1000, i % 2 === 0 ? 'unhealthy' : 'healthy'))

  it('is told once, before the change that makes it so, and holds back what follows', () => {
    const { events } = inOrder(running(0), ...upAndDown, health(140_000, 'unhealthy'), health(160_000, 'healthy'))
    expect(events.map((event) => `${event.rule} ${event.state} ${event.suppressed ?? ''}`.trim())).toEqual([
      'container-unhealthy firing',
      'container-unhealthy resolved',
      'container-unhealthy firing',
      'container-unhealthy resolved',
      'flapping firing',
      'container-unhealthy firing flapping',
      'container-unhealthy resolved flapping',
      'container-unhealthy firing flapping',
      'container-unhealthy resolved flapping',
    ])
    const flap = events.find((event) => event.rule === 'flapping')
    expect(flap).toMatchObject({ container: 'web', severity: 'warning', value: 5, threshold: 5 })
    expect(flap?.summary).toBe('container-unhealthy fired or resolved 5 times in 5 min and is held back until it calms')
    expect(events.at(-1)?.by).toBe(flap?.id)
  })

  it('ends after 5 calm minutes', () => {
    const { events } = inOrder(running(0), ...upAndDown, tick(430_000))
    expect(said(events, 'flapping')).toBe('firing@100s resolved@420s')
  })

  it('what still fires then is told as an alert of its own', () => {
    const { events } = inOrder(running(0), ...upAndDown.slice(0, 5), tick(410_000))
    const last = events.slice(-3).map((event) => `${event.rule} ${event.state} ${event.suppressed ?? ''}`.trim())
    expect(last).toEqual(['flapping resolved', 'container-unhealthy resolved flapping', 'container-unhealthy firing'])
    expect(events.at(-1)?.id).not.toBe(events.at(-2)?.id)
  })

  it('slower changes are none', () => {
    const slow = [20, 100, 180, 260, 340, 420].map((s, i) => health(s * 1000, i % 2 === 0 ? 'unhealthy' : 'healthy'))
    expect(said(inOrder(running(0), ...slow, tick(900_000)).events, 'flapping')).toBe('')
  })

  it('is over with the container', () => {
    const gone: Observation = { kind: 'removed', subject, at: T0 + 130_000 }
    const { events } = inOrder(running(0), ...upAndDown, [130_000, gone])
    expect(said(events, 'flapping')).toBe('firing@100s resolved@130s')
  })
})

describe('a restart loop', () => {
  it('is told in the place of each single crash', () => {
    const loop = [0, 1, 2, 3, 4].flatMap((i) => [running(i * 20_000), ended(i * 20_000 + 10_000)])
    const { events } = inOrder(...loop)
    const heard = events.filter((event) => event.suppressed === undefined)
    expect(said(heard)).toBe(
      'container-down firing@10s container-down resolved@25s container-down firing@30s container-down resolved@45s ' +
        'container-down firing@50s container-restart-loop firing@60s container-down resolved@65s',
    )
    const id = heard.find((event) => event.rule === 'container-restart-loop')?.id
    const held = events.filter((event) => event.suppressed === 'container-restart-loop')
    expect(held.map((event) => event.by)).toEqual(held.map(() => id))
    expect(said(held)).toMatch(/^container-down firing@70s/)
  })
})

describe('an alert of a container of a Compose project', () => {
  it('names the project in every line', () => {
    const shop: Subject = { ...subject, aliases: ['shop/db'] }
    const { book, events } = inOrder(...as(shop, [running(0), ended(10_000), running(40_000)]), tick(60_000))
    expect(events).toMatchObject([
      { state: 'firing', project: 'shop' },
      { state: 'resolved', project: 'shop' },
    ])
    const fires = { ...book, alerts: book.alerts.map((alert) => ({ ...alert, resolvedAt: null })) }
    const said = acknowledge(fires, events[0]?.id ?? '', '', T0)
    expect(said?.events).toMatchObject([{ state: 'acknowledged', project: 'shop' }])
  })
  it('is absent where there is none', () => {
    for (const event of inOrder(running(0), ended(10_000)).events) expect(event).not.toHaveProperty('project')
  })
})

describe('what depends on a container that is down', () => {
  const db: Subject = { ...subject, name: 'db-1', id: 'd', aliases: ['shop/db'] }
  const api: Subject = { ...subject, name: 'api', id: 'e', dependsOn: ['shop/db'] }
  const web: Subject = { ...subject, name: 'web', id: 'f', dependsOn: ['api'] }
  const all = [db, api, web].flatMap((who) => as(who, [running(0, -60_000)]))
  const fails = (who: Subject, fromMs: number, n: number): Steps =>
    Array.from({ length: n }, (_, i) => {
      const at = fromMs + i * 2000
      const result = { at: T0 + at, url: 'http://x/', ok: false, responseMs: 5, detail: '503' }
      return [at, { kind: 'probe', subject: who, result }] as const
    })
  const good = (who: Subject, fromMs: number): Steps =>
    fails(who, fromMs, 3).map(([at, what]) => [
      at,
      what.kind === 'probe' ? { ...what, result: { ...what.result, ok: true } } : what,
    ])
  const down = as(db, [ended(10_000)])
  const back = as(db, [running(40_000)])

  it('is held back, over any number of steps, and named in the cause’s alert', () => {
    const { events } = inOrder(...all, ...down, ...fails(api, 11_000, 5), ...fails(web, 12_000, 5))
    expect(events.map((event) => [event.container, event.rule, event.suppressed ?? ''])).toEqual([
      ['db-1', 'container-down', ''],
      ['api', 'health-check-failed', 'dependency-down'],
      ['web', 'health-check-failed', 'dependency-down'],
    ])
    expect(events[0]?.summary).toBe('exited by itself, exit code 1; api depends on it')
    expect(events.slice(1).map((event) => event.by)).toEqual([events[0]?.id, events[0]?.id])
  })

  it('is never heard of when it gets well with its cause', () => {
    const { events } = inOrder(...all, ...down, ...fails(api, 11_000, 16), ...back, ...good(api, 43_000), tick(200_000))
    expect(said(events.filter((event) => event.suppressed === undefined))).toBe(
      'container-down firing@10s container-down resolved@45s',
    )
    expect(events.filter((event) => event.container === 'api').map((event) => event.state)).toEqual([
      'firing',
      'resolved',
    ])
  })

  it('is told as its own when it is still ill 30 s after the cause is over', () => {
    const { events } = inOrder(...all, ...down, ...fails(api, 11_000, 60), ...back)
    const heard = events.filter((event) => event.suppressed === undefined)
    expect(said(heard)).toBe('container-down firing@10s container-down resolved@45s health-check-failed firing@76s')
  })

  it('its CPU and memory are its own affair', () => {
    const busy = Array.from({ length: 12 }, (_, i) => {
      const at = 11_000 + i * 2000
      return [at, { kind: 'sample', subject: api, at: T0 + at, numbers: { ...NO_NUMBERS, cpuPercent: 99 } }] as const
    })
    const { events } = inOrder(...all, ...down, ...busy)
    expect(events.find((event) => event.rule === 'high-cpu')?.suppressed).toBeUndefined()
  })

  it('a circle of dependencies holds nobody back for ever', () => {
    const a: Subject = { ...subject, name: 'a', id: '1', dependsOn: ['b'] }
    const b: Subject = { ...subject, name: 'b', id: '2', dependsOn: ['a'] }
    const { events } = inOrder(
      ...as(a, [running(0), ended(1000)]),
      ...as(b, [running(0), ended(2000)]),
      ...as(a, [running(5000)]),
      tick(60_000),
    )
    const heard = events.filter((event) => event.suppressed === undefined)
    expect(heard.map((event) => [event.container, event.state])).toEqual([
      ['a', 'firing'],
      ['a', 'resolved'],
      ['b', 'firing'],
    ])
  })
})
