import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordOf } from './bytes.ts'
import { advanceHostClock, engineSumNs, type HostClock, hostCpuAt, newHostCpu, takeProcStat } from './host-cpu.ts'

const STAT = `cpu  466775 499 60443 375931 1949 0 816 437 0 0
cpu0 224307 225 29777 197945 606 0 90 211 0 0
cpu1 242468 273 30666 177986 1342 0 725 226 0 0
intr 6280368 0 0
`
const TICK_NS = 1e7

function read(text: string) {
  const cpu = newHostCpu()
  const bytes = wordOf(text)
  takeProcStat(bytes, bytes.length, cpu)
  return cpu
}

/** `/proc/stat` as the kernel would print it after these times in seven columns: each cut to whole ticks. */
function cut(columnsNs: readonly number[], cpus: number) {
  const ticks = [...columnsNs, 0, 0, 0, 0, 0, 0].slice(0, 7).map((ns) => Math.floor(ns / TICK_NS))
  return read(`cpu  ${ticks.join(' ')} 0 0 0\n${Array.from({ length: cpus }, (_, i) => `cpu${i} 0\n`).join('')}`)
}

describe('the host’s CPU time', () => {
  it('is told by mode, with the number of CPUs online', () => {
    const cpu = read(STAT)
    expect([cpu.userNs, cpu.stealNs, cpu.cpus]).toEqual([466_775 * TICK_NS, 437 * TICK_NS, 2])
  })

  it('is summed as the engine does: the first seven columns, without steal', () => {
    expect(engineSumNs(read(STAT))).toBe((466_775 + 499 + 60_443 + 375_931 + 1949 + 816) * TICK_NS)
  })

  it('is unknown when the file is not one', () => {
    expect(engineSumNs(read(''))).toBeNaN()
  })
})

describe('the host’s CPU time between two ticks of the kernel', () => {
  it('is off by less than a percent of 200 ms ten times a second, where the file alone is off by a quarter', () => {
    // Two CPUs for three seconds: one 37 % user, 13 % system, 50 % idle; the other the same.
    const shares = [0.37, 0, 0.13, 0.47, 0.02, 0, 0.01]
    let clock: HostClock | null = null
    let before = 0
    const errors: number[] = []
    const rough: number[] = []
    let roughBefore = 0
    for (let ms = 0; ms <= 3000; ms += 100) {
      const cpu = cut(
        shares.map((share, i) => 1e12 + i * 1.3e6 + share * 2 * ms * 1e6),
        2,
      )
      clock = advanceHostClock(clock, cpu, ms)
      errors.push(Math.abs(clock.sumNs - before - 200e6))
      rough.push(Math.abs(engineSumNs(cpu) - roughBefore - 200e6))
      before = clock.sumNs
      roughBefore = engineSumNs(cpu)
    }
    // After the first seconds it has found its place inside the bounds.
    expect(Math.max(...errors.slice(20))).toBeLessThan(2e6)
    expect(Math.max(...rough.slice(20))).toBeGreaterThanOrEqual(10e6)
  })

  it('never leaves the bounds that the file sets, and never runs backwards, whatever the machine does', () => {
    const step = fc.record({
      ms: fc.integer({ min: 1, max: 40_000 }),
      steal: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        let ms = 0
        let usedNs = 5e12
        let clock: HostClock | null = null
        for (const { ms: passed, steal } of steps) {
          ms += passed
          usedNs += passed * 2e6 * (1 - steal)
          const cpu = cut([usedNs / 2, 0, 0, usedNs / 2, 0, 0, 0], 2)
          const next: HostClock = advanceHostClock(clock, cpu, ms)
          expect(next.sumNs).toBeGreaterThanOrEqual(engineSumNs(cpu))
          expect(next.sumNs).toBeLessThanOrEqual(engineSumNs(cpu) + 7 * TICK_NS)
          clock = next
        }
      }),
    )
  })

  it('goes on with the CPUs’ number between two readings', () => {
    expect(hostCpuAt({ sumNs: 1e9, steadyMs: 1000, cpus: 4 }, 1010)).toBe(1e9 + 40e6)
  })

  it('begins anew when the number of CPUs changes or the host was restarted', () => {
    const before = { sumNs: 9e12, steadyMs: 0, cpus: 2 }
    expect(advanceHostClock(before, cut([1e9], 2), 1000).sumNs).toBe(1e9)
    expect(advanceHostClock(before, cut([9e12], 4), 1000).sumNs).toBe(9e12)
  })
})
