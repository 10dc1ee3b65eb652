import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countersOfApi } from '../../monitor/src/core/counters.ts'
import { numbersOf } from '../../monitor/src/core/usage.ts'
import { docker } from '../support/docker.ts'
import { engineGet } from '../support/engine.ts'
import { clear, container, defineStack, type Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** The engine's statistics, as far as the docker CLI reads them. */
interface Stats {
  read: string
  cpu_stats: {
    cpu_usage: { total_usage: number; percpu_usage?: number[] }
    system_cpu_usage: number
    online_cpus?: number
  }
  memory_stats: { usage: number; limit: number; stats: { total_inactive_file?: number; inactive_file?: number } }
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>
  blkio_stats: { io_service_bytes_recursive: { op: string; value: number }[] | null }
  pids_stats: { current: number }
}

/** What `docker stats` computes (docker/cli, cli/command/container/stats_helpers.go), written down a second time. */
function asTheCli(before: Stats, now: Stats) {
  const cpuDelta = now.cpu_stats.cpu_usage.total_usage - before.cpu_stats.cpu_usage.total_usage
  const systemDelta = now.cpu_stats.system_cpu_usage - before.cpu_stats.system_cpu_usage
  const cpus = now.cpu_stats.online_cpus || (now.cpu_stats.cpu_usage.percpu_usage ?? []).length
  const { usage, limit, stats } = now.memory_stats
  const inactive = stats.total_inactive_file ?? stats.inactive_file ?? 0
  const used = inactive < usage ? usage - inactive : usage
  const blocks = now.blkio_stats.io_service_bytes_recursive ?? []
  const sum = (letter: string) =>
    blocks.filter((b) => b.op.toLowerCase().startsWith(letter)).reduce((n, b) => n + b.value, 0)
  const nets = Object.values(now.networks ?? {})
  return {
    cpuPercent: systemDelta > 0 && cpuDelta > 0 ? (cpuDelta / systemDelta) * cpus * 100 : 0,
    memoryUsedBytes: used,
    memoryPercent: (used / limit) * 100,
    networkReceivedBytes: now.networks ? nets.reduce((n, i) => n + i.rx_bytes, 0) : null,
    networkSentBytes: now.networks ? nets.reduce((n, i) => n + i.tx_bytes, 0) : null,
    blockReadBytes: sum('r'),
    blockWrittenBytes: sum('w'),
    pids: now.pids_stats.current,
  }
}

const shell = (script: string) => ['--entrypoint', 'sh', 'node:24-slim', '-c', script]
const talk = `const http=require('http');http.createServer((q,s)=>s.end('x'.repeat(65536))).listen(80,()=>{const f=()=>http.get('http://'+require('os').hostname(),r=>{r.resume();r.on('end',()=>setTimeout(f,20))});f()})`

describe('on the same answers of the engine, our numbers are those of the docker CLI', () => {
  let stack: Stack
  const names: Record<string, string> = {}
  beforeAll(async () => {
    stack = await defineStack('parity')
    names.busy = await container(stack, 'busy', '--cpus', '0.4', ...shell('while :; do :; done'))
    names.writer = await container(
      stack,
      'writer',
      '--memory',
      '128m',
      '--cpus',
      '0.3',
      ...shell(
        'while :; do dd if=/dev/urandom of=/tmp/f bs=64k count=400 conv=fsync 2>/dev/null; cat /tmp/f > /dev/null; done',
      ),
    )
    names.talker = await container(
      stack,
      'talker',
      '--cpus',
      '0.3',
      '--pids-limit',
      '40',
      'node:24-slim',
      'node',
      '-e',
      talk,
    )
    names.many = await container(stack, 'many', ...shell('for i in 1 2 3 4 5; do sleep 600 & done; wait'))
    names.hostnet = await container(stack, 'hostnet', '--network', 'host', ...shell('sleep 600'))
  })
  afterAll(() => clear(stack).then(() => stack.down()))

  const sample = async (name: string) =>
    (await engineGet(`/containers/${name}/stats?stream=false&one-shot=true`)) as Stats

  it.each(['busy', 'writer', 'talker', 'many', 'hostnet'])('%s', async (key) => {
    const name = names[key] ?? ''
    const before = await sample(name)
    // Two samples with load between them: some CPU time must have gone by on the host.
    const now = await until('a second sample', async () => {
      const next = await sample(name)
      return next.cpu_stats.system_cpu_usage - before.cpu_stats.system_cpu_usage > 1e9 && next
    })
    const [first, second] = [countersOfApi(before), countersOfApi(now)]
    if (first === null || second === null) throw new Error('the engine gave no data')
    expect(numbersOf(first, second, null)).toMatchObject(asTheCli(before, now))
  })

  it('and within its own rounding of what `docker stats` prints for a container that does nothing', async () => {
    const printed = JSON.parse(await docker('stats', '--no-stream', '--format', '{{json .}}', names.many ?? ''))
    const counters = countersOfApi(await sample(names.many ?? ''))
    if (counters === null) throw new Error('the engine gave no data')
    const ours = numbersOf(null, counters, null)
    expect(String(ours.pids)).toBe(printed.PIDs)
    expect(`${(ours.memoryPercent ?? 0).toFixed(2)}%`).toBe(printed.MemPerc)
  })
})
