import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { playAll, playMetric, probed, running, said, subject, T0, valuesOf } from './series-notation.ts'

const every2s = (series: string) => said(playMetric(series, 'cpuPercent', 2000), 'high-cpu')
const every10s = (series: string) => said(playMetric(series, 'cpuPercent'), 'high-cpu')

describe('high-cpu: above the threshold (80) for 15 s, clears below 72 for 15 s', () => {
  it.each([
    ['95x8', '', 'a short burst is no alert'],
    ['95x9', 'firing@16s', 'fires with the first sample after 15 s'],
    ['80x20', '', 'the threshold itself is not above it'],
    ['95x4 70 95x9', 'firing@26s', 'one sample below starts the hold anew'],
    ['95x4 75 95x9', 'firing@26s', 'also one that is only between threshold and clear level'],
    ['95x9 75x30', 'firing@16s', 'between clear level and threshold it goes on firing'],
    ['95x9 10x9', 'firing@16s resolved@34s', 'clears after 15 s below the clear level'],
    ['95x9 10x5 75 10x9', 'firing@16s resolved@46s', 'a sample above the clear level starts that anew'],
    ['95x9 10x9 95x9', 'firing@16s resolved@34s firing@52s', 'and fires again as another alert'],
  ])('%s → %s (%s)', (series, expected) => expect(every2s(series)).toBe(expected))

  it.each([
    ['95x2', '', 'two samples are too few, whatever the time between'],
    ['95x3', 'firing@20s', 'at 10 s a sample'],
    ['95 _ 95x2', 'firing@30s', 'a gap does not restart the hold'],
    ['95x2 _x7 95x2', '', 'a gap of more than a minute does'],
    ['95x3 _x29', 'firing@20s', 'without data it goes on firing for a while'],
    ['95x3 _x31', 'firing@20s resolved@320s', 'and after 5 min without data it ends: nobody knows any more'],
    ['_x10', '', 'unknown is not high'],
  ])('%s → %s (%s)', (series, expected) => expect(every10s(series)).toBe(expected))

  it('says the number, the hold and the threshold', () => {
    const events = playMetric('93.42x9 12x9', 'cpuPercent', 2000)
    expect(events.map((event) => event.summary)).toEqual([
      'CPU 93.4 % of one core for 16 s, threshold 80 %',
      'CPU 12.0 % of one core, below 72 % for 16 s; lasted 18 s',
    ])
    expect(events[0]).toMatchObject({
      severity: 'warning',
      value: 93.42,
      threshold: 80,
      container: 'web',
      host: 'web1',
    })
    expect(events[1]?.id).toBe(events[0]?.id)
  })
})

describe('other levels', () => {
  it('high-memory names the bytes', () => {
    const numbers = {
      ...NO_NUMBERS,
      memoryPercent: 85.2,
      memoryUsedBytes: 436 * 1024 ** 2,
      memoryLimitBytes: 512 * 1024 ** 2,
    }
    const steps = Array.from({ length: 9 }, (_, i) => {
      return [i * 2000, { kind: 'sample', subject, at: T0 + i * 2000, numbers }] as const
    })
    expect(playAll(steps).events.map((event) => `${event.rule}: ${event.summary}`)).toEqual([
      'high-memory: memory 85.2 % (436 MiB of 512 MiB) for 16 s, threshold 80 %',
    ])
  })

  it.each([
    ['30x6', '', 'not yet a minute'],
    ['30x7 5x7', 'firing@60s resolved@130s', 'above 25 % for a minute, below 10 % for a minute'],
    ['30x7 12x20', 'firing@60s', '12 % is not calm'],
  ])('cpu-throttled %s → %s (%s)', (series, expected) => {
    expect(said(playMetric(series, 'throttledPercent'), 'cpu-throttled')).toBe(expected)
  })

  it('a label raises the severity of all alerts of the container', () => {
    const numbers = { ...NO_NUMBERS, cpuPercent: 99 }
    const steps = Array.from({ length: 9 }, (_, i) => {
      const by = { ...subject, severity: 'critical' as const }
      return [i * 2000, { kind: 'sample', subject: by, at: T0 + i * 2000, numbers }] as const
    })
    expect(playAll(steps).events[0]?.severity).toBe('critical')
  })
})

/** Probes every 2 s: a number is a latency, `_` a timeout. */
const probes = (series: string) => playAll(valuesOf(series).map((ms, i) => probed(i * 2000, ms))).events

describe('slow-response: p95 of 30 s above 1000 ms, at least 5 probes', () => {
  it.each([
    ['1500x4', '', 'four probes are too few'],
    ['1500x5', 'firing@8s', 'five are enough'],
    ['20x14 5000 20x14', '', 'one slow answer alone is no alert'],
    ['20x13 5000x2', 'firing@28s', 'two of fifteen are'],
    ['1500x5 20x30', 'firing@8s resolved@52s', 'clears 15 s after the slow ones left the window'],
    ['1500x5 950x40', 'firing@8s', 'below the threshold is not yet below 90 % of it'],
  ])('%s → %s (%s)', (series, expected) => expect(said(probes(series), 'slow-response')).toBe(expected))

  it('says the percentile and the threshold', () => {
    expect(probes('1500x5')[0]?.summary).toBe('p95 of responses 1.50 s over 30 s, threshold 1.00 s')
  })
})

describe('health-check-failed: 3 probes in a row, clears after 2 good ones', () => {
  it.each([
    ['_x2 20 _x2', '', 'two in a row are not three'],
    ['_x3', 'firing@4s', 'three are'],
    ['_x3 20 _ 20 20', 'firing@4s resolved@12s', 'two good ones in a row end it'],
  ])('%s → %s (%s)', (series, expected) => expect(said(probes(series), 'health-check-failed')).toBe(expected))

  it('counts an answer that is not 2xx as failed', () => {
    const { events } = playAll([0, 2000, 4000].map((at) => probed(at, 12, false)))
    expect(events[0]).toMatchObject({ rule: 'health-check-failed', severity: 'critical' })
    expect(events[0]?.summary).toBe('3 health checks in a row failed, the last with: 503')
  })

  it('gives a container that has just started 30 s until its first good answer', () => {
    const fails = (from: number) => Array.from({ length: 10 }, (_, i) => probed(from + i * 2000, null))
    expect(said(playAll([running(0), ...fails(1000)]).events)).toBe('')
    expect(said(playAll([running(0), ...fails(25_000)]).events)).toBe('health-check-failed firing@35s')
    expect(said(playAll([running(0), probed(500, 9), ...fails(1000)]).events)).toBe('health-check-failed firing@5s')
  })
})
