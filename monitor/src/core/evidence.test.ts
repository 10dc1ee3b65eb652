import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import { type EvidenceLogs, MASKED } from '@plimsoll/contracts/evidence'
import { parseEvidence } from '@plimsoll/contracts/evidence-file'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { evidenceOf, type FromEngine, type SeenLife, type Witnessed } from './evidence.ts'
import { newHistory, remember } from './history.ts'
import type { InspectedMore } from './inspect-more.ts'
import type { End } from './observation.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const MiB = 1024 ** 2

const alert: AlertEvent = {
  time: NOON,
  severity: 'critical',
  state: 'firing',
  container: 'web',
  rule: 'container-down',
  summary: 'exited by itself, exit code 3',
  value: 3,
  threshold: null,
  host: 'h1',
  id: '01KAH0000000000000000000AB',
}
const end: End = {
  at: NOON - 100,
  planned: false,
  exitCode: 3,
  signal: null,
  oomKilled: false,
  why: 'exited by itself',
}
const life: SeenLife = {
  id: 'ab'.repeat(32),
  image: 'shop/web:1',
  startedAt: NOON - 60_000,
  restarts: 2,
  cpuLimitCores: 0.5,
  memoryLimitBytes: 256 * MiB,
  health: 'unhealthy',
  wishes: { project: 'shop', service: 'web' } as SeenLife['wishes'],
  probe: { url: 'http://me:secret@web:8080/health', at: NOON, ok: false, responseMs: null, detail: '503' },
}
const seen: Witnessed = {
  alert,
  life,
  known: { condition: 'ended', startedAt: NOON - 60_000, end },
  neighbours: { at: NOON - 500, byCpu: [{ name: 'db', cpuPercent: 80 }], byMemory: [] },
  machine: null,
  events: [],
  eventsSince: NOON - 2 * 3_600_000,
  dependents: [],
  dependsOn: [{ name: 'db', state: 'running' }],
}
const logs: EvidenceLogs = { lines: [{ at: NOON, stream: 'stderr', text: 'bye' }], truncated: false, maskedLines: 0 }
const more: InspectedMore = {
  imageDigest: 'sha256:1',
  createdAt: NOON - 90_000,
  restartPolicy: 'on-failure:3',
  pidsLimit: null,
  health: { failingStreak: 3, checks: [{ startedAt: NOON, tookMs: 12.5, exitCode: 1, output: 'no' }] },
  secrets: ['s3cr3t-horse'],
}
const answered: FromEngine = { logs: { ok: true, value: logs }, more: { ok: true, value: more } }
const empty = newHistory(1000)
const build = (over: Partial<Witnessed> = {}, engine: FromEngine | null = answered, history = empty) =>
  evidenceOf({ ...seen, ...over }, history, engine)
const ended = (over: Partial<End>) =>
  ({ condition: 'ended', startedAt: NOON - 60_000, end: { ...end, ...over } }) as const

describe('the end of a run', () => {
  it.each([
    [{ exitCode: 3 }, { exitCode: 3, exitSignal: null, sentSignal: null }],
    [
      { exitCode: 137, signal: 9 },
      { exitCode: 137, exitSignal: 'SIGKILL', sentSignal: 'SIGKILL' },
    ],
    [{ exitCode: 139 }, { exitCode: 139, exitSignal: 'SIGSEGV', sentSignal: null }],
    [{ exitCode: null }, { exitCode: null, exitSignal: null, sentSignal: null }],
    [{ exitCode: 255 }, { exitCode: 255, exitSignal: null, sentSignal: null }],
  ])('%o is told as %o', (how, told) => {
    expect(build({ known: ended(how) }).end).toMatchObject({ ...told, ranMs: 59_900 })
  })

  it('is told of one that runs again only where it is the restart loop that fires', () => {
    const known = { condition: 'running', startedAt: NOON, end } as const
    expect(build({ known }).end).toBeNull()
    expect(build({ known, alert: { ...alert, rule: 'container-restart-loop' } }).end).toMatchObject({ ranMs: null })
  })
})

describe('whose memory ran out', () => {
  const oom = { ...alert, rule: 'container-oom' }
  const alive = { condition: 'running', startedAt: NOON, end: null } as const
  it.each([
    ['own-limit', { known: ended({ oomKilled: true, exitCode: 137 }) }],
    ['host', { known: ended({ oomKilled: true }), life: { ...life, memoryLimitBytes: null } }],
    ['child', { known: alive, alert: oom }],
    // 137 alone is no proof of anything.
    ['none', { known: ended({ exitCode: 137 }) }],
  ] as const)('%s', (verdict, over) => expect(build(over).oom?.verdict).toBe(verdict))

  it('is not asked where nothing ended and no memory ran out', () => {
    expect(build({ known: alive, alert: { ...alert, rule: 'high-cpu' } }).oom).toBeNull()
  })

  it('is told with what it used when last seen', () => {
    const history = newHistory(1000)
    for (const [agoMs, used] of [
      [2000, 200],
      [1000, 250],
    ] as const)
      remember(history, 'web', NOON - agoMs, { ...NO_NUMBERS, memoryUsedBytes: used * MiB })
    remember(history, 'web', NOON - 500, NO_NUMBERS)
    expect(build({ known: ended({ oomKilled: true }) }, answered, history).oom).toEqual({
      verdict: 'own-limit',
      limitBytes: 256 * MiB,
      lastUsedBytes: 250 * MiB,
    })
  })
})

