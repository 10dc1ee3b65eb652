import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  deviceViews,
  diskCountsOf,
  diskView,
  type HostLook,
  hostCpuView,
  interfaceCountsOf,
  interfaceViews,
  loadOf,
  mountsBelow,
  pressurePercentOf,
  upSecondsOf,
} from './host.ts'
import { newHostCpu } from './host-cpu.ts'
import { hostMemoryOf } from './meminfo.ts'

const fixture = (path: string) => readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8')
const look = (steadyMs: number, more: Partial<HostLook> = {}): HostLook => ({
  steadyMs,
  cpu: null,
  disks: [],
  interfaces: [],
  ...more,
})

describe('the host’s CPU', () => {
  const cpu = (userNs: number, idleNs: number, stealNs = 0) => ({
    ...{ niceNs: 0, systemNs: 0, iowaitNs: 0, irqNs: 0, softirqNs: 0, cpus: 2 },
    ...{ userNs, idleNs, stealNs },
  })

  it('is what was not idle between two looks, by what it was spent on', () => {
    expect(hostCpuView(cpu(1e9, 9e9), cpu(2e9, 9.5e9, 0.5e9))).toMatchObject({
      percent: 75,
      userPercent: 50,
      stealPercent: 25,
    })
  })
  it('is unknown with one look, or none', () => {
    expect([hostCpuView(null, cpu(1, 1)), hostCpuView(cpu(1, 1), null), hostCpuView(cpu(1, 1), cpu(1, 1))]).toEqual([
      null,
      null,
      null,
    ])
    expect(hostCpuView(newHostCpu(), cpu(1, 1))).toBeNull()
  })
  it('a mode that the kernel corrects backwards counts as no time, never as a negative share', () => {
    expect(hostCpuView(cpu(1e9, 9e9), cpu(2e9, 8.99e9))).toMatchObject({ percent: 100 })
  })
})

describe('the host’s disks', () => {
  it('are whole ones that did something: no loops, no memory, no partitions', () => {
    expect(diskCountsOf(fixture('cgroup-v1/diskstats')).map(({ name }) => name)).toEqual(['vda'])
    const line = (name: string) => `   8 1 ${name} 9 0 8 0 9 0 8 0 0 1 0 0 0 0 0 0 0`
    const names = ['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'mmcblk0', 'mmcblk0p1', 'dm-0', 'md127']
    expect(diskCountsOf(names.map(line).join('\n')).map(({ name }) => name)).toEqual([
      'sda',
      'nvme0n1',
      'mmcblk0',
      'dm-0',
      'md127',
    ])
  })

  it('count sectors of 512 bytes', () => {
    const [vda] = diskCountsOf(fixture('cgroup-v1/diskstats'))
    expect(vda).toEqual({
      name: 'vda',
      reads: 344588,
      readBytes: 15883306 * 512,
      writes: 296590,
      writtenBytes: 54509128 * 512,
      busyMs: 55920,
    })
  })

  it('have rates from the second look on, and none where a count began anew', () => {
    const disk = { name: 'vda', reads: 10, readBytes: 1000, writes: 5, writtenBytes: 500, busyMs: 100 }
    const later = { ...disk, reads: 20, readBytes: 3000, busyMs: 1100, writtenBytes: 0 }
    expect(deviceViews(null, look(0, { disks: [disk] }))[0]?.readBytesPerSecond).toBeNull()
    expect(deviceViews(look(0, { disks: [disk] }), look(2000, { disks: [later] }))[0]).toEqual({
      name: 'vda',
      readBytesPerSecond: 1000,
      writtenBytesPerSecond: null,
      readsPerSecond: 5,
      writesPerSecond: 0,
      busyPercent: 50,
    })
  })

  it('are as full as df says: what root keeps for itself counts as neither used nor available', () => {
    const fs = { bsize: 4096, blocks: 1000, bfree: 400, bavail: 350, files: 100, ffree: 75 }
    expect(diskView('engine', fs)).toEqual({
      name: 'engine',
      totalBytes: 4_096_000,
      usedBytes: 600 * 4096,
      availableBytes: 350 * 4096,
      percent: (600 / 950) * 100,
      inodesPercent: 25,
    })
    expect(diskView('proc', { ...fs, blocks: 0 })).toBeNull()
    expect(diskView('btrfs', { ...fs, files: 0 })?.inodesPercent).toBeNull()
  })

  it('are found below the mounted root of the host, each once, and never one that may hang', () => {
    const mounts = [
      'overlay / overlay rw 0 0',
      '/dev/sda1 /host/root ext4 ro 0 0',
      '/dev/sda1 /host/root/var/lib/docker ext4 ro 0 0',
      '/dev/sdb1 /host/root/mnt/my\\040data xfs ro 0 0',
      'nas:/x /host/root/mnt/nas nfs4 ro 0 0',
      'tmpfs /host/root/run tmpfs ro 0 0',
      '/dev/sdc1 /host/rootless ext4 ro 0 0',
    ]
    expect(mountsBelow(mounts.join('\n'), '/host/root')).toEqual(['/host/root', '/host/root/mnt/my data'])
  })
})

describe('the host’s network', () => {
  it('is told per interface, without loopback and the containers’ cables', () => {
    expect(interfaceCountsOf(fixture('cgroup-v1/net.dev'))).toEqual([
      { name: 'eth0', receivedBytes: 1_551_776_331, sentBytes: 3_303_220, errors: 0, drops: 0 },
      { name: 'docker0', receivedBytes: 887_113, sentBytes: 364_706_606, errors: 0, drops: 4 },
    ])
  })
  it('has rates from the second look on', () => {
    const eth0 = { name: 'eth0', receivedBytes: 1000, sentBytes: 0, errors: 0, drops: 0 }
    const later = look(500, { interfaces: [{ ...eth0, receivedBytes: 2000 }] })
    expect(interfaceViews(look(0, { interfaces: [eth0] }), later)[0]).toMatchObject({
      receivedBytesPerSecond: 2000,
      sentBytesPerSecond: 0,
    })
  })
})

describe('the rest', () => {
  it('memory: used is what is not available', () => {
    const memory = hostMemoryOf(fixture('cgroup-v1/meminfo'))
    expect(memory).toMatchObject({
      totalBytes: 24_682_416 * 1024,
      availableBytes: 23_965_952 * 1024,
      swapTotalBytes: 0,
    })
  })
  it('load and threads', () => {
    expect(loadOf(fixture('cgroup-v1/loadavg'))).toEqual({
      load: { one: 3.1, five: 3.75, fifteen: 3.16 },
      threads: 274,
    })
    expect(loadOf('')).toBeNull()
  })
  it('pressure and uptime, where the kernel tells', () => {
    expect(pressurePercentOf(fixture('cgroup-v2/pressure'))).toBe(83.01)
    expect(pressurePercentOf('')).toBeNull()
    expect([upSecondsOf('1234.56 2000.00\n'), upSecondsOf('')]).toEqual([1234.56, null])
  })
})
