/** What the monitor writes as evidence, the alert service reads. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { expect, it } from 'vitest'
import { factsOf, parseEvidence } from '../../alert-service/src/core/evidence.ts'
import { evidenceOf, type FromEngine, type Witnessed } from '../../monitor/src/core/evidence.ts'
import { newHistory, remember } from '../../monitor/src/core/history.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const alert: AlertEvent = {
  time: NOON,
  severity: 'critical',
  state: 'firing',
  container: 'web',
  rule: 'container-oom',
  summary: 'killed: out of memory',
  value: null,
  threshold: null,
  host: 'h1',
  id: '01KAH0000000000000000000AB',
}
const seen: Witnessed = {
  alert,
  life: {
    id: 'ab',
    image: 'shop/web:1',
    startedAt: NOON - 60_000,
    restarts: 2,
    cpuLimitCores: null,
    memoryLimitBytes: 256 * 1024 ** 2,
    health: 'unhealthy',
    wishes: { project: 'shop', service: 'web' } as NonNullable<Witnessed['life']>['wishes'],
    probe: { url: 'http://web/health', at: NOON, ok: false, responseMs: null, detail: '503' },
  },
  known: {
    condition: 'ended',
    startedAt: NOON - 60_000,
    end: { at: NOON, planned: false, exitCode: 137, signal: null, oomKilled: true, why: 'killed: out of memory' },
  },
  neighbours: { at: NOON, byCpu: [{ name: 'db', cpuPercent: 80 }], byMemory: [{ name: 'db', memoryUsedBytes: 1e9 }] },
  machine: null,
  events: [{ at: NOON - 1, no: 1, container: 'web', kind: 'oom', text: 'a process was killed for memory' }],
  eventsSince: 0,
  dependents: [{ name: 'proxy', state: 'running' }],
  dependsOn: [],
}
const engine: FromEngine = {
  logs: {
    ok: true,
    value: { lines: [{ at: NOON, stream: 'stderr', text: 'heap is full' }], truncated: false, maskedLines: 0 },
  },
  more: {
    ok: true,
    value: {
      imageDigest: 'sha256:1',
      createdAt: NOON,
      restartPolicy: 'no',
      pidsLimit: null,
      health: { failingStreak: 1, checks: [{ startedAt: NOON, tookMs: 5, exitCode: 1, output: 'no answer' }] },
      secrets: [],
    },
  },
}
const history = newHistory(1000)
remember(history, 'web', NOON - 1000, { ...NO_NUMBERS, cpuPercent: 5, memoryPercent: 99, memoryUsedBytes: 2.5e8 })

it('all of it, of a container', () => {
  const read = parseEvidence(JSON.stringify(evidenceOf(seen, history, engine)))
  const told = JSON.stringify(read === null ? null : factsOf(read))
  for (const words of ['own memory limit', '256 MiB', 'heap is full', 'no answer', 'proxy (running)', 'db'])
    expect(told).toContain(words)
})

it('what there is, where hardly anything is known, and of the host', () => {
  const late = { ok: false, why: 'too many alerts at once' } as const
  const bare = { ...seen, life: null, known: null, dependents: [], neighbours: { at: null, byCpu: [], byMemory: [] } }
  const host = { ...bare, alert: { ...alert, container: null, rule: 'host-cpu' } }
  for (const evidence of [
    evidenceOf(bare, newHistory(1000), { logs: late, more: late }),
    evidenceOf(host, newHistory(1000), null),
  ])
    expect(parseEvidence(JSON.stringify(evidence))).not.toBeNull()
})
