/** What the target app counts of itself, in the names that Grafana boards for web services already use. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** `route` is the pattern, never the address as asked: a scanner would make a series of each. */
  readonly answered: (request: { method: string; route: string; status: number; seconds: number }) => void
  readonly cacheHit: () => void
  readonly cacheMiss: () => void
}

/** `withProcess` adds Node's own numbers; they hold observers open, so tests leave them out. */
export function createMetrics({ withProcess }: { readonly withProcess: boolean }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const labelNames = ['method', 'route', 'status'] as const
  const total = new Counter({ name: 'http_requests_total', help: 'HTTP requests answered', labelNames, registers })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const api = new Counter({
    name: 'api_requests_total',
    help: 'Requests to /work and /load',
    labelNames: ['endpoint'],
    registers,
  })
  const hits = new Counter({ name: 'cache_hits_total', help: '/work/cache answers from the cache', registers })
  const misses = new Counter({ name: 'cache_misses_total', help: '/work/cache answers made anew', registers })
  if (withProcess) collectDefaultMetrics({ register: registry })
  return {
    registry,
    answered: ({ method, route, status, seconds }) => {
      const labels = { method, route, status: String(status) }
      total.inc(labels)
      duration.observe(labels, seconds)
      if (/^\/(work|load)(\/|$)/.test(route)) api.inc({ endpoint: route })
    },
    cacheHit: () => hits.inc(),
    cacheMiss: () => misses.inc(),
  }
}
