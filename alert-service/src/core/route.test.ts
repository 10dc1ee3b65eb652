import { describe, expect, it } from 'vitest'
import { parseRoute, routes } from './route.ts'

const event = { severity: 'critical', container: 'shop-api-1', project: 'shop' } as const

describe('a route', () => {
  it.each([
    ['all:project=shop', true],
    ['critical:project=sh*', true],
    ['all:db|project=shop', true],
    ['all:project=shop-api-1', false],
    ['all:project=sho', false],
    ['all:shop', false],
    ['all:shop-*', true],
  ])('%s takes an alert of the project shop: %s', (text, taken) => {
    const route = parseRoute(text)
    expect(route !== undefined && routes(route, event)).toBe(taken)
  })
  it('by project takes nothing that has none', () => {
    const route = parseRoute('all:project=*')
    const { project: _, ...without } = event
    expect(route !== undefined && routes(route, without)).toBe(false)
    expect(route !== undefined && routes(route, { severity: 'critical', container: null })).toBe(false)
  })
})