describe('the minutes before', () => {
  it('are five, in columns of equal length, and hold only what somebody told of', () => {
    const history = newHistory(1000)
    for (let at = NOON - 900_000; at <= NOON + 5000; at += 1000)
      remember(history, 'web', at, { ...NO_NUMBERS, cpuPercent: 12.345678, pids: 4 })
    const before = build({}, answered, history).before
    expect(before?.from).toBe(NOON - 300_000)
    expect(before?.at.at(-1)).toBeLessThanOrEqual(NOON)
    expect(before?.at.length).toBeGreaterThan(140)
    expect(before?.at.length).toBeLessThanOrEqual(310)
    expect(Object.keys(before?.columns ?? {})).toEqual(['cpuPercent'])
    expect(before?.columns.cpuPercent).toHaveLength(before?.at.length ?? 0)
    expect(before?.columns.cpuPercent?.[5]).toBe(12.34568)
  })
})

describe('what changed in the hour before', () => {
  const event = (kind: FleetEvent['kind'], container: string | null, agoMs: number, text = 't'): FleetEvent => ({
    at: NOON - agoMs,
    no: 1,
    container,
    kind,
    text,
  })
  const told = (events: readonly FleetEvent[], over: Partial<Witnessed> = {}) =>
    build({ events, ...over }).changes.map(({ kind, container }) => `${kind} ${container}`)

  it('is of itself, its project, whom it needs, and the engine: not the health of others, and no stranger', () => {
    const events = [
      event('health', 'web', 10),
      event('health', 'db', 20),
      event('died', 'db', 30),
      event('created', 'shop-worker-1', 40),
      event('died', 'stranger', 50),
      event('engine', null, 60),
      event('started', 'web', 3_700_000),
    ]
    expect(told(events)).toEqual(['health web', 'died db', 'created shop-worker-1', 'engine null'])
  })

  it('of an alert about the host is who came and who died', () => {
    const events = [event('created', 'job', 10), event('health', 'db', 20), event('died', 'db', 30)]
    expect(told(events, { alert: { ...alert, container: null }, life: null, known: null })).toEqual([
      'created job',
      'died db',
    ])
  })

  it('is at most fifty, without secrets', () => {
    const many = Array.from({ length: 90 }, (_, i) => event('health', 'web', i, 'unhealthy: token=abc123'))
    const { changes } = build({ events: many })
    expect(changes).toHaveLength(50)
    expect(changes[0]?.text).toBe(`unhealthy: token=${MASKED}`)
  })
})

describe('what could not be had is named with its reason', () => {
  it('by what it would have been', () => {
    const none: FromEngine = { logs: { ok: false, why: 'too many alerts at once' }, more: { ok: false, why: 'gone' } }
    const evidence = build(
      { life: null, neighbours: { at: null, byCpu: [], byMemory: [] }, eventsSince: NOON - 5 },
      none,
    )
    expect(evidence.missing).toEqual([
      'logs: too many alerts at once',
      'inspect: gone',
      'made: the container is not known any more',
      'before: not one sample in the 5 minutes before',
      'machine: not looked at yet',
      'neighbours: no round of samples yet',
      "changes: nobody watched for a while before the monitor's start at 2026-11-21T11:59:59.995Z",
    ])
    expect(evidence).toMatchObject({ logs: null, made: null, before: null, machine: null, health: null })
  })

  it('of an alert about the host nothing of a container is missed', () => {
    const evidence = build({ alert: { ...alert, container: null, rule: 'host-cpu' }, life: null, known: null }, null)
    expect(evidence.missing).toEqual(['machine: not looked at yet'])
    expect(evidence).toMatchObject({ container: null, end: null, oom: null, logs: null, made: null, probe: null })
  })
})

describe('a file of it', () => {
  it('reads back as it was written, and passes over keys of later versions', () => {
    const history = newHistory(1000)
    remember(history, 'web', NOON - 1000, { ...NO_NUMBERS, cpuPercent: 5, memoryUsedBytes: 7 * MiB })
    const evidence = build({}, answered, history)
    expect(parseEvidence(JSON.stringify(evidence))).toEqual(evidence)
    expect(parseEvidence(JSON.stringify({ ...evidence, later: 1 }))).toEqual(evidence)
  })

  it.each(['', 'null', '[]', '{"v":1}', '{"v":2}', '{'])('is none: %s', (text) =>
    expect(parseEvidence(text)).toBeNull(),
  )

  it('tells no password of a health target, and not what is to be masked', () => {
    expect(JSON.stringify(build())).not.toContain('secret@')
    expect(JSON.stringify(build())).not.toContain('s3cr3t-horse')
  })
})
