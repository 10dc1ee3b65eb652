import type { LoadAnswer } from '@plimsoll/contracts/load'
import { describe, expect, it } from 'vitest'
import { type DriveDeps, drive, type Progress } from './drive.ts'
import type { HttpLoad } from './http-load.ts'
import type { Fault } from './profiles.ts'
import { type Level, PROFILES } from './profiles.ts'
import { reportOf, summaryLines } from './report.ts'
import { shareOf } from './score.ts'
import type { Commands } from './steer.ts'

const MIB = 1024 * 1024

/** A target made of arithmetic, on a clock that only `wait` moves. */
function world({ cores = 1 } = {}) {
  const it = {
    now: 0,
    boot: 1,
    away: false,
    /** Answers `GET /load`, and a 409 to what it is asked for. */
    refuses: false,
    /** Answers this late. */
    slowMs: 0,
    cpuMs: 0,
    queries: 0,
    memoryBytes: 40 * MIB,
    commands: null as Commands | null,
    faults: [] as readonly Fault[],
    /** Life and fault of every request for one. */
    asked: new Set<string>(),
    ended: 0,
    crashes: 0,
    httpPerSecond: 0,
    answers: 0,
    shown: [] as Progress[],
    /** Called after each step of the clock. */
    happens: (() => {}) as () => void,
  }
  const pass = (ms: number) => {
    it.now += ms
    const percent = it.away ? 0 : Math.min(100 * cores, (it.commands?.cpuPercent ?? 0) + 2)
    it.cpuMs += (ms * percent) / 100
    it.queries += ((it.commands?.queriesPerSecond ?? 0) * ms) / 1000
    it.memoryBytes = 40 * MIB + (it.commands?.memoryBytes ?? 0)
    it.answers += (it.httpPerSecond * ms) / 1000
    it.happens()
  }
  const present = () => {
    pass(it.slowMs)
    if (it.away) throw new Error('connect ECONNREFUSED')
  }
  const look = (): LoadAnswer => ({
    bootId: String(it.boot),
    uptimeMs: it.now,
    source: 'cgroup-v2',
    limits: { cpuCores: cores, memoryBytes: 512 * MIB, memoryLimited: true, memoryCapBytes: 450 * MIB },
    cpu: { usedMs: it.cpuMs, readAtMs: it.now, percent: null, limitPercent: null },
    memory: { usedBytes: it.memoryBytes, limitPercent: it.memoryBytes / MIB / 5.12, heldBytes: 0, capped: false },
    database: { queries: it.queries, errors: 0, lastError: null, running: 0 },
    loads: [],
  })
  const http: HttpLoad = {
    set: (perSecond) => {
      it.httpPerSecond = perSecond
    },
    count: () => ({ answers: Math.round(it.answers), serverErrors: 0, failures: 0 }),
    percentiles: () => ({ p50: null, p95: null, p99: null }),
    stop: () => {
      it.httpPerSecond = 0
    },
  }
  const deps: DriveDeps = {
    target: {
      look: async () => {
        present()
        return look()
      },
      renew: async (phase, commands) => {
        if (it.away) throw new Error('connect ECONNREFUSED')
        if (it.refuses) throw new Error('/load/fault answered 409: no limit')
        it.commands = commands
        it.faults = phase.faults
        for (const { fault } of phase.faults) it.asked.add(`${it.boot}:${fault}`)
      },
      endAll: async () => {
        it.commands = null
        it.ended++
      },
      crash: async () => {
        it.crashes++
        it.boot++
      },
      probe: async () => {
        if (it.away) return { ok: false, ms: 1, reason: 'connect ECONNREFUSED' }
        return { ok: !it.faults.some(({ fault }) => fault === 'outage'), ms: 3, reason: 'asked for' }
      },
    },
    http,
    prefix: 'me.1.',
    now: () => it.now,
    wait: async (ms) => pass(ms),
    show: (progress) => it.shown.push(progress),
  }
  return { it, deps }
}

const never = new AbortController().signal
const run = (level: Level, seconds: number, { deps }: ReturnType<typeof world>, signal = never) =>
  drive({ level, seconds }, deps, signal)

