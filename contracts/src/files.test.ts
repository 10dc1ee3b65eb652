import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALERT_LOG, isRotated, metricsFile, rotatedName, STATUS_LOG } from './files.ts'

const at = Date.UTC(2026, 10, 21, 11, 13, 55, 99)

describe('file names', () => {
  it('a metrics file is that of a UTC day', () => {
    expect(metricsFile(Date.UTC(2026, 10, 21, 23, 59, 59, 999))).toBe('metrics-2026-11-21.csv')
    expect(metricsFile(Date.UTC(2026, 10, 22))).toBe('metrics-2026-11-22.csv')
  })

  it('a rotated file is named by its time and known by its name', () => {
    expect(rotatedName(ALERT_LOG, at)).toBe('container_alerts.log.20261121T111355Z')
    expect(isRotated(rotatedName(ALERT_LOG, at), ALERT_LOG)).toBe(true)
    expect(isRotated(`${rotatedName(ALERT_LOG, at)}-12`, ALERT_LOG)).toBe(true)
  })

  it.each([
    ALERT_LOG,
    `${ALERT_LOG}.1`,
    `${ALERT_LOG}.20261121T111355Z.gz`,
    `x${rotatedName(ALERT_LOG, at)}`,
    rotatedName(STATUS_LOG, at),
  ])('%s is not a rotated alert log', (name) => expect(isRotated(name, ALERT_LOG)).toBe(false))

  it('later rotations sort after earlier ones', () => {
    const time = fc.integer({ min: 0, max: 4_102_444_800_000 })
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        expect(rotatedName(ALERT_LOG, first) <= rotatedName(ALERT_LOG, last)).toBe(true)
      }),
    )
  })
})
