import { describe, expect, it } from 'vitest'
import { type Look, lookForSilence, type Silence, startSilence, ulid } from './silence.ts'

const START = Date.parse('2026-11-21T12:00:00Z')
const id = ulid(START, new Uint8Array(10))
const look = (seconds: number, writtenSeconds: number | null): Look => ({
  now: START + seconds * 1000,
  writtenAt: writtenSeconds === null ? null : START + writtenSeconds * 1000,
  longestMs: 60_000,
  host: 'web1',
  newId: id,
})

/** Looks every 5 s; `written` is when the file was last written, by then. Answers what was told, and when. */
function play(until: number, written: (at: number) => number | null, from: Silence = startSilence(START, null)) {
  const told: string[] = []
  let silence = from
  for (let at = 5; at <= until; at += 5) {
    const [next, event] = lookForSilence(silence, look(at, written(at)))
    if (event !== null) told.push(`${event.state}@${at}s`)
    silence = next
  }
  return { told, silence }
}

describe('a silent monitor', () => {
  it('is an alarm after 60 s, and over when it writes again', () => {
    expect(play(200, (at) => (at < 30 ? at : at < 150 ? 30 : at)).told).toEqual(['firing@95s', 'resolved@150s'])
  })

  it('is alarmed when it never writes at all', () => {
    expect(play(80, () => null).told).toEqual(['firing@65s'])
  })

  it('is not alarmed for what it did before the service watched', () => {
    expect(play(60, () => -86_400).told).toEqual([])
  })

  it('is not alarmed when the machine slept, and the monitor with it', () => {
    const { silence } = play(30, (at) => at)
    const [awake, event] = lookForSilence(silence, look(4000, 30))
    expect(event).toBeNull()
    expect(lookForSilence(awake, look(4005, 4003))[1]).toBeNull()
  })

  it('keeps its alert over a restart of the service', () => {
    const { silence } = play(70, () => null)
    const again = startSilence(START + 100_000, silence.firing)
    expect(lookForSilence(again, look(105, null))[1]).toBeNull()
    expect(lookForSilence(again, look(105, 104))[1]).toMatchObject({ state: 'resolved', id })
  })
})

it('a ULID begins with its time', () => {
  expect(ulid(1_469_918_176_385, new Uint8Array(10))).toBe('01ARYZ6S410000000000000000')
  expect(ulid(0, new Uint8Array(10).fill(255))).toBe('0000000000ZZZZZZZZZZZZZZZZ')
})
