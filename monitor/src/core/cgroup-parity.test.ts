/** The same container read from its cgroup files and from the engine, moments apart, on real hosts of both versions. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CGROUP_V1_FILES } from './cgroup-v1.ts'
import { CGROUP_V2_FILES } from './cgroup-v2.ts'
import { type Counters, countersOfApi } from './counters.ts'
import { engineSumNs, newHostCpu, takeProcStat } from './host-cpu.ts'
import { countersOfLook, newLook } from './look.ts'
import { memoryTotalBytes } from './meminfo.ts'
import { takeNetDev } from './net-dev.ts'
import { numbersOf } from './usage.ts'

const VERSIONS = { 'cgroup-v1': CGROUP_V1_FILES, 'cgroup-v2': CGROUP_V2_FILES } as const
const RUNNING = ['idle', 'busy', 'cache', 'hostnet', 'web', 'unhealthy'] as const
type Version = keyof typeof VERSIONS
type Name = (typeof RUNNING)[number]

const fixtures = new URL('./fixtures/', import.meta.url)
function bytesOf(path: string): Uint8Array | null {
  try {
    return readFileSync(new URL(path, fixtures))
  } catch {
    return null // the recorder leaves out what is empty or not there
  }
}

function fromFiles(version: Version, name: Name, n: 1 | 2): Counters {
  const folder = `${version}/${name}/cgroup-${n}`
  const look = newLook()
  for (const { controller, name: file, take } of VERSIONS[version]) {
    const bytes = bytesOf(version === 'cgroup-v1' ? `${folder}/${controller}/${file}` : `${folder}/${file}`)
    if (bytes !== null) take(bytes, bytes.length, look)
    else if (file === 'io.stat') take(new Uint8Array(), 0, look)
  }
  const net = name === 'hostnet' ? null : bytesOf(`${folder}/net.dev`)
  if (net !== null) takeNetDev(net, net.length, look)
  const cpu = newHostCpu()
  const stat = bytesOf(`${folder}/proc.stat`) ?? new Uint8Array()
  takeProcStat(stat, stat.length, cpu)
  const at = Number(Buffer.from(bytesOf(`${folder}/time`) ?? []).toString()) * 1000
  const memoryBytes = memoryTotalBytes(Buffer.from(bytesOf(`${version}/meminfo`) ?? []).toString()) ?? 0
  const moment = { at, steadyMs: at, hostCpuNs: engineSumNs(cpu), cpus: cpu.cpus, memoryBytes }
  const counters = countersOfLook(look, moment)
  if (counters === null) throw new Error(`no CPU time in ${folder}`)
  return counters
}

function fromApi(version: Version, name: Name, n: 1 | 2): Counters {
  const bytes = bytesOf(`${version}/${name}/stats-${n}.json`) ?? new Uint8Array()
  const counters = countersOfApi(JSON.parse(Buffer.from(bytes).toString()))
  if (counters === null) throw new Error('no data')
  return counters
}

const cases = (['cgroup-v1', 'cgroup-v2'] as const).flatMap((version) =>
  RUNNING.map((name) => [version, name] as const),
)

/** Counts that only grow. Whatever the clock did between the reads, the files' lie between the engine's before and after. */
const GROWING = [
  'cpuNs',
  'userCpuNs',
  'systemCpuNs',
  'hostCpuNs',
  'periods',
  'throttledPeriods',
  'throttledNs',
  'memoryPeakBytes',
  'memoryFailures',
  'receivedBytes',
  'sentBytes',
  'receivedPackets',
  'sentPackets',
  'receiveErrors',
  'sendErrors',
  'receiveDrops',
  'sendDrops',
  'readBytes',
  'writtenBytes',
  'readOperations',
  'writeOperations',
] as const satisfies readonly (keyof Counters)[]

/**
 * `/proc/stat` and cgroup v1's `cpuacct.stat` count whole ticks of 10 ms, and the kernel splits user from system
 * anew with each reading, so the parts (not their sum) may move by a tick.
 */
const TICK_NS = 1e7

