import { describe, expect, it } from 'vitest'
import { hostReadings, hostThresholds } from './host-readings.ts'
import type { HostLevels } from './observation.ts'
import { RULES } from './rules.ts'
import { playAll, said, T0, tick, valuesOf } from './series-notation.ts'

const GIB = 1024 ** 3
const calm: HostLevels = { cpuPercent: null, memory: null, disks: [] }

/** A look every 10 s. */
function play(series: string, levels: (value: number) => HostLevels) {
  const steps = valuesOf(series).flatMap((value, i) => {
    const atMs = i * 10_000
    return value === null ? [] : [[atMs, { kind: 'host', at: T0 + atMs, levels: levels(value) }] as const]
  })
  return playAll([...steps, tick(valuesOf(series).length * 10_000)]).events
}

const cpu = (value: number): HostLevels => ({ ...calm, cpuPercent: value })
const memory = (value: number): HostLevels => ({
  ...calm,
  memory: { percent: value, usedBytes: (value / 100) * 8 * GIB, totalBytes: 8 * GIB },
})
const disk = (value: number): HostLevels => ({
  ...calm,
  disks: [
    { name: 'engine', percent: value, availableBytes: 2 * GIB },
    { name: 'project', percent: 10, availableBytes: GIB },
  ],
})

describe('the host’s rules', () => {
  it.each([
    ['above 80 % for a minute', '85x8', 'host-cpu firing@60s'],
    ['a compile of half a minute is none', '99x4 20x8', ''],
    ['over when it was below 72 % for a minute', '85x8 75x8 70x8', 'host-cpu firing@60s host-cpu resolved@220s'],
    ['a look that fails does not begin it anew', '85x3 _ 85x5', 'host-cpu firing@60s'],
  ])('host-cpu: %s', (_, series, events) => {
    expect(said(play(series, cpu))).toBe(events)
  })

  it('host-memory says how much of what', () => {
    const events = play('95x8', memory)
    expect(said(events)).toBe('host-memory firing@60s')
    expect(events[0]).toMatchObject({ container: null, severity: 'warning', value: 95, threshold: 90 })
    expect(events[0]?.summary).toBe('memory of the host 95.0 % (7.60 GiB of 8.00 GiB) for 1 min, threshold 90 %')
  })

  it('host-disk is told per disk, with what is left', () => {
    const events = play('86x8 50x8', disk)
    expect(said(events)).toBe('host-disk firing@60s host-disk resolved@140s')
    expect(events[0]?.summary).toBe('disk "engine" (2.00 GiB left) 86.0 % full for 1 min, threshold 85 %')
  })

  it('what is unknown is neither well nor ill', () => {
    expect(hostReadings(RULES, calm)).toEqual([])
  })

  it('the page’s marks stand where they fire', () => {
    expect(hostThresholds(RULES)).toEqual({ cpuPercent: 80, memoryPercent: 90, diskPercent: 85 })
  })
})
