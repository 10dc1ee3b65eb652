import { describe, expect, it } from 'vitest'
import { alert, container, engine, fleet, fleetAlerts, NOON, snapshot } from '../../../tests/support/fake-fleet.ts'
import { cpuMarkOf, filtered, memoryMarkOf, rowsOf, type Sort, sorted } from './rows.ts'
import { EMPTY, reduce } from './state.ts'

const rows = rowsOf(reduce(EMPTY, { kind: 'snapshot', snapshot: snapshot(fleet(), fleetAlerts()) }))
const order = (sort: Sort, reversed = false) => sorted(rows, sort, reversed).map(({ view }) => view.name)

describe('the rows of the table', () => {
  it('by state: what fires first, the critical before the others, then by name', () => {
    expect(order('state')).toEqual(['migrate', 'worker-1', 'evil', 'postgres', 'web'])
  })

  it('by a number: the largest first, the other way round the smallest, unknown last either way', () => {
    expect(order('cpu')).toEqual(['worker-1', 'web', 'postgres', 'evil', 'migrate'])
    expect(order('cpu', true)).toEqual(['evil', 'postgres', 'web', 'worker-1', 'migrate'])
    expect(order('memory')[0]).toBe('worker-1')
    expect(order('restarts')[0]).toBe('worker-1')
    expect(order('network').slice(0, 2)).toEqual(['worker-1', 'web'])
  })

  it('names sort as people count: app-2 before app-10', () => {
    const state = reduce(EMPTY, {
      kind: 'snapshot',
      snapshot: snapshot([container('app-10'), container('app-2')], []),
    })
    expect(sorted(rowsOf(state), 'name', false).map(({ view }) => view.name)).toEqual(['app-2', 'app-10'])
  })

  it('a failed health target is slower than any answer', () => {
    const probe = { url: 'http://x/', at: NOON, ok: false, responseMs: null, detail: 'timeout after 5 s' }
    const state = reduce(EMPTY, {
      kind: 'snapshot',
      snapshot: snapshot([container('slow', { responseMs: 900 }), container('dead', {}, { probe })], []),
    })
    expect(sorted(rowsOf(state), 'response', false)[0]?.view.name).toBe('dead')
  })

  it('the filter takes words of name, image, state and project, in any case', () => {
    const names = (filter: string) => filtered(rows, filter).map(({ view }) => view.name)
    expect(names('WORK')).toEqual(['worker-1'])
    expect(names('example exited')).toEqual(['migrate'])
    expect(names('')).toHaveLength(5)
    expect(names('nothing')).toEqual([])
  })

  it('a removed container is shown only while something about it fires', () => {
    const gone = container('job', {}, { state: 'removed' })
    const of = (alerts: Parameters<typeof snapshot>[1]) =>
      rowsOf(reduce(EMPTY, { kind: 'snapshot', snapshot: snapshot([gone], alerts) }))
    expect(of([])).toHaveLength(0)
    expect(of([alert('container-down', 'job')])).toHaveLength(1)
  })
})

describe('the mark', () => {
  it('of CPU is the threshold on one core as a share of what it may use', () => {
    expect(cpuMarkOf(container('a', {}, { cpuLimitCores: 2 }), engine())).toBe(20)
    expect(cpuMarkOf(container('a'), engine())).toBe(5)
  })

  it('is not drawn where it is out of reach or not known', () => {
    expect(cpuMarkOf(container('a', {}, { cpuLimitCores: 0.25 }), engine())).toBeNull()
    expect(cpuMarkOf(container('a'), null)).toBeNull()
    expect(
      memoryMarkOf(container('a', {}, { thresholds: { cpuPercent: 1, memoryPercent: 120, responseMs: 1 } })),
    ).toBeNull()
  })
})