describe.each(cases)('%s %s: the cgroup files tell what the engine tells', (version, name) => {
  it.each(GROWING)('%s lies between the engine’s answer before and the one after', (field) => {
    const [first, files, second] = [fromApi(version, name, 1), fromFiles(version, name, 1), fromApi(version, name, 2)]
    const [low, value, high] = [first[field], files[field], second[field]]
    if (low === null || high === null) return // what the engine does not tell of this version
    const slack = field === 'userCpuNs' || field === 'systemCpuNs' ? TICK_NS : 0
    expect(value).toBeGreaterThanOrEqual(low - slack)
    expect(value).toBeLessThanOrEqual(high + slack)
  })

  it('CPU time differs by no more than all CPUs could spend between the two reads', () => {
    for (const n of [1, 2] as const) {
      const [api, files] = [fromApi(version, name, n), fromFiles(version, name, n)]
      // Both tell how much CPU time the host had by then; of that, and of a tick per column of /proc/stat, it took its part.
      const passedNs = (files.hostCpuNs ?? 0) - (api.hostCpuNs ?? 0) + 7 * TICK_NS
      expect(files.cpuNs - api.cpuNs).toBeGreaterThanOrEqual(0)
      expect(files.cpuNs - api.cpuNs).toBeLessThanOrEqual(passedNs)
    }
  })

  it('levels are equal: limits, processes, what of the network there is', () => {
    for (const n of [1, 2] as const) {
      const [api, files] = [fromApi(version, name, n), fromFiles(version, name, n)]
      const pick = ({ cpus, memoryLimitBytes, pidsLimit }: Counters) => ({ cpus, memoryLimitBytes, pidsLimit })
      expect(pick(files)).toEqual(pick(api))
      // The probe of the health check comes and goes.
      if (name !== 'unhealthy') expect(files.pids).toBe(api.pids)
      expect(files.receivedBytes === null).toBe(api.receivedBytes === null)
    }
  })
})

/** These two do nothing or serve nothing between the reads: what has no reason to move must not differ by a byte. */
const CALM = ['idle', 'web', 'hostnet', 'busy'] as const
describe.each(['cgroup-v1', 'cgroup-v2'] as const)('%s, memory', (version) => {
  it.each(CALM)('%s: to the byte', (name) => {
    for (const n of [1, 2] as const) {
      const [api, files] = [fromApi(version, name, n), fromFiles(version, name, n)]
      for (const field of ['memoryUsedBytes', 'memoryCacheBytes', 'memoryRssBytes', 'memoryPinnedBytes'] as const)
        expect([field, files[field]]).toEqual([field, api[field]])
    }
  })

  it('a container that writes 100 MiB a second of page cache: what it uses differs by what its two processes hold', () => {
    // The cache moves by up to 100 MiB between the reads, and is left out of what is used; what remains are the pages
    // of `dd` or `cat` (one may live in one read and not in the other) and the kernel's own batches of pages.
    const mostBytes = 2 * 1024 * 1024
    for (const n of [1, 2] as const) {
      const [api, files] = [fromApi(version, 'cache', n), fromFiles(version, 'cache', n)]
      expect(Math.abs((files.memoryUsedBytes ?? 0) - (api.memoryUsedBytes ?? 0))).toBeLessThanOrEqual(mostBytes)
      expect(api.memoryCacheBytes).not.toBeNull()
    }
  })
})

describe.each(['cgroup-v1', 'cgroup-v2'] as const)('%s, what follows from two looks', (version) => {
  it.each(RUNNING)('%s: the same CPU share from both sources, within what the moments of reading differ by', (name) => {
    const share = (of: typeof fromFiles) =>
      numbersOf(of(version, name, 1), of(version, name, 2), null).cpuPercent ?? Number.NaN
    const [a1, a2, f1, f2] = [
      fromApi(version, name, 1),
      fromApi(version, name, 2),
      fromFiles(version, name, 1),
      fromFiles(version, name, 2),
    ]
    // Each window misses the other's ends; all CPUs could have been busy, or idle, in what one has and the other has not.
    const endsNs = (f1.hostCpuNs ?? 0) - (a1.hostCpuNs ?? 0) + (f2.hostCpuNs ?? 0) - (a2.hostCpuNs ?? 0) + 14 * TICK_NS
    const windowNs = (a2.hostCpuNs ?? 0) - (a1.hostCpuNs ?? 0)
    expect(Math.abs(share(fromFiles) - share(fromApi))).toBeLessThanOrEqual((endsNs / windowNs) * a1.cpus * 100)
  })

  it('`busy` is held at half a core, and says so', () => {
    const numbers = numbersOf(fromFiles(version, 'busy', 1), fromFiles(version, 'busy', 2), 0.5)
    // v2 was recorded on an emulated CPU: seconds lie between cpu.stat and proc.stat, and the engine itself says 58 %.
    expect(numbers.cpuPercent).toBeGreaterThan(44)
    expect(numbers.cpuPercent).toBeLessThan(version === 'cgroup-v1' ? 56 : 70)
    expect(numbers.throttledPercent).toBeGreaterThan(25)
  })
})

it('what only the files tell: swap, kills, and on v2 pressure, peak and operations', () => {
  const one = fromFiles('cgroup-v1', 'cache', 1)
  expect([one.memorySwapBytes, one.oomKills, one.cpuPressurePercent]).toEqual([0, 0, null])
  const two = fromFiles('cgroup-v2', 'cache', 2)
  expect([two.memorySwapBytes, two.oomKills]).toEqual([0, 0])
  expect(two.memoryPeakBytes).toBeGreaterThan(100 * 1024 * 1024)
  expect(two.writeOperations).toBe(2169)
  expect(two.writtenBytes).toBe(1_258_291_200)
  expect(fromFiles('cgroup-v2', 'cache', 1).cpuPressurePercent).toBe(23.4)
})
