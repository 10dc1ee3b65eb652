import { describe, expect, it } from 'vitest'
import { endText, machineText, oomText } from './evidence.ts'

describe('how it ended', () => {
  const end = {
    at: 0,
    ranMs: 7_800_000,
    exitCode: 137,
    exitSignal: 'SIGKILL',
    sentSignal: null,
    why: 'exited by itself, exit code 3',
  }

  it('says why, after how long, and what the engine was asked to do', () => {
    expect(endText(end)).toBe('exited by itself, exit code 3; it had run for 2 h 10 min.')
    expect(endText({ ...end, ranMs: null, sentSignal: 'SIGKILL', why: 'killed' })).toBe(
      'killed; the engine was asked to send it SIGKILL.',
    )
  })
})

describe('whose memory ran out', () => {
  const limitBytes = 256 * 1024 ** 2

  it.each([
    ['own-limit', 'It was killed at its own limit of 256 MiB.'],
    ['host', 'It was killed for memory without a limit of its own: the host ran out.'],
    ['child', 'A process in it was killed for memory; the container lives on.'],
    ['none', 'The engine told of no kill for memory.'],
  ] as const)('%s', (verdict, text) => {
    expect(oomText({ verdict, limitBytes, lastUsedBytes: null })).toBe(text)
    expect(oomText({ verdict, limitBytes, lastUsedBytes: limitBytes })).toBe(`${text} When last seen it used 256 MiB.`)
  })
})

describe('the machine then', () => {
  const nothing = {
    at: 0,
    cpuPercent: null,
    stealPercent: null,
    load1: null,
    memoryPercent: null,
    memoryAvailableBytes: null,
    swapUsedBytes: null,
    disks: [],
  }

  it('tells what is known and leaves out what is not', () => {
    expect(machineText(nothing)).toBe('unknown')
    expect(machineText({ ...nothing, cpuPercent: 41, load1: 1.2, swapUsedBytes: 0 })).toBe('CPU 41 %, load 1.20')
  })
})
