/**
 * What a sample of a container costs, in the process that takes it and in the engine's daemons, from each source and
 * beside other tools, in one run on a real engine:
 *
 *   node bench/sampling.ts [--containers 100] [--seconds 20] [--image node:24-slim]
 *
 * Starts idle containers of its own and removes them. Prints a table and writes it to bench/results/sampling.md.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs, promisify } from 'node:util'
import { cpuMsOf, engineCpu, rssOf } from './engine-cpu.ts'
import type { Measured } from './sampling-worker.ts'

const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    containers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    image: { type: 'string', default: 'node:24-slim' },
  },
})
const count = Number(values.containers)
const seconds = Number(values.seconds)
const prefix = `plimsoll-bench-${process.pid}-`
const PORT = 18_993
/** In its first half minute a monitor compiles what it runs: that took as much as all else, and is over then. */
const SETTLED_MS = 45_000
/** `docker run` at one time: each costs a second of CPU. */
const PARALLEL = 2

interface Row {
  readonly what: string
  readonly intervalMs: number
  readonly perSecond: number
  readonly ownMs: number
  readonly daemonsMs: number
  readonly shimsMs: number
  readonly elapsedMs: number
  readonly rssBytes: number | null
  readonly missed: string
  /** Whether it asks the engine anything while it is measured. */
  readonly asks: boolean
}

async function start(): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) {
      const name = `${prefix}${next++}`
      const limits = ['--memory', '32m', '--cpus', '0.1', '--pids-limit', '16', '--stop-timeout', '0']
      await run('docker', [
        'run',
        '--detach',
        '--name',
        name,
        ...limits,
        '--init=false',
        values.image,
        'sleep',
        'infinity',
      ])
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
}

async function remove(): Promise<void> {
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', `name=^${prefix}`])
  const ids = stdout.split('\n').filter((id) => id !== '')
  for (let i = 0; i < ids.length; i += 20) await run('docker', ['rm', '--force', ...ids.slice(i, i + 20)])
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const node = (file: string) => new URL(file, import.meta.url).pathname

/** Our own loop, in a process of its own. */
async function measureWorker(source: 'files' | 'engine', intervalMs: number): Promise<Row> {
  const args = [node('./sampling-worker.ts'), source, String(intervalMs), String(seconds * 1000), prefix]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  const before = engineCpu()
  const line = await lines.next()
  if (line.done === true) throw new Error(`the sampling worker ended with ${(await ended)[0]}`)
  const measured = JSON.parse(line.value) as Measured
  const after = engineCpu()
  await ended
  const planned = Math.round(measured.elapsedMs / intervalMs)
  return {
    what: `Plimsoll’s sampler, ${measured.sources.join(', ')}`,
    intervalMs,
    perSecond: measured.samples / (measured.elapsedMs / 1000),
    ownMs: measured.cpuMs,
    daemonsMs: after.daemonsMs - before.daemonsMs,
    shimsMs: after.shimsMs - before.shimsMs,
    elapsedMs: measured.elapsedMs,
    rssBytes: measured.rssBytes,
    missed: `${Math.max(0, planned - measured.rounds)} of ${planned}`,
    asks: source === 'engine',
  }
}

/** A process from outside: measured once it has run for `settleMs`. `perSecond` is what it promises. */
async function measureOther(
  what: string,
  command: readonly string[],
  options: { perSecond: number; env?: NodeJS.ProcessEnv; settleMs: number; intervalMs: number },
): Promise<Row> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const ended = once(child, 'exit')
  const pid = child.pid ?? 0
  await pause(options.settleMs)
  const [before, own, at] = [engineCpu(), cpuMsOf(pid), performance.now()]
  await pause(seconds * 1000)
  const [after, ownAfter, rssBytes] = [engineCpu(), cpuMsOf(pid), rssOf(pid)]
  const elapsedMs = performance.now() - at
  if (child.exitCode !== null) throw new Error(`${what} ended by itself with ${child.exitCode}`)
  child.kill('SIGTERM')
  await ended
  const { intervalMs, perSecond } = options
  const engine = { daemonsMs: after.daemonsMs - before.daemonsMs, shimsMs: after.shimsMs - before.shimsMs }
  return { what, intervalMs, perSecond, ownMs: ownAfter - own, ...engine, elapsedMs, rssBytes, missed: '', asks: true }
}

async function measureMonitor(what: string, intervalMs: number, env: NodeJS.ProcessEnv): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const places = {
    LOG_LEVEL: 'error',
    LOGS_DIR: join(dir, 'logs'),
    STATE_DIR: join(dir, 'state'),
    MONITOR_PORT: String(PORT),
  }
  const all = { ...places, SAMPLE_INTERVAL: `${intervalMs}ms`, COST_BUDGET: '400', ...env }
  const options = { perSecond: (count * 1000) / intervalMs, intervalMs, env: all, settleMs: SETTLED_MS }
  const row = await measureOther(what, [process.execPath, node('../monitor/src/main.ts')], options)
  rmSync(dir, { recursive: true, force: true })
  return row
}

