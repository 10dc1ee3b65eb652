import type { LoadAnswer } from '@plimsoll/contracts/load'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Others, othersOf, type Seen, seenBetween } from './observe.ts'
import { type Level, PROFILES, type Profile, phaseAt } from './profiles.ts'
import { bandWith, type Commands, NO_COMMANDS, steer } from './steer.ts'

const MIB = 1024 * 1024
const nobody: Others = { cpuLimitPercent: 0, memoryPercent: 0, queriesPerSecond: 0 }
const limits = (cpuCores: number, memoryBytes = 512 * MIB) => ({
  cpuCores,
  memoryBytes,
  memoryLimited: true,
  memoryCapBytes: memoryBytes * 0.88,
})

/** A target that does as it is told, seen a second late: `efficiency` of the asked CPU, and `own` of its own. */
function play(level: Level, target: { cores: number; efficiency: number; ownPercent: number }, others = nobody) {
  const { phase } = phaseAt(PROFILES[level], 0)
  const { cores, efficiency, ownPercent } = target
  const given: number[] = [0, 0]
  let commands: Commands = NO_COMMANDS
  const seen: number[] = []
  for (let tick = 0; tick < 120; tick++) {
    const [a = 0, b = 0] = given.slice(-2)
    const ours = ((a + b) / 2 / cores) * efficiency
    const cpuLimitPercent = Math.min(100, ours + ownPercent + others.cpuLimitPercent)
    seen.push(cpuLimitPercent)
    const now: Seen = { cpuLimitPercent, queriesPerSecond: null, memoryPercent: 8, memoryBytesPerSecond: 0 }
    commands = steer(commands, { phase, limits: limits(cores), seen: now, others, steeredMs: tick * 500 })
    given.push(commands.cpuPercent ?? 0)
  }
  return seen
}

describe('the CPU loop', () => {
  const levels: Level[] = ['low', 'medium', 'high', 'cpu-intensive', 'extreme']
  it.each(levels)('holds %s in its band from 10 s on, on a small and a big container, exact or starved', (level) => {
    const aim = PROFILES[level].phases[0].aims[0]
    if (aim === undefined) throw new Error('no aim')
    for (const cores of [0.5, 1, 2, 4])
      for (const efficiency of [0.8, 1, 1.05])
        for (const ownPercent of [1, 5, 9]) {
          const late = play(level, { cores, efficiency, ownPercent }).slice(20)
          expect(Math.min(...late)).toBeGreaterThanOrEqual(aim.min)
          expect(Math.max(...late)).toBeLessThanOrEqual(aim.max)
        }
  })

  it('adds to what other generators ask for instead of fighting them', () => {
    const late = play('medium', { cores: 1, efficiency: 1, ownPercent: 2 }, { ...nobody, cpuLimitPercent: 35 }).slice(
      20,
    )
    for (const percent of late) expect(Math.abs(percent - 70)).toBeLessThan(3)
  })

  it('asks for nothing while a phase has no aim for it', () => {
    const rest = PROFILES.spike.phases[1]
    const seen: Seen = { cpuLimitPercent: 90, queriesPerSecond: 0, memoryPercent: 8, memoryBytesPerSecond: 0 }
    const before = { ...NO_COMMANDS, cpuPercent: 90 }
    const next = steer(before, { phase: rest, limits: limits(1), seen, others: nobody, steeredMs: 5000 })
    expect(next.cpuPercent).toBeNull()
  })

  it('keeps its command while nothing is known', () => {
    const { phase } = phaseAt(PROFILES.high, 0)
    const seen: Seen = { cpuLimitPercent: null, queriesPerSecond: null, memoryPercent: 8, memoryBytesPerSecond: null }
    const before = { ...NO_COMMANDS, cpuPercent: 61 }
    expect(steer(before, { phase, limits: limits(1), seen, others: nobody, steeredMs: 5000 }).cpuPercent).toBe(61)
  })
})

describe('the memory loop', () => {
  it('goes to its aim and stays, without ever asking for more than the target’s bound', () => {
    const { phase } = phaseAt(PROFILES['memory-intensive'], 0)
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 64, max: 65_536 }), (basePercent, limitMib) => {
        const memoryBytes = limitMib * MIB
        let commands = NO_COMMANDS
        let held = 0
        let percent = basePercent
        for (let tick = 0; tick < 60; tick++) {
          const seen: Seen = {
            cpuLimitPercent: 1,
            queriesPerSecond: 0,
            memoryPercent: percent,
            memoryBytesPerSecond: 0,
          }
          const situation = { phase, limits: limits(1, memoryBytes), seen, others: nobody, steeredMs: tick * 500 }
          commands = steer(commands, situation)
          expect(commands.memoryBytes).toBeLessThanOrEqual(memoryBytes * 0.85)
          // 200 MiB in each half second, as the target fills them.
          held = Math.min(commands.memoryBytes ?? 0, held + Math.max(200 * MIB, memoryBytes / 8))
          percent = basePercent + (held / memoryBytes) * 100
          expect(percent).toBeLessThan(85)
        }
        expect(percent).toBeGreaterThan(70)
      }),
    )
  })
})

