import { describe, expect, it } from 'vitest'
import { cpuPercentBetween, fieldOf, type Host, meterOf } from './meter.ts'

const GIB = 1024 ** 3

function host(files: Readonly<Record<string, string>>): Host {
  return {
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error(`ENOENT ${path}`)
      return text
    },
    cores: 4,
    memoryBytes: 16 * GIB,
    process: () => ({ atMs: 7, cpuMs: 123, memoryBytes: 50_000_000 }),
  }
}

const v2 = {
  '/sys/fs/cgroup/cpu.max': '150000 100000\n',
  '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n',
  '/sys/fs/cgroup/memory.max': '536870912\n',
  '/sys/fs/cgroup/memory.current': '300000000\n',
  '/sys/fs/cgroup/memory.stat': 'anon 1\nfile 2\ninactive_file 100000000\nactive_file 3\n',
}

const v1 = {
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  '/sys/fs/cgroup/cpuacct/cpuacct.usage': '2500000000\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '536870912\n',
  '/sys/fs/cgroup/memory/memory.usage_in_bytes': '300000000\n',
  '/sys/fs/cgroup/memory/memory.stat': 'cache 9\ninactive_file 1\ntotal_inactive_file 100000000\n',
}

describe('meterOf', () => {
  it('reads version 2: limits, CPU time, and memory without the cache that can go at any time', () => {
    const meter = meterOf(host(v2))
    expect(meter.limits).toEqual({
      source: 'cgroup-v2',
      cpuCores: 1.5,
      memoryBytes: 536_870_912,
      memoryLimited: true,
    })
    expect(meter.read()).toEqual({ atMs: 7, cpuMs: 2500, memoryBytes: 200_000_000 })
  })

  it('reads version 1 alike', () => {
    const meter = meterOf(host(v1))
    expect(meter.limits).toEqual({ source: 'cgroup-v1', cpuCores: 1, memoryBytes: 536_870_912, memoryLimited: true })
    expect(meter.read()).toEqual({ atMs: 7, cpuMs: 2500, memoryBytes: 200_000_000 })
  })

  it('takes the host’s cores and memory for what has no limit', () => {
    const onlyCpu = meterOf(host({ ...v2, '/sys/fs/cgroup/memory.max': 'max\n' }))
    expect(onlyCpu.limits).toMatchObject({ source: 'cgroup-v2', memoryBytes: 16 * GIB, memoryLimited: false })
    const onlyMemory = meterOf(host({ ...v1, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' }))
    expect(onlyMemory.limits).toMatchObject({ source: 'cgroup-v1', cpuCores: 4, memoryLimited: true })
  })

  it('goes by its own process where nothing is limited: that cgroup may be the whole host', () => {
    const unlimited = { ...v1, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' }
    const none = { ...unlimited, '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' }
    for (const files of [
      none,
      { ...v2, '/sys/fs/cgroup/cpu.max': 'max 100000', '/sys/fs/cgroup/memory.max': 'max' },
      {},
    ]) {
      const meter = meterOf(host(files))
      expect(meter.limits.source).toBe('process')
      expect(meter.read().cpuMs).toBe(123)
    }
  })
})

describe('cpuPercentBetween', () => {
  const at = (atMs: number, cpuMs: number) => ({ atMs, cpuMs, memoryBytes: 0 })
  it('is CPU time over time', () => expect(cpuPercentBetween(at(0, 0), at(2000, 700))).toBe(35))
  it('is unknown, not 0 and not negative, when a counter or the clock did not go on', () => {
    expect(cpuPercentBetween(at(0, 700), at(1000, 10))).toBeNull()
    expect(cpuPercentBetween(at(5, 0), at(5, 10))).toBeNull()
  })
})

it('fieldOf finds a field by its whole name', () => {
  expect(fieldOf('total_inactive_file 5\ninactive_file 3\n', 'inactive_file')).toBe(3)
  expect(fieldOf('anon 3\n', 'inactive_file')).toBe(0)
})