/** What the daemons take when nobody asks, to be taken off. */
async function measureIdle(): Promise<{ daemonsMs: number; shimsMs: number; elapsedMs: number }> {
  const [before, at] = [engineCpu(), performance.now()]
  await pause(seconds * 1000)
  const after = engineCpu()
  return {
    daemonsMs: after.daemonsMs - before.daemonsMs,
    shimsMs: after.shimsMs - before.shimsMs,
    elapsedMs: performance.now() - at,
  }
}

async function otherTools(): Promise<string> {
  const found: string[] = []
  for (const tool of ['netdata', 'cadvisor', 'glances']) {
    const there = await run('which', [tool]).catch(() => null)
    if (there !== null) found.push(tool)
  }
  return found.length === 0
    ? 'Netdata, cAdvisor and Glances are not on this machine.'
    : `Also here, not measured: ${found.join(', ')}.`
}

function table(rows: readonly Row[], idle: { daemonsMs: number; shimsMs: number; elapsedMs: number }): string {
  const lines = rows.map((row) => {
    const samples = (row.perSecond * row.elapsedMs) / 1000
    const us = (ms: number) => Math.round((ms * 1000) / samples)
    const baseline = (of: 'daemonsMs' | 'shimsMs') => (idle[of] / idle.elapsedMs) * row.elapsedMs
    const engineMs = Math.max(0, row.daemonsMs - baseline('daemonsMs')) + Math.max(0, row.shimsMs - baseline('shimsMs'))
    const cells = [
      row.what,
      `${row.intervalMs / 1000} s`,
      us(row.ownMs),
      row.asks ? us(engineMs) : 'asks nothing',
      us(row.ownMs + (row.asks ? engineMs : 0)),
      `${((row.ownMs / row.elapsedMs) * 100).toFixed(1)} %`,
      row.asks ? `${((engineMs / row.elapsedMs) * 100).toFixed(1)} %` : '',
      row.rssBytes === null ? '' : `${Math.round(row.rssBytes / 1024 / 1024)} MiB`,
      row.missed,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head =
    '| what | every | µs per sample, process | daemons | all in | process, of a core | daemons | RSS | rounds missed |'
  return [head, `|${' --- |'.repeat(9)}`, ...lines].join('\n')
}

async function main(): Promise<void> {
  console.log(`starting ${count} containers`)
  await start()
  await pause(5_000)
  const before = await measureIdle()
  const all = { perSecond: count, intervalMs: 1000, settleMs: 5_000 }
  const measures = [
    () => measureWorker('files', 1000),
    () => measureWorker('files', 100),
    () => measureWorker('engine', 2000),
    () => measureOther('`docker stats` (stream)', ['docker', 'stats'], all),
    () => measureMonitor('the whole monitor, files', 1000, {}),
    () => measureMonitor('the whole monitor, API', 2000, { HOST_PROC: '/nowhere' }),
  ]
  const rows: Row[] = []
  for (const measure of measures) {
    // What fails is told and left out: the others took minutes.
    const row = await measure().catch((error: unknown) => console.error(error))
    if (row === undefined) continue
    console.log(`${row.what}: ${((row.ownMs / row.elapsedMs) * 100).toFixed(1)} % of a core`)
    rows.push(row)
  }
  const after = await measureIdle()
  const idle = {
    daemonsMs: before.daemonsMs + after.daemonsMs,
    shimsMs: before.shimsMs + after.shimsMs,
    elapsedMs: before.elapsedMs + after.elapsedMs,
  }
  const { stdout: version } = await run('docker', ['version', '--format', '{{.Server.Version}}'])
  const share = ((idle.daemonsMs + idle.shimsMs) / idle.elapsedMs) * 100
  const text = `# What sampling costs

\`node bench/sampling.ts --containers ${count} --seconds ${seconds}\`: ${count} idle containers, Docker Engine ${version.trim()},
Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}. CPU time from /proc; a sample is all numbers of one container once.
Daemons are dockerd, containerd and the shims, less what they took while nobody asked (${share.toFixed(1)} % of a core, before and
after), so an estimate; what others asked of them meanwhile is in it (load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}). ${await otherTools()}

${table(rows, idle)}
`
  console.log(text)
  mkdirSync(node('./results'), { recursive: true })
  writeFileSync(node('./results/sampling.md'), text)
}

try {
  await main()
} finally {
  await remove()
}
