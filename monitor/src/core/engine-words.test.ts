import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cpusetCores, parseEvent, parseInspect, parseList } from './engine-words.ts'

const text = (path: string): string => readFileSync(new URL(`fixtures/${path}`, import.meta.url), 'utf8')
const read = (path: string): unknown => JSON.parse(text(path))
const inspected = (path: string) => parseInspect((read(path) as unknown[])[0])

describe('inspect', () => {
  it('tells limits, health and what the check printed', () => {
    expect(inspected('cgroup-v1/busy/inspect.json')).toMatchObject({
      name: 'busy',
      state: 'running',
      cpuLimitCores: 0.5,
    })
    expect(inspected('cgroup-v2/cache/inspect.json')).toMatchObject({ memoryLimitBytes: 256 * 1024 ** 2 })
    expect(inspected('cgroup-v1/unhealthy/inspect.json')).toMatchObject({
      health: 'unhealthy',
      healthOutput: 'not well',
    })
    expect(inspected('cgroup-v1/hostnet/inspect.json')).toMatchObject({ ownNetwork: false })
  })
  it('tells the end of a container that was killed for memory', () => {
    expect(inspected('cgroup-v1/oom/inspect.json')).toMatchObject({
      state: 'exited',
      exitCode: 137,
      oomKilled: true,
      restartPolicy: true,
      restarts: 2,
      pid: null,
    })
  })
  it('a container without limits has none, and one that never stopped no end', () => {
    expect(inspected('cgroup-v2/idle/inspect.json')).toMatchObject({
      cpuLimitCores: null,
      memoryLimitBytes: null,
      finishedAt: null,
      ownNetwork: true,
    })
  })
  it.each([null, 'text', [], {}, { Id: 'x' }])('%j is no inspect answer', (answer) => {
    expect(parseInspect(answer)).toBeNull()
  })
})

describe('list', () => {
  it('reads the engine’s list', () => {
    const list = parseList(read('cgroup-v1/containers.json'))
    expect(list?.map((entry) => entry.name)).toEqual(expect.arrayContaining(['idle', 'busy', 'oom']))
    expect(list?.find((entry) => entry.name === 'oom')?.state).toBe('exited')
  })
  it('leaves out what it cannot understand, and keeps the rest', () => {
    const good = { Id: 'a', Names: ['/web'], State: 'running' }
    expect(parseList([null, { Id: 'b' }, good])).toMatchObject([{ id: 'a', name: 'web', labels: {} }])
  })
  it('a container’s own name is not the one a link gave it', () => {
    expect(parseList([{ Id: 'a', Names: ['/app/db', '/db'], State: 'running' }])?.[0]?.name).toBe('db')
  })
  it.each([null, {}, 'x'])('%j is no list', (answer) => expect(parseList(answer)).toBeNull())
})

describe('events', () => {
  const lines = ['cgroup-v1', 'cgroup-v2'].flatMap((host) => text(`${host}/events.ndjson`).trim().split('\n'))
  it('reads every event of interest that real engines sent, and passes over the rest', () => {
    const events = lines.map((line) => parseEvent(JSON.parse(line)))
    const actions = new Set(events.flatMap((event) => (event === null ? [] : [event.action])))
    expect([...actions]).toEqual(expect.arrayContaining(['create', 'start', 'die', 'kill', 'oom', 'health_status']))
    expect(events.every((event) => event === null || /^[0-9a-f]{64}$/.test(event.id))).toBe(true)
  })
  it('needs neither `status` nor `id`, which Engine 29 no longer sends', () => {
    const event = {
      Type: 'container',
      Action: 'die',
      Actor: { ID: 'a', Attributes: { name: 'web', exitCode: '3' } },
      timeNano: 5e6,
    }
    expect(parseEvent(event)).toMatchObject({ action: 'die', id: 'a', name: 'web', at: 5 })
  })
  it.each([
    ['Docker', { Action: 'health_status: unhealthy' }, 'unhealthy'],
    ['Podman', { Action: 'health_status', HealthStatus: 'healthy' }, 'healthy'],
  ])('%s’s way to tell of health', (_, said, health) => {
    expect(parseEvent({ ...said, Actor: { ID: 'a', Attributes: {} }, time: 1 })).toMatchObject({ health })
  })
  it('a network that is made or removed is no container', () => {
    const event = { Type: 'network', Action: 'create', Actor: { ID: 'n', Attributes: { name: 'net' } }, time: 1 }
    expect(parseEvent(event)).toBeNull()
    expect(parseEvent({ ...event, Action: 'disconnect', Actor: { ID: 'n', Attributes: { container: 'c' } } })?.id).toBe(
      'c',
    )
  })
  it.each([null, {}, { Action: 5 }, { Action: 'exec_start: x', Actor: { ID: 'a' } }])('%j is none', (line) => {
    expect(parseEvent(line)).toBeNull()
  })
})

describe('a cpuset', () => {
  it.each([
    ['0', 1],
    ['0-3', 4],
    ['0-2,5', 4],
    ['', null],
    ['x', null],
  ])('%s is %s cores', (list, cores) => expect(cpusetCores(list)).toBe(cores))
})
