/** The files of a recorded container in a folder of the test's own, read as if they were the kernel's. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KernelFiles } from '../core/kernel-files.ts'
import { type Cgroups, openCgroups } from './cgroup.ts'
import { kernelFiles } from './kernel-files.ts'

const fixtures = new URL('../core/fixtures/', import.meta.url).pathname
const ID = '58284c70e65ce9af9df72048b7845d14ccaad02a3df4967a8517e7fa8285794e'
const CONTROLLERS = ['blkio', 'cpu', 'cpuacct', 'memory', 'pids']
const PID = 4711
const SCOPE = `system.slice/docker-${ID}.scope`

let root = ''
let files: KernelFiles
let clockMs = 0
/** Paths whose open files answer ENODEV from now on, as those of a removed cgroup do. */
let removed: string[] = []
let openPaths: Map<number, string>

function watched(): KernelFiles {
  const real = kernelFiles()
  return {
    ...real,
    open: (path) => {
      const handle = real.open(path)
      openPaths.set(handle, path)
      return handle
    },
    read: (handle) => {
      const path = openPaths.get(handle) ?? ''
      if (removed.some((one) => path.startsWith(one))) throw Object.assign(new Error('gone'), { code: 'ENODEV' })
      return real.read(handle)
    },
    close: (handle) => {
      openPaths.delete(handle)
      real.close(handle)
    },
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** The container's files of the n-th recording, where the cgroupfs driver puts them. */
function record(name: string, n: 1 | 2, pid = PID): void {
  const from = `${fixtures}cgroup-v1/${name}/cgroup-${n}`
  for (const controller of CONTROLLERS)
    cpSync(`${from}/${controller}`, join(root, 'cgroup', controller, 'docker', ID), { recursive: true })
  put('proc/stat', readFileSync(`${from}/proc.stat`, 'utf8'))
  put(`proc/${pid}/cgroup`, `4:memory:/docker/${ID}\n2:cpuacct:/docker/${ID}\n`)
  put(`proc/${pid}/net/dev`, readFileSync(`${from}/net.dev`, 'utf8'))
}

/** The same of a v2 host with the systemd driver. */
function recordV2(n: 1 | 2): void {
  for (const folder of ['cgroup', `proc/${PID}`]) rmSync(join(root, folder), { recursive: true, force: true })
  const from = `${fixtures}cgroup-v2/web/cgroup-${n}`
  put('cgroup/cgroup.controllers', 'cpu memory io pids\n')
  cpSync(from, join(root, 'cgroup', SCOPE), { recursive: true })
  put('proc/stat', readFileSync(`${from}/proc.stat`, 'utf8'))
  put('proc/meminfo', readFileSync(`${fixtures}cgroup-v2/meminfo`, 'utf8'))
  put('proc/1/cgroup', '0::/\n')
  put(`proc/${PID}/net/dev`, readFileSync(`${from}/net.dev`, 'utf8'))
}

function openAll(maxHandles = 100): Cgroups {
  const options = { files, proc: join(root, 'proc'), cgroup: join(root, 'cgroup'), maxHandles }
  const cgroups = openCgroups({ ...options, now: () => 1e12 + clockMs, steadyMs: () => clockMs })
  if ('why' in cgroups) throw new Error(cgroups.why)
  return cgroups
}

const run = { id: ID, pid: PID, ownNetwork: true }

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-cgroup-'))
  clockMs = 0
  removed = []
  openPaths = new Map()
  files = watched()
  put('proc/meminfo', readFileSync(`${fixtures}cgroup-v1/meminfo`, 'utf8'))
  put('proc/2/comm', 'kthreadd\n')
  put('proc/1/cgroup', '4:memory:/\n2:cpuacct:/\n')
  record('web', 1)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a container’s cgroup files', () => {
  it('give its counters, dated with both clocks', () => {
    const cgroups = openAll()
    cgroups.begin()
    const looked = cgroups.look(run)
    expect(looked.kind === 'counters' && looked.counters).toMatchObject({
      at: 1e12,
      steadyMs: 0,
      pids: 7,
      pidsLimit: 100,
      receivedBytes: 24918,
      sentBytes: 19842,
      cpus: 2,
    })
    expect(cgroups.name).toBe('cgroup v1 files')
    cgroups.close()
    expect(openPaths.size).toBe(0)
  })

  it('stay open, and are read anew at each look', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    const before = cgroups.handles()
    put(`cgroup/pids/docker/${ID}/pids.current`, '9\n')
    put(`cgroup/cpuacct/docker/${ID}/cpuacct.usage`, '99000000000\n')
    clockMs = 1000
    cgroups.begin()
    const looked = cgroups.look(run)
    expect(looked.kind === 'counters' && [looked.counters.pids, looked.counters.at]).toEqual([9, 1e12 + 1000])
    expect(cgroups.handles()).toBe(before)
  })

  it('of a container that did nothing are not all read, but none for longer than a quarter of a minute', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    let reads = 0
    const { read } = files
    Object.assign(files, {
      read: (handle: number) => {
        reads++
        return read(handle)
      },
    })
    put(`cgroup/memory/docker/${ID}/memory.stat`, 'total_rss 4096\n')
    const rssAt = (ms: number) => {
      clockMs = ms
      cgroups.begin()
      const looked = cgroups.look(run)
      return looked.kind === 'counters' && looked.counters.memoryRssBytes
    }
    expect(rssAt(1000)).not.toBe(4096)
    // /proc/stat, CPU time, memory, disk and network.
    expect(reads).toBe(5)
    expect(rssAt(16_000)).toBe(4096)
  })

  it('a limit that is changed is seen within a quarter of a minute', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    put(`cgroup/memory/docker/${ID}/memory.limit_in_bytes`, '134217728\n')
    clockMs = 16_000
    cgroups.begin()
    const looked = cgroups.look(run)
    expect(looked.kind === 'counters' && looked.counters.memoryLimitBytes).toBe(134_217_728)
  })

  it('a container on the host’s network has none of its own', () => {
    const cgroups = openAll()
    cgroups.begin()
    const looked = cgroups.look({ ...run, ownNetwork: false })
    expect(looked.kind === 'counters' && looked.counters.receivedBytes).toBeNull()
  })
})

