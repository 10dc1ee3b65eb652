/** The files of a cgroup v1 container, as the kernel's Documentation/admin-guide/cgroup-v1 describes them. */
import { digitsAt, isWordAt, keysOf, nextLine, readKeyed, skipSpaces, wordEnd, wordOf } from './bytes.ts'
import type { CgroupFile, Look } from './look.ts'

/** `cpuacct.stat` counts in ticks; Linux tells user space 100 a second on every machine that Docker runs on. */
const TICK_NS = 1e7

// The values of one file, reused; as long as the longest list of keys below.
const found = new Float64Array(8)
const at = (index: number): number => found[index] as number

const CPU_SPLIT = keysOf('user', 'system')
const CPU_STAT = keysOf('nr_periods', 'nr_throttled', 'throttled_time')
// The totals include child groups, as the usage does.
const MEMORY_STAT = keysOf('total_cache', 'total_rss', 'total_swap', 'total_inactive_file', 'total_active_file')
const OOM_CONTROL = keysOf('oom_kill')
const READ = wordOf('Read ')
const WRITE = wordOf('Write ')

function takeCpuSplit(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, CPU_SPLIT, found)
  look.userCpuNs = at(0) * TICK_NS
  look.systemCpuNs = at(1) * TICK_NS
}

function takeCpuStat(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, CPU_STAT, found)
  look.periods = at(0)
  look.throttledPeriods = at(1)
  look.throttledNs = at(2)
}

function takeMemoryStat(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, MEMORY_STAT, found)
  look.memoryCacheBytes = at(0)
  look.memoryRssBytes = at(1)
  look.memorySwapBytes = at(2)
  look.inactiveFileBytes = at(3)
  look.activeFileBytes = at(4)
}

// The sums of the last block table read.
let read = 0
let written = 0

/** `254:0 Read 4096` per device and operation, and a total at the end; without any I/O only `Total 0`. */
function sumBlock(bytes: Uint8Array, end: number): void {
  read = 0
  written = 0
  for (let line = 0; line < end; line = nextLine(bytes, line, end)) {
    const word = wordEnd(bytes, line, end) + 1
    if (isWordAt(bytes, word, READ)) read += digitsAt(bytes, word + READ.length, end)
    else if (isWordAt(bytes, word, WRITE)) written += digitsAt(bytes, word + WRITE.length, end)
  }
}

function takeBlockBytes(bytes: Uint8Array, end: number, look: Look): void {
  sumBlock(bytes, end)
  look.readBytes = read
  look.writtenBytes = written
}

function takeBlockOperations(bytes: Uint8Array, end: number, look: Look): void {
  sumBlock(bytes, end)
  look.readOperations = read
  look.writeOperations = written
}

type Level =
  | 'cpuNs'
  | 'memoryUsageBytes'
  | 'memoryLimitBytes'
  | 'memoryPeakBytes'
  | 'memoryFailures'
  | 'pids'
  | 'pidsLimit'

function level(field: Level): CgroupFile['take'] {
  return (bytes, end, look) => {
    look[field] = digitsAt(bytes, skipSpaces(bytes, 0, end), end)
  }
}

function takeOomControl(bytes: Uint8Array, end: number, look: Look): void {
  readKeyed(bytes, end, OOM_CONTROL, found)
  look.oomKills = at(0)
}

/** In the order they are read: CPU time first, closest to the moment that the look is dated with; each look’s before others. */
export const CGROUP_V1_FILES: readonly CgroupFile[] = [
  { controller: 'cpuacct', name: 'cpuacct.usage', pace: 'each', take: level('cpuNs') },
  { controller: 'memory', name: 'memory.usage_in_bytes', pace: 'each', take: level('memoryUsageBytes') },
  { controller: 'blkio', name: 'blkio.throttle.io_service_bytes_recursive', pace: 'each', take: takeBlockBytes },
  { controller: 'cpuacct', name: 'cpuacct.stat', pace: 'active', take: takeCpuSplit },
  { controller: 'cpu', name: 'cpu.stat', pace: 'active', take: takeCpuStat },
  { controller: 'memory', name: 'memory.stat', pace: 'active', take: takeMemoryStat },
  { controller: 'pids', name: 'pids.current', pace: 'active', take: level('pids') },
  { controller: 'blkio', name: 'blkio.throttle.io_serviced_recursive', pace: 'written', take: takeBlockOperations },
  { controller: 'memory', name: 'memory.limit_in_bytes', pace: 'slow', take: level('memoryLimitBytes') },
  { controller: 'memory', name: 'memory.max_usage_in_bytes', pace: 'slow', take: level('memoryPeakBytes') },
  { controller: 'memory', name: 'memory.failcnt', pace: 'slow', take: level('memoryFailures') },
  { controller: 'memory', name: 'memory.oom_control', pace: 'slow', take: takeOomControl },
  { controller: 'pids', name: 'pids.max', pace: 'slow', take: level('pidsLimit') },
]
