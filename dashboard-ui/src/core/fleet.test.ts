import { describe, expect, it } from 'vitest'
import { alert, container, tick } from './fixture.ts'
import { FIRST_CHOICE, firingBy, grouped, inPlace, isTroubled, shown, sorted } from './fleet.ts'
import type { Latest } from './state.ts'

const fleet = [
  container({ no: 1, name: 'web-10', project: 'shop' }),
  container({ no: 2, name: 'web-9', project: 'shop', image: 'nginx' }),
  container({ no: 3, name: 'lone' }),
  container({ no: 4, name: 'gone', state: 'exited' }),
]
const quiet = new Map()
const names = (views: readonly { name: string }[]) => views.map(({ name }) => name)

describe('what the fleet shows', () => {
  it('leaves stopped ones out until asked', () => {
    expect(names(shown(fleet, FIRST_CHOICE, quiet))).not.toContain('gone')
    expect(names(shown(fleet, { ...FIRST_CHOICE, stoppedToo: true }, quiet))).toContain('gone')
  })

  it('shows a stopped one that fires without being asked: it is the one that matters', () => {
    const firing = firingBy([alert({ container: 'gone', severity: 'critical' })])
    expect(names(shown(fleet, FIRST_CHOICE, firing))).toContain('gone')
  })

  it('finds by name, image, project and state, all words together', () => {
    const found = (filter: string) => names(shown(fleet, { ...FIRST_CHOICE, filter, stoppedToo: true }, quiet))
    expect(found('SHOP 9')).toEqual(['web-9'])
    expect(found('exited')).toEqual(['gone'])
    expect(found('nowhere')).toEqual([])
  })

  it('knows trouble: firing, unhealthy, restarting, or a failing health address', () => {
    expect(isTroubled(container(), quiet)).toBe(false)
    expect(isTroubled(container({ health: 'unhealthy' }), quiet)).toBe(true)
    expect(isTroubled(container({ state: 'restarting' }), quiet)).toBe(true)
    expect(isTroubled(container(), firingBy([alert()]))).toBe(true)
    expect(isTroubled(container(), firingBy([alert({ resolvedAt: 5 })]))).toBe(false)
  })

  it('tells the worst of several alerts', () => {
    const both = [alert({ severity: 'critical' }), alert({ id: '02', severity: 'warning' })]
    expect(firingBy(both).get('web')).toBe('critical')
    expect(firingBy(both.toReversed()).get('web')).toBe('critical')
  })
})

describe('order', () => {
  const columns = { ...tick(0, [1, 2, 3]).columns, cpuLimitPercent: [5, 50, null] }
  const latest: Latest = {
    at: 0,
    place: new Map([
      [1, 0],
      [2, 1],
      [3, 2],
    ]),
    columns,
  }

  it('counts as people do: web-9 before web-10', () => {
    expect(names(sorted(fleet, FIRST_CHOICE, null))).toEqual(['gone', 'lone', 'web-9', 'web-10'])
  })

  it('puts the unknown last, up or down', () => {
    const by = (descending: boolean) => names(sorted(fleet, { ...FIRST_CHOICE, sort: 'cpu', descending }, latest))
    expect(by(true)).toEqual(['web-9', 'web-10', 'gone', 'lone'])
    expect(by(false)).toEqual(['web-10', 'web-9', 'gone', 'lone'])
  })

  it('groups by Compose project, what has none last', () => {
    expect(grouped(fleet).map(({ project, containers }) => [project, containers.length])).toEqual([
      ['shop', 2],
      [null, 2],
    ])
  })

  it('holds still while only the numbers change, and is made anew when one comes or goes', () => {
    const before = grouped(fleet)
    const restarted = fleet.map((view) => (view.name === 'lone' ? { ...view, restarts: 1 } : view))
    expect(inPlace(before, restarted.toReversed())).toEqual(grouped(restarted))
    expect(inPlace(before, fleet.slice(1))).toBeNull()
    expect(inPlace(before, [...fleet, container({ no: 9, name: 'new' })])).toBeNull()
    expect(
      inPlace(
        before,
        fleet.map((view) => ({ ...view, project: 'other' })),
      ),
    ).toBeNull()
  })
})
