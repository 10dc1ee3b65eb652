import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Span } from '@plimsoll/contracts/container'
import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newHistory, remember } from './core/history.ts'
import { LEVELS } from './core/rollup.ts'
import type { Series } from './core/series.ts'
import { type HistoryQuestion, historyAnswer, removedSeries } from './history-answers.ts'
import { HistoryKeeper } from './history-keeper.ts'

const T0 = Date.UTC(2026, 10, 21, 12)
const MINUTE = 60_000
const KEEP = { retentionMs: [86_400_000, 14 * 86_400_000, 400 * 86_400_000], maxBytes: 2 ** 30 }

const web: Series = {
  key: 'compose/h/shop/web/1',
  name: 'shop-web-1',
  host: 'h',
  image: 'web:1',
  project: 'shop',
  service: 'web',
}
const cpu = (cpuPercent: number | null): Numbers => ({ ...NO_NUMBERS, cpuPercent })

let dir = ''
let now = T0
let troubles: (string | null)[] = []
let spans: Span[] = []
let keepers: HistoryKeeper[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-keeper-'))
  now = T0
  troubles = []
  spans = []
  keepers = []
})
afterEach(() => {
  for (const keeper of keepers) keeper.close()
  rmSync(dir, { recursive: true, force: true })
})

function newKeeper(at = dir): HistoryKeeper {
  const keeper = new HistoryKeeper({
    dir: at,
    keep: KEEP,
    clock: () => now,
    strips: () => (spans.length === 0 ? [] : [{ series: web, spans }]),
    onTrouble: (trouble) => troubles.push(trouble),
  })
  keepers.push(keeper)
  keeper.start()
  return keeper
}

/** One run of the monitor: a sample a second from `from` to `to`, written every 10 s. */
function run(
  keeper: HistoryKeeper,
  history: ReturnType<typeof newHistory>,
  range: { from: number; to: number; value?: (at: number) => number | null },
) {
  const { from, to, value = (at) => (at / 1000) % 50 } = range
  for (let at = from; at < to; at += 1000) {
    now = at
    keeper.sample(web, at, cpu(value(at)))
    remember(history, web.name, at, cpu(value(at)))
    if ((at + 1000) % 10_000 === 0) keeper.flush()
  }
}

const question = (from: number, to: number, points = 600): HistoryQuestion => ({
  name: web.name,
  from,
  to,
  points,
  metrics: null,
  now,
})
const present = () => ({ series: web, spans })