describe('drive', () => {
  it.each(['low', 'medium', 'high', 'extreme', 'cpu-intensive', 'memory-intensive', 'db-intensive'] as const)(
    'holds every aim of %s in its band after the ramp, and ends its loads',
    async (level) => {
      const one = world()
      const driven = await run(level, 60, one)
      expect(driven.end).toBe('done')
      expect(driven.scores.size).toBe(PROFILES[level].phases[0].aims.length)
      for (const score of driven.scores.values()) {
        expect(score.judged).toBe(50)
        expect(shareOf(score)).toBe(100)
      }
      expect(one.it).toMatchObject({ ended: 1, commands: null, httpPerSecond: 0 })
    },
  )

  it('bursts and rests, and judges each by its own band', async () => {
    const driven = await run('spike', 60, world())
    expect([...driven.scores].map(([label, score]) => [label, shareOf(score)])).toEqual([
      ['burst: CPU', 100],
      ['rest: CPU', 100],
    ])
  })

  it('ends all load when it is told to stop, and says so', async () => {
    const one = world()
    const stop = new AbortController()
    one.it.happens = () => {
      if (one.it.now >= 7000) stop.abort()
    }
    const driven = await run('high', 60, one, stop.signal)
    expect(driven).toMatchObject({ end: 'stopped' })
    expect(driven.elapsedMs).toBeLessThan(8000)
    expect(one.it).toMatchObject({ ended: 1, commands: null, httpPerSecond: 0 })
  })

  it('gives up a target that stays away for 10 s, with the reason', async () => {
    const one = world()
    one.it.happens = () => {
      if (one.it.now >= 20_000) one.it.away = true
    }
    const driven = await run('high', 60, one)
    expect(driven).toMatchObject({ end: 'target-lost', reason: 'connect ECONNREFUSED' })
    expect(driven.elapsedMs).toBeGreaterThan(30_000)
    expect(driven.elapsedMs).toBeLessThan(32_000)
  })

  it('gives up a target that answers and does not do as asked, in its own words', async () => {
    const one = world()
    one.it.refuses = true
    const driven = await run('oom', 60, one)
    expect(driven).toMatchObject({ end: 'target-lost', reason: '/load/fault answered 409: no limit' })
  })

  it('counts seconds without numbers as not in the band, and goes on when the target is back', async () => {
    const one = world()
    one.it.happens = () => {
      one.it.away = one.it.now >= 20_000 && one.it.now < 25_000
      if (one.it.now === 25_000) one.it.boot = 2
    }
    const driven = await run('medium', 60, one)
    const [score] = driven.scores.values()
    expect(driven).toMatchObject({ end: 'done', restarts: 1 })
    expect(score?.judged).toBe(50)
    expect(50 - (score?.inBand ?? 0)).toBeGreaterThanOrEqual(5)
    expect(50 - (score?.inBand ?? 0)).toBeLessThanOrEqual(8)
  })

  it('dials no HTTP while the target is away', async () => {
    const one = world()
    const rates: number[] = []
    one.it.happens = () => {
      one.it.away = one.it.now >= 20_000 && one.it.now < 25_000
      if (one.it.now > 20_500 && one.it.now < 25_000) rates.push(one.it.httpPerSecond)
    }
    await run('low', 30, one)
    expect(new Set(rates)).toEqual(new Set([0]))
  })

  it('crashes the target once a turn, and counts its lives', async () => {
    const one = world()
    const driven = await run('crash-loop', 40, one)
    expect(one.it.crashes).toBe(4)
    expect(driven.restarts).toBe(4)
  })

  it('asks for one OOM, not for another of the life after it', async () => {
    const one = world()
    one.it.happens = () => {
      one.it.away = one.it.now >= 2000 && one.it.now < 4000
      if (one.it.now === 4000) one.it.boot = 2
    }
    const driven = await run('oom', 20, one)
    expect(driven).toMatchObject({ end: 'done', restarts: 1 })
    expect([...one.it.asked]).toEqual(['1:oom'])
  })

  it('shows its progress once a second, and the fault’s own measure with it', async () => {
    const one = world()
    const driven = await run('outage', 20, one)
    expect(one.it.shown).toHaveLength(20)
    expect(one.it.shown.at(-1)?.values.healthFailing).toBe(100)
    expect([...driven.scores.values()].map(shareOf)).toEqual([100])
  })

  it('keeps its pace when the target answers slowly, instead of catching up in a burst', async () => {
    const one = world()
    one.it.slowMs = 1200
    const driven = await run('medium', 30, one)
    expect(driven.end).toBe('done')
    expect(one.it.shown.length).toBeLessThanOrEqual(15)
  })
})

describe('the report of a run', () => {
  it('says what was aimed at, what came of it, and what is left', async () => {
    const step = { level: 'medium', seconds: 60 } as const
    const driven = await run('medium', 60, world())
    const http = { answers: 3000, serverErrors: 2, failures: 1, p50: 4, p95: 9.5, p99: 22 }
    const report = reportOf({ step, driven, startedAt: '2026-11-21T12:00:00.000Z', http, leftBehind: 0 })
    expect(report).toMatchObject({ level: 'medium', end: 'done', secondsRun: 60, leftBehind: 0, restarts: 0 })
    expect(report.aims).toMatchObject([{ label: 'CPU', min: 30, max: 40, share: 100, secondsJudged: 50 }])
    const lines = summaryLines(report)
    expect(lines[0]).toBe('medium: ran to its end after 1 min')
    expect(lines[1]).toMatch(/^ {2}CPU: 3\d\.\d % \(.*\), aim 30–40; in band 100 % of 50 s$/)
    expect(lines[2]).toBe('  http: 3000 answers, 50.0/s, p50 4.00 ms, p95 9.50 ms, p99 22 ms; 5xx 2, failed 1')
    expect(lines.at(-1)).toBe('  nothing left behind')
  })

  it('never shows a share of seconds that were not judged', async () => {
    const step = { level: 'medium', seconds: 5 } as const
    const driven = await run('medium', 5, world())
    const http = { answers: 0, serverErrors: 0, failures: 0, p50: null, p95: null, p99: null }
    const lines = summaryLines(reportOf({ step, driven, startedAt: '', http, leftBehind: null }))
    expect(lines).toContain('  too short to be judged')
    expect(lines.join('\n')).not.toContain('http:')
  })
})
