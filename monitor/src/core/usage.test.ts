import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Counters, countersOfApi } from './counters.ts'
import { parseInspect } from './engine-words.ts'
import { numbersOf } from './usage.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${path}`, import.meta.url), 'utf8'))
const containers = ['idle', 'busy', 'cache', 'hostnet', 'web', 'unhealthy'] as const
const hosts = ['cgroup-v1', 'cgroup-v2'] as const
const cases = hosts.flatMap((host) => containers.map((name) => ({ host, name })))

/** The engine's answer as the docker CLI reads it, and the CLI's formulas written down a second time. */
interface Answer {
  cpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage: number; online_cpus: number }
  memory_stats: { usage: number; limit: number; stats: Record<string, number> }
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>
  blkio_stats: { io_service_bytes_recursive: { op: string; value: number }[] | null }
  pids_stats: { current: number }
}

function asTheCli(before: Answer, now: Answer) {
  const cpu = now.cpu_stats.cpu_usage.total_usage - before.cpu_stats.cpu_usage.total_usage
  const system = now.cpu_stats.system_cpu_usage - before.cpu_stats.system_cpu_usage
  const { usage, limit, stats } = now.memory_stats
  const v1 = stats.total_inactive_file
  const used =
    v1 !== undefined && v1 < usage
      ? usage - v1
      : usage - ((stats.inactive_file ?? 0) < usage ? (stats.inactive_file ?? 0) : 0)
  const sum = (letter: string) =>
    (now.blkio_stats.io_service_bytes_recursive ?? [])
      .filter((entry) => entry.op.toLowerCase().startsWith(letter))
      .reduce((n, entry) => n + entry.value, 0)
  const nets = now.networks === undefined ? null : Object.values(now.networks)
  return {
    cpuPercent: (cpu / system) * now.cpu_stats.online_cpus * 100,
    memoryUsedBytes: used,
    memoryPercent: (used / limit) * 100,
    networkReceivedBytes: nets?.reduce((n, one) => n + one.rx_bytes, 0) ?? null,
    networkSentBytes: nets?.reduce((n, one) => n + one.tx_bytes, 0) ?? null,
    blockReadBytes: sum('r'),
    blockWrittenBytes: sum('w'),
    pids: now.pids_stats.current,
  }
}

const counted = (path: string): Counters => {
  const counters = countersOfApi(read(path))
  if (counters === null) throw new Error(`${path} has no data`)
  return counters
}

/** `428KiB` → bytes, as the CLI prints memory: three significant digits or four. */
function memoryOf(text: string): number {
  const found = /^([\d.]+)([KMG]?i?)B$/.exec(text)
  const powers: Record<string, number> = { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 }
  return Number(found?.[1]) * (powers[found?.[2] ?? ''] ?? Number.NaN)
}

describe('the same answers of the engine give the docker CLI’s numbers, on both cgroup versions', () => {
  it.each(cases)('$host $name: exactly the CLI’s formulas', ({ host, name }) => {
    const [first, second] = [`${host}/${name}/stats-1.json`, `${host}/${name}/stats-2.json`] as const
    const inspected = parseInspect((read(`${host}/${name}/inspect.json`) as unknown[])[0])
    const numbers = numbersOf(counted(first), counted(second), inspected?.cpuLimitCores ?? null)
    expect(numbers).toMatchObject(asTheCli(read(first) as Answer, read(second) as Answer))
  })

  // The others were busy between the two readings: health checks come and go, pages move from list to list.
  const steady = cases.filter(({ name }) => name !== 'cache' && name !== 'unhealthy')
  it.each(steady)('$host $name: what the CLI printed moments later', ({ host, name }) => {
    const cli = read(`${host}/${name}/cli.json`) as { MemUsage: string; PIDs: string; NetIO: string }
    const numbers = numbersOf(null, counted(`${host}/${name}/stats-2.json`), null)
    const printed = memoryOf(cli.MemUsage.split(' / ')[0] ?? '')
    expect(Math.abs((numbers.memoryUsedBytes ?? 0) - printed)).toBeLessThan(Math.max(printed * 0.05, 64 * 1024))
    expect(numbers.pids).toBe(Number(cli.PIDs))
    if (name === 'hostnet') expect([cli.NetIO, numbers.networkReceivedBytes]).toEqual(['0B / 0B', null])
  })

  it.each(hosts)('%s: page cache is not counted as used', (host) => {
    const { usage } = (read(`${host}/cache/stats-2.json`) as Answer).memory_stats
    const { memoryUsedBytes } = numbersOf(null, counted(`${host}/cache/stats-2.json`), null)
    expect(usage).toBeGreaterThan(80 * 1024 ** 2)
    expect(memoryUsedBytes).toBeLessThan(10 * 1024 ** 2)
  })
})

