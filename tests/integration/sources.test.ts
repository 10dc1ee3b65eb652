/** The host's files and the engine's answers on live containers: the same numbers, and what becomes of them around restarts. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Counters, countersOfApi } from '../../monitor/src/core/counters.ts'
import { numbersOf } from '../../monitor/src/core/usage.ts'
import { type Cgroups, type Looked, openCgroups } from '../../monitor/src/io/cgroup.ts'
import { kernelFiles } from '../../monitor/src/io/kernel-files.ts'
import { docker, freePort } from '../support/docker.ts'
import { engineGet } from '../support/engine.ts'
import { startService } from '../support/service.ts'
import { clear, container, defineStack, type Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const shell = (script: string) => ['--entrypoint', 'sh', 'node:24-slim', '-c', script]
const talk = `const http=require('http');http.createServer((q,s)=>s.end('x'.repeat(65536))).listen(80,()=>{const f=()=>http.get('http://'+require('os').hostname(),r=>{r.resume();r.on('end',()=>setTimeout(f,20))});f()})`
const clock = { now: () => Date.now(), steadyMs: () => performance.now() }

/** What grows as long as a container runs, and what both sources tell of it. */
const GROWING = [
  'cpuNs',
  'hostCpuNs',
  'periods',
  'throttledPeriods',
  'throttledNs',
  'receivedBytes',
  'sentBytes',
  'readBytes',
  'writtenBytes',
] as const

let stack: Stack
let cgroups: Cgroups
const names: Record<string, string> = {}

async function runOf(name: string) {
  const [id = '', pid = ''] = (await docker('inspect', '--format', '{{.Id}} {{.State.Pid}}', name)).split(' ')
  return { id, pid: Number(pid), ownNetwork: true }
}

async function fromEngine(name: string): Promise<Counters> {
  const counters = countersOfApi(await engineGet(`/containers/${name}/stats?stream=false&one-shot=true`))
  if (counters === null) throw new Error('the engine gave no data')
  return counters
}

function countersIn(looked: Looked): Counters {
  if (looked.kind !== 'counters') throw new Error(JSON.stringify(looked))
  return looked.counters
}

async function fromFiles(name: string): Promise<Counters> {
  const run = await runOf(name)
  cgroups.begin()
  return countersIn(cgroups.look(run))
}

beforeAll(async () => {
  stack = await defineStack('sources')
  const options = { files: kernelFiles(), proc: '/proc', cgroup: '/sys/fs/cgroup', maxHandles: 1000, ...clock }
  const opened = openCgroups(options)
  if ('why' in opened) throw new Error(opened.why)
  cgroups = opened
  names.busy = await container(stack, 'busy', '--cpus', '0.05', ...shell('while :; do :; done'))
  names.talker = await container(stack, 'talker', '--cpus', '0.3', 'node:24-slim', 'node', '-e', talk)
  names.idle = await container(stack, 'idle', '--memory', '64m', '--pids-limit', '20', ...shell('sleep 600'))
  names.guest = await container(stack, 'guest', '--network', `container:${names.talker}`, ...shell('sleep 600'))
})
afterAll(async () => {
  cgroups?.close()
  await clear(stack)
  await stack.down()
})

describe('a running container, from its files and from the engine', () => {
  it.each(['busy', 'talker', 'idle'])(
    '%s: what the files count lies between the engine’s answers before and after',
    async (key) => {
      const name = names[key] ?? ''
      await fromFiles(name)
      const before = await fromEngine(name)
      const files = await fromFiles(name)
      const after = await fromEngine(name)
      for (const field of GROWING) {
        const [low, value, high] = [before[field], files[field], after[field]]
        if (low === null || high === null) expect([field, value]).toEqual([field, low])
        else {
          // /proc/stat cuts each of its seven columns to 10 ms; the files' sum is carried on inside of that.
          const slack = field === 'hostCpuNs' ? 7e7 : 0
          expect(value, field).toBeGreaterThanOrEqual(low)
          expect(value, field).toBeLessThanOrEqual(high + slack)
        }
      }
      expect([files.memoryLimitBytes, files.pidsLimit, files.cpus]).toEqual([
        after.memoryLimitBytes,
        after.pidsLimit,
        after.cpus,
      ])
    },
  )

  it('an idle one to the byte', async () => {
    const [api, files] = [await fromEngine(names.idle ?? ''), await fromFiles(names.idle ?? '')]
    for (const field of [
      'cpuNs',
      'memoryUsedBytes',
      'memoryCacheBytes',
      'memoryRssBytes',
      'pids',
      'memoryPeakBytes',
    ] as const)
      expect([field, files[field]]).toEqual([field, api[field]])
  })

  it('a limited loop takes its share, by both', async () => {
    const name = names.busy ?? ''
    const [api, files] = [await fromEngine(name), await fromFiles(name)]
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const shares = [numbersOf(files, await fromFiles(name), 0.05), numbersOf(api, await fromEngine(name), 0.05)]
    const [byFiles = Number.NaN, byEngine = Number.NaN] = shares.map(({ cpuPercent }) => cpuPercent ?? Number.NaN)
    // Even a busy machine leaves it its twentieth. A share of 3 s, each side of which may miss or double one of its quota's periods of 100 ms: 30 ms of CPU.
    expect(Math.abs(byFiles - byEngine)).toBeLessThan(4)
    expect(shares[0]?.throttledPercent).toBeGreaterThan(20)
  })

  it('one that shares another’s network has none of its own', async () => {
    const run = await runOf(names.guest ?? '')
    cgroups.begin()
    expect(countersIn(cgroups.look({ ...run, ownNetwork: false })).receivedBytes).toBeNull()
  })
})