describe('the history of a container', () => {
  it('after a restart of the monitor begins with the stored rows and goes on at full rate, without a seam', () => {
    const first = newKeeper()
    run(first, newHistory(1000), { from: T0, to: T0 + 5 * MINUTE })
    first.close()
    const history = newHistory(1000)
    const second = newKeeper()
    run(second, history, { from: T0 + 5 * MINUTE + 20_000, to: T0 + 6 * MINUTE })
    const answer = historyAnswer({ history, keeper: second }, question(T0, now), present())
    const at = answer?.at ?? []
    expect(at.slice(0, 3)).toEqual([T0, T0 + 10_000, T0 + 20_000])
    expect(at.slice(-2)).toEqual([now - 1000, now])
    // Stored until the first run ended, a gap of 20 s, then full rate.
    expect(at.filter((time) => time < T0 + 5 * MINUTE)).toHaveLength(30)
    expect(answer?.columns.cpuPercent?.[at.indexOf(T0 + 5 * MINUTE)]).toBeNull()
    expect(at.filter((time) => time > T0 + 5 * MINUTE + 10_000)).toHaveLength(40)
  })

  it('while the rings reach as far as anything is known, is given at full rate', () => {
    const history = newHistory(1000)
    const keeper = newKeeper()
    run(keeper, history, { from: T0 + 3000, to: T0 + MINUTE })
    expect(historyAnswer({ history, keeper }, question(T0 - 14 * MINUTE, now), present())).toMatchObject({
      stepMs: 1000,
    })
  })

  it('what is not written yet is in the answer: the newest row is of now', () => {
    const history = newHistory(1000)
    const keeper = newKeeper()
    run(keeper, history, { from: T0, to: T0 + 30 * MINUTE + 7000 })
    const answer = historyAnswer({ history, keeper }, question(T0, now, 200), present())
    expect(answer?.stepMs).toBe(10_000)
    expect(answer?.at).toHaveLength(181)
    expect(answer?.at.at(-1)).toBe(T0 + 30 * MINUTE)
    expect(answer?.columns.cpuPercent?.at(-1)).toBe(3)
    expect(answer?.maxima?.cpuPercent?.at(-1)).toBe(6)
  })

  it('over any range in any number of points has strictly increasing times, true values and every gap', () => {
    const history = newHistory(1000)
    const keeper = newKeeper()
    const value = (at: number) => (at % 977 === 0 ? null : Math.floor((at - T0) / 1000) % 100)
    run(keeper, history, { from: T0, to: T0 + 12 * MINUTE, value })
    run(keeper, history, { from: T0 + 25 * MINUTE, to: T0 + 55 * MINUTE, value })
    const asked = fc.record({
      from: fc.nat(60),
      length: fc.integer({ min: 1, max: 60 }),
      points: fc.integer({ min: 2, max: 1000 }),
    })
    fc.assert(
      fc.property(asked, ({ from, length, points }) => {
        const range = { from: T0 + from * MINUTE, to: T0 + (from + length) * MINUTE }
        const answer = historyAnswer({ history, keeper }, question(range.from, range.to, points), present())
        if (answer === null) throw new Error('nothing is known')
        const { at, stepMs, columns } = answer
        expect(at.length).toBeLessThanOrEqual(points + 3)
        for (const [i, time] of at.entries()) {
          expect(time).toBeGreaterThan(at[i - 1] ?? 0)
          const mean = columns.cpuPercent?.[i] ?? null
          // Nothing was sampled in the gap: nothing may be said of it.
          if (time >= T0 + 12 * MINUTE && time + stepMs <= T0 + 25 * MINUTE) expect(mean).toBeNull()
          if (mean === null) continue
          expect(mean).toBeGreaterThanOrEqual(0)
          expect(mean).toBeLessThanOrEqual(99)
        }
      }),
      { numRuns: 60 },
    )
  }, 20_000)

  it('sampled more rarely than every 10 s it has longer rows, not gaps that are none', () => {
    const history = newHistory(30_000)
    const keeper = newKeeper()
    for (let at = T0; at < T0 + 60 * MINUTE; at += 30_000) {
      now = at
      keeper.sample(web, at, cpu(1))
      keeper.flush()
    }
    const answer = historyAnswer({ history, keeper }, question(T0, now, 600), present())
    expect(answer?.stepMs).toBe(60_000)
    expect(answer?.columns.cpuPercent).not.toContain(null)
  })

  it('only the columns asked for are sent', () => {
    const history = newHistory(1000)
    const keeper = newKeeper()
    run(keeper, history, { from: T0, to: T0 + MINUTE })
    const answer = historyAnswer({ history, keeper }, { ...question(T0, now), metrics: ['pids'] }, present())
    expect(answer?.columns).toEqual({})
  })

  it('a service that is created anew under another name keeps it, and one that is gone stays readable', () => {
    const keeper = newKeeper()
    const history = newHistory(1000)
    run(keeper, history, { from: T0, to: T0 + MINUTE })
    const renamed = { ...web, name: 'shop-web-renamed' }
    const asked = { ...question(T0, now), name: renamed.name }
    expect(
      historyAnswer({ history: newHistory(1000), keeper }, asked, { series: renamed, spans: [] })?.at,
    ).toHaveLength(6)
    expect(historyAnswer({ history: newHistory(1000), keeper }, question(T0, now), null)?.at).toHaveLength(6)
    expect(removedSeries(keeper, new Set())).toMatchObject([{ name: web.name, service: 'web', firstAt: T0 }])
    expect(removedSeries(keeper, new Set([web.key]))).toEqual([])
    expect(historyAnswer({ history: newHistory(1000), keeper }, { ...asked, name: 'never-was' }, null)).toBeNull()
  })

  it('outages of an earlier run stay on the strip, and the time the monitor was away is unknown', () => {
    const first = newKeeper()
    spans = [
      { from: T0, to: T0 + 5000, condition: 'up', why: 'started' },
      { from: T0 + 5000, to: null, condition: 'down', why: 'killed' },
    ]
    run(first, newHistory(1000), { from: T0, to: T0 + MINUTE })
    first.close()
    now = T0 + 3 * MINUTE
    spans = [{ from: now, to: null, condition: 'up', why: 'started' }]
    const history = newHistory(1000)
    const answer = historyAnswer({ history, keeper: newKeeper() }, question(T0, now), present())
    expect(answer?.spans.map(({ condition, from }) => `${condition} ${(from - T0) / 1000}`)).toEqual([
      'up 0',
      'down 5',
      'unknown 59',
      'up 180',
    ])
  })

  it('alerts and events are in the answer at once, and after a restart', () => {
    const alert = {
      id: 'A',
      rule: 'high-cpu',
      severity: 'warning',
      container: web.name,
      host: 'h',
      summary: 's',
      value: 1,
      threshold: 1,
      firedAt: T0 + 1,
      resolvedAt: null,
      resolvedSummary: null,
    } as const
    const keeper = newKeeper()
    keeper.event({ at: T0, no: 1, container: web.name, kind: 'died', text: 'killed' })
    keeper.alert(alert)
    keeper.sample(web, T0, cpu(1))
    const ask = (of: HistoryKeeper) =>
      historyAnswer({ history: newHistory(1000), keeper: of }, question(T0 - 1, T0 + 10), present())
    expect(ask(keeper)).toMatchObject({ events: [{ text: 'killed' }], alerts: [{ id: 'A' }] })
    keeper.alert({ ...alert, resolvedAt: T0 + 5 })
    keeper.close()
    expect(ask(newKeeper())).toMatchObject({ events: [{ text: 'killed' }], alerts: [{ id: 'A', resolvedAt: T0 + 5 }] })
  })
})