describe('on cgroup v2', () => {
  it.each([
    ['as the host sees it', `0::/${SCOPE}\n`],
    ['from a private cgroup namespace, which is the default there', `0::/../docker-${ID}.scope\n`],
    ['rootless or nested, where nothing but the id tells', `0::/../../elsewhere/${ID}\n`],
  ])('%s', (_, cgroup) => {
    recordV2(1)
    put(`proc/${PID}/cgroup`, cgroup)
    const cgroups = openAll()
    cgroups.begin()
    const looked = cgroups.look(run)
    expect(cgroups.name).toBe('cgroup v2 files')
    expect(looked.kind === 'counters' && looked.counters).toMatchObject({
      pids: 7,
      pidsLimit: 100,
      receivedBytes: 25058,
    })
  })

  it('in a place of its own (rootless): found by its id, and the next one at once', () => {
    recordV2(1)
    const rootless = `user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`
    cpSync(join(root, 'cgroup', SCOPE), join(root, 'cgroup', rootless), { recursive: true })
    rmSync(join(root, 'cgroup', SCOPE), { recursive: true })
    put(`proc/${PID}/cgroup`, `0::/../docker-${ID}.scope\n`)
    const cgroups = openAll()
    cgroups.begin()
    expect(cgroups.look(run).kind).toBe('counters')
  })
})

