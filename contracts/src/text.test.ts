import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesText,
  durationText,
  exitCodeText,
  latencyText,
  memoryText,
  percentText,
  rateText,
  signalText,
  UNKNOWN,
} from './text.ts'

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [10_235, '10.0 KiB'],
    [268_435_456, '256 MiB'],
    [1_048_166, '1.00 MiB'],
    [-2048, '-2.00 KiB'],
    [-0.2, '0 B'],
  ])('writes %d bytes of memory as %s', (bytes, text) => expect(memoryText(bytes)).toBe(text))

  it.each([
    [999, '999 B'],
    [999.6, '1.00 kB'],
    [1500, '1.50 kB'],
    [99_960, '100 kB'],
    [999_600, '1.00 MB'],
    [12_345_678, '12.3 MB'],
  ])('writes %d bytes of traffic as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))

  it('adds the second to a rate', () => expect(rateText(1500)).toBe('1.50 kB/s'))

  it('never shows more than three digits, nor a thousand of a unit that has a next one', () => {
    fc.assert(
      fc.property(fc.double({ min: 1000, max: 9e14, noNaN: true }), (bytes) => {
        const [number, unit] = bytesText(bytes).split(' ')
        expect(number?.replace('.', '').length).toBe(3)
        expect(Number(number)).toBeLessThan(1000)
        const factor = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }[unit ?? ''] ?? Number.NaN
        expect(Math.abs((Number(number) * factor) / bytes - 1)).toBeLessThan(0.0051)
      }),
    )
  })
})

describe('times and shares', () => {
  it.each([
    [0.04, '0.0 %'],
    [-0.04, '0.0 %'],
    [47.913, '47.9 %'],
    [-1.25, '-1.3 %'],
    [100, '100.0 %'],
  ])('writes the share %d as %s', (percent, text) => expect(percentText(percent)).toBe(text))

  it.each([
    [0, '0.00 ms'],
    [3.214, '3.21 ms'],
    [9.996, '10 ms'],
    [12.4, '12 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
  ])('writes a latency of %d ms as %s', (ms, text) => expect(latencyText(ms)).toBe(text))

  it.each([
    [0, '0 ms'],
    [850.4, '850 ms'],
    [999.6, '1 s'],
    [12_999, '12 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [86_399_999, '23 h 59 min'],
    [356_400_000, '4 d 3 h'],
    [-5, '0 ms'],
  ])('writes a span of %d ms as %s', (ms, text) => expect(durationText(ms)).toBe(text))

  it('shows what is unknown as such, never as 0', () => {
    for (const write of [memoryText, bytesText, rateText, percentText, latencyText, durationText])
      expect(write(null)).toBe(UNKNOWN)
  })
})

describe('ends of processes', () => {
  it.each([
    [0, 'exit code 0'],
    [1, 'exit code 1'],
    [128, 'exit code 128'],
    [137, 'exit code 137 (SIGKILL)'],
    [139, 'exit code 139 (SIGSEGV)'],
    [143, 'exit code 143 (SIGTERM)'],
    [159, 'exit code 159 (SIGSYS)'],
    [255, 'exit code 255'],
    [null, 'exit code unknown'],
  ])('names exit code %s', (code, text) => expect(exitCodeText(code)).toBe(text))

  it('names signals, and numbers those without a name', () => {
    expect(signalText(9)).toBe('SIGKILL')
    expect(signalText(40)).toBe('signal 40')
  })
})
