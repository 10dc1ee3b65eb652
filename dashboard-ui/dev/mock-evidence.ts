/** Invented evidence of an alert, and silences that last until the mock ends. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { Evidence } from '@plimsoll/contracts/evidence'
import type { AlertAnswer } from '@plimsoll/contracts/http'
import type { Silence } from '@plimsoll/contracts/silence'
import { logOf } from './mock-log.ts'
import { alertsOf, eventsOf } from './mock-story.ts'

const HOUR = 3_600_000
let silences: readonly Silence[] = []

const made = {
  containerId: 'a'.repeat(64),
  image: 'shop/target-app:1.4',
  imageDigest: 'sha256:4f1c0d9e',
  createdAt: null,
  startedAt: null,
  restartPolicy: 'on-failure:3',
  restarts: 2,
  cpuLimitCores: 1,
  memoryLimitBytes: 512 * 1024 ** 2,
  pidsLimit: null,
  project: 'shop',
  service: 'app',
}

function endOf(alert: AlertView): Pick<Evidence, 'end' | 'oom'> {
  if (alert.rule !== 'container-down') return { end: null, oom: null }
  const end = {
    at: alert.firedAt,
    ranMs: 10_920_000,
    exitCode: 137,
    exitSignal: 'SIGKILL',
    sentSignal: 'SIGKILL',
    why: 'killed by SIGKILL, exit code 137',
  }
  return { end, oom: { verdict: 'none', limitBytes: 512 * 1024 ** 2, lastUsedBytes: 221 * 1024 ** 2 } }
}

function evidenceOf(alert: AlertView): Evidence {
  const at = alert.firedAt
  const check = {
    startedAt: at - 5000,
    tookMs: 1200,
    exitCode: 1,
    output: 'curl: (7) Failed to connect to localhost port 8080\nafter 0 ms: Connection refused',
  }
  return {
    v: 1,
    id: alert.id,
    rule: alert.rule,
    container: alert.container,
    host: 'mock',
    at,
    time: new Date(at).toISOString(),
    missing: [],
    ...endOf(alert),
    health: { state: 'unhealthy', failingStreak: 2, checks: [check] },
    probe: { url: 'http://target-app:8080/health', at, ok: false, responseMs: null, detail: 'connection refused' },
    logs: { lines: logOf(at, 12), truncated: false, maskedLines: 1 },
    before: null,
    neighbours: {
      at,
      byCpu: [{ name: 'media-transcoder-1', cpuPercent: 371.2 }],
      byMemory: [{ name: 'media-transcoder-1', memoryUsedBytes: 940e6 }],
    },
    machine: {
      at,
      cpuPercent: 61,
      stealPercent: 0,
      load1: 2.4,
      memoryPercent: 39,
      memoryAvailableBytes: 10e9,
      swapUsedBytes: 0,
      disks: [],
    },
    changes: eventsOf(at - HOUR, at).slice(0, 5),
    made,
    dependents: [{ name: 'shop-worker-1', state: 'running' }],
    dependsOn: [{ name: 'shop-postgres-1', state: 'running' }],
  }
}

/** `GET /api/alerts/:id`; `null` when there is none of this id. */
export function alertAnswer(id: string, now: number): AlertAnswer | null {
  const alert = alertsOf(now - 6 * HOUR, now).find((one) => one.id === id)
  return alert === undefined ? null : { ...alert, evidence: evidenceOf(alert) }
}

/** Answers what people say: silences and acknowledgements; `null` when it is nothing of that. */
export function spoken(method: string, path: string, body: string, now: number): unknown {
  const [, id] = /^\/api\/alerts\/([^/]+)\/acknowledge$/.exec(path) ?? []
  if (method === 'POST' && id !== undefined) {
    const alert = alertsOf(now - 6 * HOUR, now).find((one) => one.id === id)
    return alert === undefined ? null : { ...alert, handled: { state: 'acknowledged', at: now, why: '' } }
  }
  if (path === '/api/silences' && method === 'POST') {
    const asked = JSON.parse(body) as Pick<Silence, 'container' | 'rule' | 'reason'>
    const made: Silence = {
      ...asked,
      id: `01MOCK${String(silences.length).padStart(20, '0')}`,
      from: now,
      until: now + HOUR,
    }
    silences = [made, ...silences]
    return made
  }
  if (method === 'DELETE') silences = silences.filter((one) => path !== `/api/silences/${one.id}`)
  return path.startsWith('/api/silences') ? { silences } : null
}
