import { describe, expect, it } from 'vitest'
import { container } from './fixture.ts'
import { barZone, cpuMark, fillOf, memoryMark, zoneOf } from './level.ts'

const engine = {
  state: 'connected',
  since: 0,
  where: '',
  host: '',
  version: '',
  apiVersion: '',
  cpus: 4,
  memoryBytes: 1,
} as const

describe('the colour of a level', () => {
  it.each([
    [0, 'calm'],
    [60, 'calm'],
    [60.1, 'warn'],
    [80, 'warn'],
    [80.1, 'high'],
    [400, 'high'],
    [null, 'unknown'],
  ] as const)('%s %% is %s', (percent, zone) => {
    expect(zoneOf(percent)).toBe(zone)
  })

  it('fills a bar to its end and no further', () => {
    expect([fillOf(null), fillOf(-1), fillOf(25), fillOf(140)]).toEqual([0, 0, 0.25, 1])
  })
})

describe('the colour of a bar', () => {
  it('is yellow at the latest where its mark is passed', () => {
    expect([barZone(30, 40), barZone(41, 40), barZone(90, 40), barZone(70, null), barZone(null, 40)]).toEqual([
      'calm',
      'warn',
      'high',
      'warn',
      'unknown',
    ])
  })
})

describe('the Plimsoll mark', () => {
  it('stands at the share of the limit at which the rule on docker-stats CPU fires', () => {
    expect(cpuMark(container({ cpuLimitCores: 1 }), null)).toBe(40)
    expect(cpuMark(container({ cpuLimitCores: 2 }), null)).toBe(20)
    expect(cpuMark(container({ cpuLimitCores: 0.5 }), null)).toBe(80)
  })

  it('counts all cores of the host for a container without a limit', () => {
    expect(cpuMark(container(), engine)).toBe(10)
  })

  it('is not drawn where it cannot be known or reached', () => {
    expect(cpuMark(container(), null)).toBeNull()
    expect(cpuMark(container({ cpuLimitCores: 0.25 }), null)).toBeNull()
    expect(memoryMark(container({ thresholds: { cpuPercent: 40, memoryPercent: 120, responseMs: 1 } }))).toBeNull()
  })
})
