/** An invented machine, and what it no longer runs. */
import type { HostAnswer } from '@plimsoll/contracts/host'
import type { StoredContainer } from '@plimsoll/contracts/http'

const HOUR = 3_600_000
const GB = 1e9
const GiB = 1024 ** 3

const disk = (name: string, used: number, total: number) => ({
  name,
  totalBytes: total * GB,
  usedBytes: used * GB,
  availableBytes: (total - used) * 0.95 * GB,
  percent: (used / (used + (total - used) * 0.95)) * 100,
  inodesPercent: 12,
})

const machine = {
  host: 'mock',
  why: null,
  load: { one: 2.31, five: 1.92, fifteen: 1.7 },
  memory: {
    totalBytes: 16 * GiB,
    usedBytes: 6.2 * GiB,
    availableBytes: 9.8 * GiB,
    cacheBytes: 5 * GiB,
    percent: 38.8,
  },
  swap: { totalBytes: 2 * GiB, usedBytes: 0.1 * GiB },
  disks: [disk('engine', 71, 98), disk('project', 210, 480)],
  devices: [
    {
      name: 'nvme0n1',
      readBytesPerSecond: 120_000,
      writtenBytesPerSecond: 2_400_000,
      readsPerSecond: 4,
      writesPerSecond: 61,
      busyPercent: 3.1,
    },
  ],
  interfaces: [
    {
      name: 'eth0',
      receivedBytes: 8e9,
      sentBytes: 3e9,
      receivedBytesPerSecond: 410_000,
      sentBytesPerSecond: 180_000,
      errors: 0,
      drops: 3,
    },
  ],
  processes: 214,
  threads: 1310,
  temperatures: [{ name: 'coretemp', celsius: 51 }],
  pressure: { cpuPercent: 1.1, memoryPercent: 0, ioPercent: 0.4 },
  upSeconds: 912_000,
  thresholds: { cpuPercent: 80, memoryPercent: 90, diskPercent: 85 },
}

/** The machine at `now`: only its CPU moves. */
export function hostOf(now: number): HostAnswer {
  const busy = 31 + 9 * Math.sin(now / 20_000)
  return {
    ...machine,
    at: now,
    cpu: {
      percent: busy,
      userPercent: busy * 0.7,
      nicePercent: 0,
      systemPercent: busy * 0.28,
      iowaitPercent: 1.2,
      irqPercent: 0,
      softirqPercent: 0.4,
      stealPercent: 0,
      cpus: 8,
    },
  }
}

/** A container that was removed an hour ago. */
export function removedOf(now: number): readonly StoredContainer[] {
  const gone = { host: 'mock', image: 'shop/worker:1.3', project: 'shop', service: 'worker' }
  return [{ ...gone, name: 'shop-worker-old', firstAt: now - 9 * HOUR, lastAt: now - HOUR }]
}