describe('a container that ends or is restarted', () => {
  it('is over when its files answer ENODEV, and leaves none open', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    removed = [join(root, 'cgroup')]
    rmSync(join(root, `proc/${PID}`), { recursive: true })
    for (const controller of CONTROLLERS) rmSync(join(root, 'cgroup', controller, 'docker', ID), { recursive: true })
    expect(cgroups.look(run)).toEqual({ kind: 'over' })
    expect(cgroups.handles()).toBe(1)
  })

  it('is read under its new process with its network reopened, never with the old one’s numbers', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    removed = [...openPaths.values()].filter((path) => path.includes('/cgroup/'))
    rmSync(join(root, `proc/${PID}`), { recursive: true })
    // Until somebody tells of the new process, nothing is known.
    expect(cgroups.look(run)).toEqual({ kind: 'over' })
    removed = []
    record('web', 2, 4800)
    put('proc/4800/net/dev', readFileSync(join(root, 'proc/4800/net/dev'), 'utf8').replace('24918', '    0'))
    const looked = cgroups.look({ ...run, pid: 4800 })
    expect(looked.kind === 'counters' && looked.counters.receivedBytes).toBe(0)
  })

  it('is read anew when its process changed, though its old files would still answer', () => {
    const cgroups = openAll()
    cgroups.begin()
    cgroups.look(run)
    record('web', 1, 4800)
    put('proc/4800/net/dev', readFileSync(join(root, 'proc/4800/net/dev'), 'utf8').replace('24918', '    7'))
    const looked = cgroups.look({ ...run, pid: 4800 })
    expect(looked.kind === 'counters' && looked.counters.receivedBytes).toBe(7)
  })

  it('is asked for elsewhere when its process number belongs to somebody else by now', () => {
    put(`proc/${PID}/cgroup`, '2:cpuacct:/system.slice/cron.service\n')
    const cgroups = openAll()
    cgroups.begin()
    expect(cgroups.look(run)).toEqual({ kind: 'unavailable', why: 'its process is not seen here' })
  })
})

describe('what cannot be read says why', () => {
  it('no cgroups and no proc at the given places: no host mounts', () => {
    const options = { files, proc: '/nowhere', cgroup: '/nowhere', maxHandles: 10, now: () => 0, steadyMs: () => 0 }
    expect(openCgroups(options)).toEqual({ why: 'no host mounts: no cgroups at /nowhere' })
    expect(openCgroups({ ...options, cgroup: join(root, 'cgroup') })).toEqual({
      why: 'no host mounts: /nowhere is not the host’s',
    })
  })

  it('a container of another host', () => {
    const cgroups = openAll()
    cgroups.begin()
    const looked = cgroups.look({ ...run, id: ID.replaceAll('5', '6') })
    expect(looked).toEqual({ kind: 'unavailable', why: 'it has no cgroup here' })
  })

  it('more containers than files may be open', () => {
    const cgroups = openAll(10)
    cgroups.begin()
    expect(cgroups.look(run)).toEqual({ kind: 'unavailable', why: '10 files are open' })
  })

  it('each has its turn to be searched for, one a round', () => {
    const searched: string[] = []
    const { folders } = files
    Object.assign(files, {
      folders: (path: string) => {
        if (path.endsWith('cpuacct')) searched.push(path)
        return folders(path)
      },
    })
    const cgroups = openAll()
    const strangers = ['6', '7', '8'].map((digit) => ({ ...run, id: ID.replaceAll('5', digit) }))
    for (clockMs = 0; clockMs < 3000; clockMs += 1000) {
      cgroups.begin()
      for (const one of strangers) cgroups.look(one)
      expect(searched.length).toBe(clockMs / 1000 + 1)
    }
    cgroups.begin()
    for (const one of strangers) cgroups.look(one)
    expect(searched.length).toBe(3)
  })

  it('and is not looked for again in each round', () => {
    const cgroups = openAll()
    let listed = 0
    const { folders } = files
    Object.assign(files, {
      folders: (path: string) => {
        listed++
        return folders(path)
      },
    })
    const stranger = { ...run, id: ID.replaceAll('5', '6') }
    for (clockMs = 0; clockMs < 60_000; clockMs += 1000) {
      cgroups.begin()
      cgroups.look(stranger)
    }
    const once = listed
    cgroups.begin()
    cgroups.look(stranger)
    expect(listed).toBe(once * 2)
  })
})

it('files of containers that are gone are closed', () => {
  const cgroups = openAll()
  cgroups.begin()
  cgroups.look(run)
  cgroups.keep(new Set())
  expect([cgroups.handles(), openPaths.size]).toEqual([1, 1])
  expect(existsSync(join(root, 'proc/stat'))).toBe(true)
})
