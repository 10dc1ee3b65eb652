/** The monitor's own metrics for Prometheus: what it costs and whether it does its work. Read when they are asked for. */
import { Gauge, Registry } from 'prom-client'

/** A metric's name and help, and where its value comes from; `null` is left out. */
export interface OwnMetric {
  readonly name: string
  readonly help: string
  readonly read: () => number | null
}

/** prom-client's default metrics would keep a 10 ms timer running for the event loop; these cost nothing between scrapes. */
export function ownMetrics(metrics: readonly OwnMetric[]): { text: () => Promise<string>; contentType: string } {
  const registry = new Registry()
  for (const { name, help, read } of [...PROCESS, ...metrics]) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read()
        if (value === null) this.reset()
        else this.set(value)
      },
    })
  }
  return { text: () => registry.metrics(), contentType: registry.contentType }
}

const PROCESS: readonly OwnMetric[] = [
  {
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the monitor, user and system',
    read: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the monitor',
    read: () => process.memoryUsage.rss(),
  },
  {
    name: 'process_start_time_seconds',
    help: 'When the monitor started, in seconds since 1970',
    read: () => Math.floor(performance.timeOrigin / 1000),
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use',
    read: () => process.memoryUsage().heapUsed,
  },
]