describe('a share of the limit is of what inspect says, for the statistics do not tell', () => {
  it.each(hosts)('%s: a loop under --cpus 0.5 uses all it may have, and is throttled', (host) => {
    const [before, now] = [counted(`${host}/busy/stats-1.json`), counted(`${host}/busy/stats-2.json`)]
    const numbers = numbersOf(before, now, 0.5)
    expect(numbers.cpuLimitPercent).toBeCloseTo((numbers.cpuPercent ?? 0) / 0.5, 9)
    expect(numbers.cpuHostPercent).toBeCloseTo((numbers.cpuPercent ?? 0) / 2, 9)
    expect(numbers.cpuLimitPercent).toBeGreaterThan(80)
    expect(numbers.throttledPercent).toBeGreaterThan(20)
  })
  it('without a limit it is a share of all cores', () => {
    const numbers = numbersOf(look({}), look({ at: 2000, cpuNs: 1e9, hostCpuNs: 4e9 }), null)
    expect(numbers).toMatchObject({ cpuPercent: 50, cpuLimitPercent: 25, cpuHostPercent: 25 })
  })
  it('a limit above what the host has is no limit', () => {
    expect(numbersOf(look({}), look({ at: 2000, cpuNs: 1e9, hostCpuNs: 4e9 }), 64).cpuLimitPercent).toBe(25)
  })
})

function look(over: Partial<Counters>): Counters {
  return {
    ...counted('cgroup-v1/idle/stats-1.json'),
    at: 0,
    cpuNs: 0,
    hostCpuNs: 0,
    cpus: 2,
    periods: 0,
    throttledPeriods: 0,
    memoryUsedBytes: 100,
    memoryLimitBytes: 1000,
    receivedBytes: 1000,
    sentBytes: 1000,
    readBytes: 1000,
    writtenBytes: 1000,
    pids: 1,
    ...over,
  }
}

describe('unknown is null, never 0', () => {
  it('a first look has levels, but no CPU and no rates', () => {
    const numbers = numbersOf(null, counted('cgroup-v1/busy/stats-1.json'), 0.5)
    expect(numbers).toMatchObject({ cpuPercent: null, throttledPercent: null, networkReceivedBytesPerSecond: null })
    expect(numbers.memoryUsedBytes).toBeGreaterThan(0)
  })
  it('a counter that went backwards begins anew: no value, no spike, no negative', () => {
    const numbers = numbersOf(
      look({ cpuNs: 5e9, at: 0 }),
      look({ at: 1000, hostCpuNs: 2e9, receivedBytes: 10, readBytes: 0 }),
      null,
    )
    expect(numbers).toMatchObject({
      cpuPercent: null,
      networkReceivedBytesPerSecond: null,
      networkSentBytesPerSecond: 0,
      blockReadBytesPerSecond: null,
    })
  })
  it('two looks without time between them tell nothing', () => {
    expect(numbersOf(look({}), look({}), null)).toMatchObject({ cpuPercent: null, networkSentBytesPerSecond: null })
  })
  it('memory is no share of an unknown limit', () => {
    expect(numbersOf(null, look({ memoryLimitBytes: null }), null)).toMatchObject({
      memoryUsedBytes: 100,
      memoryPercent: null,
    })
  })
  it.each([
    ['a stopped container answers 200 with zeros of the year 1', read('cgroup-v1/docker-26.1.5-stats-stopped.json')],
    [
      'a collection that failed has no memory usage',
      { read: '2026-11-21T12:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} },
    ],
    ['null', null],
    ['a text', 'no json'],
    ['an empty object', {}],
    ['a list', []],
    ['wrong types', { read: 5, cpu_stats: 'x', memory_stats: { usage: 'many' } }],
  ])('%s: no data', (_, answer) => {
    expect(countersOfApi(answer)).toBeNull()
  })
})
