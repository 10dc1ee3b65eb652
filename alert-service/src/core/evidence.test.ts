import type { Evidence } from '@plimsoll/contracts/evidence'
import { describe, expect, it } from 'vitest'
import { factsOf, parseEvidence } from './evidence.ts'

const AT = Date.parse('2026-11-21T11:13:55Z')

/** As the monitor writes it, by the contract's type. */
const evidence: Evidence = {
  v: 1,
  id: '01KAH000000000000000000001',
  rule: 'container-oom',
  container: 'web',
  host: 'h1',
  at: AT,
  time: '2026-11-21T11:13:55.000Z',
  missing: [],
  end: { at: AT, ranMs: 125_000, exitCode: 137, exitSignal: 'SIGKILL', sentSignal: null, why: 'killed, exit code 137' },
  oom: { verdict: 'own-limit', limitBytes: 268_435_456, lastUsedBytes: 260_000_000 },
  health: {
    state: 'unhealthy',
    failingStreak: 3,
    checks: [{ startedAt: AT, tookMs: 10, exitCode: 1, output: 'curl: (7) refused\n<b>no</b>\n' }],
  },
  probe: { url: 'http://web/health', at: AT, ok: false, responseMs: null, detail: 'connection refused' },
  logs: {
    lines: Array.from({ length: 50 }, (_, i) => ({ at: AT, stream: 'stdout', text: `\u001b[31mline ${i}\u001b[0m` })),
    truncated: false,
    maskedLines: 0,
  },
  before: null,
  neighbours: { at: AT, byCpu: [{ name: 'db', cpuPercent: 88.8 }], byMemory: [] },
  machine: {
    at: AT,
    cpuPercent: 50,
    stealPercent: null,
    load1: 1,
    memoryPercent: 91.2,
    memoryAvailableBytes: 1_073_741_824,
    swapUsedBytes: null,
    disks: [{ name: '/', percent: 40, availableBytes: 5e9 }],
  },
  changes: [],
  made: {
    containerId: 'abc',
    image: 'web:1',
    imageDigest: null,
    createdAt: null,
    startedAt: null,
    restartPolicy: null,
    restarts: 2,
    cpuLimitCores: null,
    memoryLimitBytes: null,
    pidsLimit: null,
    project: null,
    service: null,
  },
  dependents: [{ name: 'shop', state: 'running' }],
  dependsOn: [],
}

describe('the evidence in a message', () => {
  const read = parseEvidence(JSON.stringify(evidence))
  const facts = read === null ? [] : factsOf(read)
  const text = (title: string) => facts.find((fact) => fact.title.startsWith(title))

  it('tells how it ended, whose memory it was, who needs it and how the host was', () => {
    expect(facts.map(({ title, text: words }) => `${title}: ${words}`)).toEqual([
      'How it ended: killed, exit code 137, after it ran for 2 min 5 s',
      'Whose memory: killed at its own memory limit; limit 256 MiB, last seen using 248 MiB',
      'Its health target: http://web/health: connection refused',
      'Its health check said (exit code 1): ',
      'Its last log lines: ',
      'Who needs it: shop (running)',
      'The host then: CPU 50.0 %, memory 91.2 % (1.00 GiB available), disk / 40.0 % full (5.00 GB left)',
      'Who else was big: CPU: db 88.8 %',
      'Image: web:1, restarts: 2',
    ])
  })

  it('shows the last lines that were printed, without their colours', () => {
    expect(text('Its last log lines')?.printed).toHaveLength(12)
    expect(text('Its last log lines')?.printed.at(-1)).toBe('line 49')
    expect(text('Its health check said')?.printed).toEqual(['curl: (7) refused', '<b>no</b>'])
  })

  it('is left out when the file is torn, of another version, or none', () => {
    expect(parseEvidence('{"v":1')).toBeNull()
    expect(parseEvidence(JSON.stringify({ ...evidence, v: 2 }))).toBeNull()
    expect(parseEvidence('[]')).toBeNull()
  })
})