describe('when the file cannot be written', () => {
  it('history goes on in memory, says so, and once it can be written again nothing of the last 15 minutes is missing', () => {
    const blocked = join(dir, 'state')
    // A file where the folder should be: no folder can be made there.
    writeFileSync(blocked, '')
    const keeper = newKeeper(blocked)
    expect(keeper.trouble).toContain('memory only')
    const history = newHistory(1000)
    run(keeper, history, { from: T0, to: T0 + 5 * MINUTE })
    expect(historyAnswer({ history: newHistory(1000), keeper }, question(T0, now), present())?.at).toHaveLength(30)
    rmSync(blocked)
    keeper.flush()
    expect(keeper.trouble).toBeNull()
    expect(troubles.map((trouble) => trouble === null)).toEqual([false, true])
    keeper.close()
    expect(
      historyAnswer({ history: newHistory(1000), keeper: newKeeper(blocked) }, question(T0, now), null)?.at,
    ).toHaveLength(30)
  })

  it('a file that is spoiled while it is in use is set aside, and what is not written yet goes into a new one', () => {
    const keeper = newKeeper()
    const history = newHistory(1000)
    // More than the cache holds, so that what is asked for is read from the disk.
    for (let i = 0; i < 4000; i++) {
      keeper.event({ at: T0 + i, no: i, container: web.name, kind: 'health', text: 'x'.repeat(2000) })
      if (i % 1000 === 999) keeper.flush()
    }
    const ask = (from: number) =>
      historyAnswer({ history: newHistory(1000), keeper }, question(from, now + MINUTE), present())
    expect(ask(T0)?.events).toHaveLength(500)
    run(keeper, history, { from: T0, to: T0 + MINUTE - 1000 })
    const file = openSync(join(dir, 'history.sqlite'), 'r+')
    writeSync(file, Buffer.alloc(6_000_000, 0xa5), 0, 6_000_000, 4096)
    closeSync(file)
    historyAnswer({ history, keeper }, question(T0, T0 + 2), present())
    keeper.flush()
    expect(keeper.trouble).toContain('a new one begins')
    expect(ask(T0)?.at).toEqual([T0 + 50_000])
    expect(readdirSync(dir).some((name) => name.includes('.corrupt-'))).toBe(true)
  })

  it('a file that somebody deletes is begun anew', () => {
    const keeper = newKeeper()
    run(keeper, newHistory(1000), { from: T0, to: T0 + MINUTE })
    for (const name of readdirSync(dir)) rmSync(join(dir, name))
    run(keeper, newHistory(1000), { from: T0 + MINUTE, to: T0 + 2 * MINUTE })
    keeper.close()
    expect(historyAnswer({ history: newHistory(1000), keeper: newKeeper() }, question(T0, now), null)?.at[0]).toBe(
      T0 + MINUTE,
    )
  })

  const isRoot = process.getuid?.() === 0
  if (!isRoot) console.warn('NOT TESTED, needs root to mount a small tmpfs: a full disk under the history')

  it.runIf(isRoot)('a full disk: in memory while it is full, and all of it on the disk once there is room', () => {
    const small = join(dir, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=640k', 'tmpfs', small])
    try {
      const keeper = newKeeper(small)
      const history = newHistory(1000)
      run(keeper, history, { from: T0, to: T0 + MINUTE })
      expect(keeper.trouble).toBeNull()
      writeFileSync(join(small, 'full'), '')
      try {
        writeFileSync(join(small, 'full'), Buffer.alloc(2 ** 20))
      } catch {
        // Full now.
      }
      run(keeper, history, { from: T0 + MINUTE, to: T0 + 8 * MINUTE })
      expect(keeper.trouble).toContain('memory only')
      const whileFull = historyAnswer({ history: newHistory(1000), keeper }, question(T0, now), present())
      expect(whileFull?.at).toHaveLength(48)
      rmSync(join(small, 'full'))
      run(keeper, history, { from: T0 + 8 * MINUTE, to: T0 + 9 * MINUTE })
      expect(keeper.trouble).toBeNull()
      keeper.close()
      const after = historyAnswer({ history: newHistory(1000), keeper: newKeeper(small) }, question(T0, now), null)
      expect(after?.at).toHaveLength(54)
      expect(after?.columns.cpuPercent).not.toContain(null)
      for (const one of keepers) one.close()
    } finally {
      execFileSync('umount', [small])
    }
  })
})

describe('the pace', () => {
  it('it is written after the last round of each 10 s, and only then', async () => {
    const keeper = newKeeper()
    const unwritten = () => keeper.read(({ buckets }) => buckets.length)
    keeper.sample(web, T0 + 8000, cpu(1))
    keeper.roundEnded(T0 + 8000, 1000)
    await new Promise(setImmediate)
    expect(unwritten()).toBe(1)
    keeper.sample(web, T0 + 9000, cpu(1))
    keeper.roundEnded(T0 + 9000, 1000)
    expect(unwritten()).toBe(1)
    await new Promise(setImmediate)
    expect(unwritten()).toBe(0)
  })

  it('a reader sees the same at every resolution whether or not it is being moved', () => {
    const keeper = newKeeper()
    run(keeper, newHistory(1000), { from: T0, to: T0 + 40 * MINUTE })
    const answers = LEVELS.map(({ stepMs }) =>
      historyAnswer(
        { history: newHistory(1000), keeper },
        question(T0, T0 + 40 * MINUTE, (40 * MINUTE) / stepMs),
        present(),
      ),
    )
    // Seconds counted modulo 50: the means of the first 10, 60 and 900 of them.
    const means = [4.5, (50 * 24.5 + 10 * 4.5) / 60, 24.5]
    for (const [i, answer] of answers.entries())
      expect(answer?.columns.cpuPercent?.[0]).toBeCloseTo(means[i] ?? Number.NaN, 3)
  })
})
