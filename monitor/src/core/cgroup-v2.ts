/** The files of a cgroup v2 container, as the kernel's Documentation/admin-guide/cgroup-v2.rst describes them. */
import { digitsAt, isWordAt, keysOf, nextLine, readKeyed, wordEnd, wordOf } from './bytes.ts'
import type { CgroupFile, Look } from './look.ts'

// The values of one file, reused; as long as the longest list of keys below.
const found = new Float64Array(8)
const at = (index: number): number => found[index] as number

const CPU_STAT = keysOf('usage_usec', 'user_usec', 'system_usec', 'nr_periods', 'nr_throttled', 'throttled_usec')
const MEMORY_STAT = keysOf('anon', 'file', 'inactive_file', 'active_file', 'slab_reclaimable')
const MEMORY_EVENTS = keysOf('oom', 'oom_kill')
const POINT = 46
const AVERAGE = wordOf('avg10=')
const READ_BYTES = wordOf('rbytes=')
const WRITTEN_BYTES = wordOf('wbytes=')
const READS = wordOf('rios=')
const WRITES = wordOf('wios=')

function takeCpuStat(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, CPU_STAT, found)
  look.cpuNs = at(0) * 1000
  look.userCpuNs = at(1) * 1000
  look.systemCpuNs = at(2) * 1000
  look.periods = at(3)
  look.throttledPeriods = at(4)
  look.throttledNs = at(5) * 1000
}

function takeMemoryStat(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, MEMORY_STAT, found)
  look.memoryRssBytes = at(0)
  look.memoryCacheBytes = at(1)
  look.inactiveFileBytes = at(2)
  look.activeFileBytes = at(3)
  look.slabReclaimableBytes = at(4)
}

function takeMemoryEvents(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, MEMORY_EVENTS, found)
  look.memoryFailures = at(0)
  look.oomKills = at(1)
}

/** `254:0 rbytes=0 wbytes=4096 rios=0 wios=1 dbytes=0 dios=0` per device; empty before any I/O. */
function takeIoStat(bytes: Uint8Array, end: number, look: Look): void {
  look.readBytes = 0
  look.writtenBytes = 0
  look.readOperations = 0
  look.writeOperations = 0
  for (let word = 0; word < end; word = wordEnd(bytes, word, end) + 1) {
    if (isWordAt(bytes, word, READ_BYTES)) look.readBytes += digitsAt(bytes, word + READ_BYTES.length, end)
    else if (isWordAt(bytes, word, WRITTEN_BYTES))
      look.writtenBytes += digitsAt(bytes, word + WRITTEN_BYTES.length, end)
    else if (isWordAt(bytes, word, READS)) look.readOperations += digitsAt(bytes, word + READS.length, end)
    else if (isWordAt(bytes, word, WRITES)) look.writeOperations += digitsAt(bytes, word + WRITES.length, end)
  }
}

type Level = 'memoryUsageBytes' | 'memoryPeakBytes' | 'memorySwapBytes' | 'pids' | 'pidsLimit'

function level(field: Level): CgroupFile['take'] {
  return (bytes, end, look) => {
    look[field] = digitsAt(bytes, 0, end)
  }
}

/** `max` is no limit, which for memory is that of the host. */
function takeMemoryMax(bytes: Uint8Array, end: number, look: Look): void {
  const limit = digitsAt(bytes, 0, end)
  look.memoryLimitBytes = Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit
}

/**
 * The `avg10` of the first line, `some` (at least one thread waited): the kernel's own average over 10 s, always with two
 * digits behind the point.
 */
function pressurePercent(bytes: Uint8Array, end: number): number {
  const line = nextLine(bytes, 0, end)
  for (let word = 0; word < line; word = wordEnd(bytes, word, line) + 1) {
    if (!isWordAt(bytes, word, AVERAGE)) continue
    const whole = digitsAt(bytes, word + AVERAGE.length, line)
    const point = bytes.indexOf(POINT, word)
    return whole + digitsAt(bytes, point + 1, line) / 100
  }
  return Number.NaN
}

function pressure(field: 'cpuPressurePercent' | 'memoryPressurePercent' | 'ioPressurePercent'): CgroupFile['take'] {
  return (bytes, end, look) => {
    look[field] = pressurePercent(bytes, end)
  }
}

/** In the order they are read: CPU time first, closest to the moment that the look is dated with; each look’s before others. */
export const CGROUP_V2_FILES: readonly CgroupFile[] = [
  { controller: 'cpu', name: 'cpu.stat', pace: 'each', take: takeCpuStat },
  { controller: 'memory', name: 'memory.current', pace: 'each', take: level('memoryUsageBytes') },
  { controller: 'blkio', name: 'io.stat', pace: 'each', take: takeIoStat },
  { controller: 'memory', name: 'memory.stat', pace: 'active', take: takeMemoryStat },
  { controller: 'pids', name: 'pids.current', pace: 'active', take: level('pids') },
  { controller: 'memory', name: 'memory.max', pace: 'slow', take: takeMemoryMax },
  { controller: 'memory', name: 'memory.peak', pace: 'slow', take: level('memoryPeakBytes') },
  { controller: 'memory', name: 'memory.swap.current', pace: 'slow', take: level('memorySwapBytes') },
  { controller: 'memory', name: 'memory.events', pace: 'slow', take: takeMemoryEvents },
  { controller: 'pids', name: 'pids.max', pace: 'slow', take: level('pidsLimit') },
  { controller: 'cpu', name: 'cpu.pressure', pace: 'slow', take: pressure('cpuPressurePercent') },
  { controller: 'memory', name: 'memory.pressure', pace: 'slow', take: pressure('memoryPressurePercent') },
  { controller: 'blkio', name: 'io.pressure', pace: 'slow', take: pressure('ioPressurePercent') },
]
