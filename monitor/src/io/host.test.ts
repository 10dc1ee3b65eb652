import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchDaemons } from './daemons.ts'
import { createHostReader } from './host.ts'
import { kernelFiles } from './kernel-files.ts'

const fixtures = new URL('../core/fixtures/cgroup-v1/', import.meta.url).pathname
let root = ''
let clockMs = 0
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const recorded = (name: string) => readFileSync(join(fixtures, name), 'utf8')
const stat = (user: number, idle: number) => `cpu  ${user} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 0\ncpu1 0\nintr 1 2 3\n`

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-host-'))
  clockMs = 0
  for (const name of ['meminfo', 'diskstats', 'loadavg']) put(`proc/${name}`, recorded(name))
  put('proc/1/net/dev', recorded('net.dev'))
  put('proc/2/comm', 'kthreadd\n')
  put('proc/stat', stat(100, 900))
  put('proc/uptime', '99.5 100.0\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const reader = (folders: readonly { name: string; path: string }[] = []) =>
  createHostReader({
    files: kernelFiles(),
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    root: join(root, 'none'),
    folders,
    now: () => clockMs,
    steadyMs: () => clockMs,
  })

describe('the host, from its files', () => {
  it('has its CPU share from the second look on, the rest at once', async () => {
    const host = reader()
    expect(host.view()).toBeNull()
    expect(await host.look()).toMatchObject({
      cpu: null,
      load: { one: 3.1 },
      threads: 274,
      processes: 2,
      upSeconds: 99.5,
      why: null,
    })
    clockMs = 2000
    put('proc/stat', stat(150, 950))
    expect(await host.look()).toMatchObject({ cpu: { percent: 50, cpus: 2 }, at: 2000 })
    expect(host.view()?.interfaces.map(({ name }) => name)).toEqual(['eth0', 'docker0'])
  })

  it('shows no network and no processes when /proc is only its own', async () => {
    rmSync(join(root, 'proc/2'), { recursive: true })
    expect(await reader().look()).toMatchObject({ interfaces: [], processes: null, load: { one: 3.1 } })
  })

  it('has temperatures where there are sensors, by chip and label; nonsense of an empty socket is left out', async () => {
    put('sys/class/hwmon/hwmon0/name', 'coretemp\n')
    put('sys/class/hwmon/hwmon0/temp1_input', '45000\n')
    put('sys/class/hwmon/hwmon0/temp1_label', 'Package id 0\n')
    put('sys/class/hwmon/hwmon0/temp2_input', '-128000\n')
    put('sys/class/hwmon/hwmon0/temp3_input', '\n')
    expect((await reader().look()).temperatures).toEqual([{ name: 'coretemp Package id 0', celsius: 45 }])
  })

  it('tells of a disk once, however many folders lie on it, and nothing of one that is not there', async () => {
    const here = { path: tmpdir() }
    const { disks } = await reader([
      { name: 'engine', ...here },
      { name: 'project', ...here },
      { name: 'x', path: '/nowhere' },
    ]).look()
    expect(disks.map(({ name }) => name)).toEqual(['engine'])
    expect(disks[0]?.totalBytes).toBeGreaterThan(0)
  })

  it('says why when there is no such /proc', async () => {
    rmSync(join(root, 'proc'), { recursive: true })
    expect(await reader().look()).toMatchObject({
      why: `${root}/proc/stat cannot be read`,
      cpu: null,
      memory: null,
      load: null,
    })
  })
})

describe('the daemons', () => {
  const process = (pid: number, name: string, ticks: number) => {
    put(`proc/${pid}/comm`, `${name}\n`)
    put(`proc/${pid}/stat`, `${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} ${ticks} 0 0 20 0 9 0 1 1 1\n`)
  }
  const daemons = () => watchDaemons(kernelFiles(), join(root, 'proc'), () => clockMs)

  it('are dockerd and containerd, their CPU time summed', () => {
    process(10, 'dockerd', 100)
    process(11, 'containerd', 5)
    process(12, 'node', 900)
    expect(daemons().cpuMs()).toBe(2100)
  })
  it('are unknown where none is seen, and found anew after a restart', () => {
    const watched = daemons()
    expect(watched.cpuMs()).toBeNull()
    process(10, 'dockerd', 100)
    clockMs = 60_000
    expect(watched.cpuMs()).toBe(2000)
    rmSync(join(root, 'proc/10'), { recursive: true })
    expect(watched.cpuMs()).toBeNull()
    process(20, 'dockerd', 1)
    clockMs = 120_000
    expect(watched.cpuMs()).toBe(20)
  })
  it('a process whose name holds a parenthesis is read right', () => {
    process(10, 'dockerd', 100)
    put('proc/10/stat', '10 (a) b) S 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 9 0 1 1 1\n')
    expect(daemons().cpuMs()).toBe(70)
  })
})