describe('others', () => {
  const answer = {
    limits: limits(2),
    loads: [
      { id: 'me.1.cpu', spec: { kind: 'cpu', percent: 50, workers: null }, endsInMs: 9 },
      { id: 'you.1.cpu', spec: { kind: 'cpu', percent: 60, workers: null }, endsInMs: 9 },
      { id: 'you.1.memory', spec: { kind: 'memory', bytes: 128 * MIB }, endsInMs: 9 },
    ],
  } as unknown as LoadAnswer

  it('are all loads but our own, in shares of the limits', () => {
    expect(othersOf(answer, 'me.1.', null)).toEqual({ cpuLimitPercent: 30, memoryPercent: 25, queriesPerSecond: 0 })
  })

  it('share with us what no load asked for, so that the generators add up to the sum of their aims', () => {
    // 55 of 100 were asked for; of the other 8, four are ours and four belong to the other generator.
    expect(othersOf(answer, 'me.1.', 63).cpuLimitPercent).toBe(34)
    expect(othersOf(answer, 'you.1.', 63).cpuLimitPercent).toBe(29)
    const alone = { ...answer, loads: answer.loads.slice(0, 1) }
    expect(othersOf(alone, 'me.1.', 63).cpuLimitPercent).toBe(0)
  })

  it('that do not steer, as a load started on the page, keep none of it', () => {
    const byHand = { ...answer, loads: [{ ...answer.loads[1], id: 'by-hand' }] } as LoadAnswer
    expect(othersOf(byHand, 'me.1.', 63).cpuLimitPercent).toBe(30)
  })

  it('move the band we are judged by, never beyond the whole', () => {
    const aim = { measure: 'cpu', min: 30, max: 40 } as const
    expect(bandWith({ ...nobody, cpuLimitPercent: 35 }, aim)).toEqual({ min: 65, max: 75 })
    expect(bandWith({ ...nobody, cpuLimitPercent: 90 }, aim)).toEqual({ min: 90, max: 100 })
    expect(bandWith({ ...nobody, cpuLimitPercent: 90 }, { measure: 'healthMs', min: 1, max: 2 })).toEqual({
      min: 1,
      max: 2,
    })
  })
})

describe('seenBetween', () => {
  const look = (bootId: string, readAtMs: number, usedMs: number) =>
    ({
      bootId,
      limits: limits(2),
      cpu: { readAtMs, usedMs },
      memory: { usedBytes: 100, limitPercent: 9 },
      database: { queries: usedMs },
    }) as unknown as LoadAnswer

  it('knows the rates of one life of the target', () => {
    const seen = seenBetween(look('a', 0, 0), look('a', 2000, 1000))
    expect(seen).toMatchObject({ cpuLimitPercent: 25, queriesPerSecond: 500, memoryPercent: 9 })
  })

  it('knows none over a restart, nor before the second look', () => {
    const unknown = { cpuLimitPercent: null, queriesPerSecond: null, memoryBytesPerSecond: null, memoryPercent: 9 }
    expect(seenBetween(look('a', 0, 5000), look('b', 2000, 10))).toEqual(unknown)
    expect(seenBetween(undefined, look('b', 2000, 10))).toEqual(unknown)
  })
})

describe('profiles', () => {
  it('aim inside their own bands', () => {
    for (const profile of Object.values<Profile>(PROFILES))
      for (const { min, max, aim } of profile.phases.flatMap(({ aims }) => aims)) {
        expect(min).toBeLessThanOrEqual(max)
        if (aim !== undefined) expect(aim > min && aim < max).toBe(true)
      }
  })

  it('have the bands they are named for', () => {
    const band = (level: Level) => PROFILES[level].phases[0].aims.map(({ measure, min, max }) => [measure, min, max])
    expect(band('low')).toEqual([['cpu', 10, 20]])
    expect(band('medium')).toEqual([['cpu', 30, 40]])
    expect(band('high')).toEqual([['cpu', 60, 70]])
    expect(band('cpu-intensive')).toEqual([['cpu', 80, 100]])
    expect(band('memory-intensive')).toEqual([['memory', 70, 85]])
    expect(band('extreme').slice(0, 2)).toEqual([
      ['cpu', 80, 100],
      ['memory', 60, 85],
    ])
  })

  it('spike never lasts as long as an alarm waits, and rests longer than it bursts', () => {
    const [burst, rest] = PROFILES.spike.phases
    expect(burst.seconds).toBeLessThan(15)
    expect(rest.seconds).toBeGreaterThan(burst.seconds)
  })

  it.each([
    ['high', 3_600_000, ['steady', 0, 3_600_000]],
    ['spike', 4999, ['burst', 0, 4999]],
    ['spike', 5000, ['rest', 1, 0]],
    ['spike', 20_000, ['burst', 2, 0]],
    ['oom', 10_000, ['after', 1, 0]],
    ['crash-loop', 24_500, ['crash', 2, 500]],
  ] as const)('%s after %i ms is in %j', (level, elapsedMs, expected) => {
    const { phase, turn, sinceMs } = phaseAt(PROFILES[level], elapsedMs)
    expect([phase.name, turn, sinceMs]).toEqual(expected)
  })
})
