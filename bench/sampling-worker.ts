/**
 * The sampling loop by itself, as `bench/sampling.ts` measures it: the monitor's own sampler over the real engine, with
 * nothing that listens. Started with `files` or `engine`, an interval and a duration in milliseconds; prints one line of JSON.
 */
import { newFleet, seeInspect, seeList } from '../monitor/src/core/fleet.ts'
import { openHostFiles } from '../monitor/src/host-files.ts'
import { openEngine } from '../monitor/src/io/engine.ts'
import { startSampler } from '../monitor/src/sampler.ts'

/** Before the measuring begins: files are opened and code is compiled, as in a monitor that has run for a while. */
const WARM_UP_MS = 20_000

/** What a worker measured. */
export interface Measured {
  readonly rounds: number
  readonly late: number
  readonly samples: number
  readonly cpuMs: number
  readonly elapsedMs: number
  readonly rssBytes: number
  readonly sources: readonly string[]
}

async function main(source: string, intervalMs: number, durationMs: number, prefix: string): Promise<void> {
  const engine = openEngine(process.env.DOCKER_HOST || 'unix:///var/run/docker.sock')
  const facts = await engine.connect()
  const now = () => Date.now()
  const thresholds = { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 }
  const fleet = newFleet({ host: facts.name, defaults: thresholds, targets: new Map() })
  const list = (await engine.list()).filter(({ name, state }) => name.startsWith(prefix) && state === 'running')
  seeList(fleet, list, { after: 0, all: true }, now())
  for (const { id } of list) {
    const askedAt = now()
    const answer = await engine.inspect(id)
    if (answer !== null) seeInspect(fleet, answer, askedAt, now())
  }
  const root = source === 'files' ? '' : '/nowhere'
  const places = {
    HOST_PROC: `${root}/proc`,
    HOST_CGROUP: `${root}/sys/fs/cgroup`,
    HOST_ROOT: '/nowhere',
    LOGS_DIR: '.',
  }
  let rounds = 0
  let samples = 0
  const bridge = {
    engine: { ...facts, state: 'connected', since: 0, where: '', host: facts.name } as const,
    carryOut: () => undefined,
    round: (_at: number, taken: readonly unknown[]) => {
      rounds++
      samples += taken.length
    },
  }
  const fromHost = openHostFiles(places, now)
  const paces = { intervalMs, healthIntervalMs: 2000, budgetPercent: 400 }
  const sampler = startSampler({ engine, fleet, bridge, ...fromHost, ...paces, now })
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  const before = { rounds, samples, cpu: process.cpuUsage(), at: performance.now(), late: sampler.status().lateRounds }
  process.stdout.write('measuring\n')
  await new Promise((resolve) => setTimeout(resolve, durationMs))
  const { user, system } = process.cpuUsage(before.cpu)
  const measured: Measured = {
    rounds: rounds - before.rounds,
    late: sampler.status().lateRounds - before.late,
    samples: samples - before.samples,
    cpuMs: (user + system) / 1000,
    elapsedMs: performance.now() - before.at,
    rssBytes: process.memoryUsage.rss(),
    sources: [...new Set([...fleet.byId.values()].map((life) => life.source ?? 'none'))],
  }
  process.stdout.write(`${JSON.stringify(measured)}\n`)
  await sampler.stop()
  engine.close()
}

if (import.meta.main) {
  const [source = 'files', intervalMs = '1000', durationMs = '20000', prefix = ''] = process.argv.slice(2)
  await main(source, Number(intervalMs), Number(durationMs), prefix)
}