it('a restarted container is over for its old process, and begins anew with its new one', async () => {
  const name = names.talker ?? ''
  const old = await runOf(name)
  const before = await fromFiles(name)
  await docker('restart', '--time', '0', name)
  cgroups.begin()
  expect(cgroups.look(old).kind).not.toBe('counters')
  const after = await fromFiles(name)
  expect(after.cpuNs).toBeLessThan(before.cpuNs)
  expect(after.receivedBytes).toBeLessThan(before.receivedBytes ?? 0)
})

describe('the monitor', () => {
  const start = async (env: Readonly<Record<string, string>>) => {
    const port = await freePort()
    const dir = join(tmpdir(), `${stack.project}-${port}`)
    const service = startService('monitor/src/main.ts', {
      MONITOR_PORT: String(port),
      LOGS_DIR: join(dir, 'logs'),
      STATE_DIR: join(dir, 'state'),
      ...env,
    })
    const get = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<Record<string, unknown>>
    return { service, get }
  }
  const stop = async (service: ReturnType<typeof startService>) => {
    service.child.kill('SIGTERM')
    await service.ended
  }

  it('says of each container where it is read, and with no host files that it asks', async () => {
    const [files, api] = [await start({}), await start({ HOST_PROC: '/nowhere' })]
    const sourceOf = (of: typeof files, source: RegExp) =>
      until(`source ${source}`, async () => {
        const { source: said } = await of.get(`/api/containers/${names.idle}`).catch(() => ({ source: '' }))
        return source.test(String(said)) && said
      })
    await sourceOf(files, /^cgroup v[12] files$/)
    await sourceOf(api, /^API: no host mounts/)
    const status = await Promise.all([files.get('/api/status'), api.get('/api/status')])
    expect(status.map(({ sampler }) => (sampler as { intervalMs: number }).intervalMs)).toEqual([1000, 2000])
    await Promise.all([stop(files.service), stop(api.service)])
  })

  it('suspended for 12 s: a gap in the history, no spike and no average over it', async () => {
    const { service, get } = await start({})
    const history = async () => {
      const { at, columns } = await get(`/api/containers/${names.busy}/history?points=2000`)
      return {
        at: at as readonly number[],
        cpu: ((columns as Record<string, unknown>)?.cpuPercent ?? []) as readonly (number | null)[],
      }
    }
    await until('five seconds of history', async () => (await history().catch(() => ({ at: [] }))).at.length >= 6)
    service.child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 12_000))
    service.child.kill('SIGCONT')
    const stopped = (await history()).at.length
    await until('three more', async () => (await history()).at.length >= stopped + 4)
    const { at, cpu } = await history()
    const wide = at.findIndex((time, i) => i > 0 && time - (at[i - 1] ?? time) > 5000)
    expect(wide).toBeGreaterThan(0)
    // A row of nothing where nothing was measured, and the first look after it is a baseline.
    expect([cpu[wide - 1], cpu[wide]]).toEqual([null, null])
    for (const value of cpu) if (value !== null) expect(value).toBeLessThan(60)
    for (const value of cpu) if (value !== null) expect(value).toBeGreaterThanOrEqual(0)
    await stop(service)
  })
})

it('a user without any capability, in a read-only container, can read all of it', async () => {
  const root = new URL('../..', import.meta.url).pathname
  const { id, pid } = await runOf(names.idle ?? '')
  const script = `
    const { openCgroups } = await import('${root}monitor/src/io/cgroup.ts')
    const { kernelFiles } = await import('${root}monitor/src/io/kernel-files.ts')
    const cgroups = openCgroups({ files: kernelFiles(), proc: '/host/proc', cgroup: '/host/sys/fs/cgroup', maxHandles: 100, now: Date.now, steadyMs: () => performance.now() })
    cgroups.begin()
    console.log(JSON.stringify(cgroups.look({ id: '${id}', pid: ${pid}, ownNetwork: true })))`
  const limits = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true']
  const mounts = ['/proc:/host/proc:ro', '/sys/fs/cgroup:/host/sys/fs/cgroup:ro', `${root}:${root}:ro`].flatMap(
    (mount) => ['--volume', mount],
  )
  const said = await docker(
    'run',
    '--rm',
    ...limits,
    ...mounts,
    'node:24-slim',
    'node',
    '--input-type=module',
    '--eval',
    script,
  )
  const looked = JSON.parse(said) as Looked
  expect(countersIn(looked)).toMatchObject({ pidsLimit: 20, memoryLimitBytes: 64 * 1024 * 1024 })
  expect(countersIn(looked).receivedBytes).toBeGreaterThan(0)
})
