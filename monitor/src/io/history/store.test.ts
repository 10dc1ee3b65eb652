import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import { METRIC_NAMES, NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerOf, gridFor } from '../../core/history-grid.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../core/history-sql.ts'
import { addSample, LEVELS, newRollup, takeBuckets } from '../../core/rollup.ts'
import type { Series } from '../../core/series.ts'
import { HISTORY_FILE } from './file.ts'
import { HistoryStore } from './store.ts'
import type { Batch } from './writer.ts'

const T0 = Date.UTC(2026, 10, 21)
const DAY = 24 * 3_600_000

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-history-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const series = (name: string): Series => ({
  key: `name/web1/${name}`,
  name,
  host: 'web1',
  image: 'i',
  project: null,
  service: null,
})
const numbers = (cpuPercent: number | null): Numbers => ({ ...NO_NUMBERS, cpuPercent })
const batch = (some: Partial<Batch>): Batch => ({
  now: T0,
  buckets: [],
  series: new Map(),
  strips: [],
  events: [],
  alerts: [],
  ...some,
})

interface Sample {
  readonly name: string
  readonly at: number
  readonly cpu: number
}

function bucketsOf(samples: readonly Sample[]): Pick<Batch, 'buckets' | 'series'> {
  const rollup = newRollup(METRIC_NAMES)
  const known = new Map<string, Series>()
  for (const { name, at, cpu } of samples) {
    const of = series(name)
    known.set(of.key, of)
    addSample(rollup, { key: of.key, at, numbers: numbers(cpu) })
  }
  return { buckets: takeBuckets(rollup), series: known }
}

/** What a level of the file says of a container: `[begin, mean, max]` of each bucket. */
function stored(store: HistoryStore, name: string, level: number, range = { from: T0 - DAY, to: T0 + DAY }) {
  const found = store.reader.find({ key: series(name).key })
  if (found === null) return []
  const grid = gridFor({ ...range, points: 100_000 }, level, ['cpuPercent'])
  store.reader.readInto(grid, found.id)
  const { at, columns, maxima } = answerOf(grid)
  const row = (time: number, i: number) =>
    [time, columns.cpuPercent?.[i] ?? null, maxima?.cpuPercent?.[i] ?? null] as const
  return at.map(row).filter(([, mean]) => mean !== null)
}

function moveAll(store: HistoryStore, now: number): void {
  while (store.move(now, () => true));
}

describe('the stored history', () => {
  it('of any samples, written, moved and restarted at any moment, is what a count by hand says at every resolution', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ name: fc.constantFrom('a', 'b'), at: fc.nat(3 * 3600), cpu: fc.nat(100) }) },
      { weight: 2, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('move' as const) },
      { weight: 1, arbitrary: fc.constant('half a move' as const) },
      { weight: 1, arbitrary: fc.constant('restart' as const) },
    )
    const play = (steps: readonly (Sample | 'write' | 'move' | 'half a move' | 'restart')[]) => {
      rmSync(join(dir, HISTORY_FILE), { force: true })
      let store = new HistoryStore(dir, T0)
      let waiting: Sample[] = []
      const all: Sample[] = []
      const write = () => {
        store.write(batch(bucketsOf(waiting)))
        all.push(...waiting)
        waiting = []
      }
      for (const one of steps) {
        if (typeof one === 'object') waiting.push({ ...one, at: T0 + one.at * 1000 })
        else if (one === 'write') write()
        else if (one === 'move') moveAll(store, T0 + 2 * 3_600_000)
        else if (one === 'half a move') store.move(T0 + 3_600_000, () => true)
        else {
          store.close()
          store = new HistoryStore(dir, T0)
        }
      }
      write()
      for (const name of ['a', 'b']) {
        for (const [level, { stepMs }] of LEVELS.entries()) {
          const byBucket = new Map<number, number[]>()
          for (const one of all.filter((sample) => sample.name === name)) {
            const begin = Math.floor(one.at / stepMs) * stepMs
            byBucket.set(begin, [...(byBucket.get(begin) ?? []), one.cpu])
          }
          const found = stored(store, name, level)
          expect(found.map(([at]) => at)).toEqual([...byBucket.keys()].sort((x, y) => x - y))
          for (const [at, mean, max] of found) {
            const values = byBucket.get(at) ?? []
            expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3)
            expect(max).toBe(Math.max(...values))
          }
        }
      }
      store.close()
    }
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), play), { numRuns: 25 })
  }, 20_000)

  it('survives kill -9 of its writer: at most the last 10 s are missing, and the file is well', async () => {
    const script = join(import.meta.dirname, 'fixtures', 'endless-writer.ts')
    const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk
      // Each line is the time of the newest sample that was taken in; it is killed in the midst of it.
      if (told.split('\n').length > 200) child.kill('SIGKILL')
    })
    try {
      await once(child, 'close')
    } finally {
      child.kill('SIGKILL')
    }
    const lastTaken = Number(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1))
    const store = new HistoryStore(dir, lastTaken)
    expect(store.warning).toBeNull()
    const last = stored(store, 'a', 0, { from: T0, to: lastTaken }).at(-1)?.[0] ?? 0
    // The last sample of a bucket is taken 9 s after its begin.
    expect(lastTaken - (last + 9000)).toBeLessThanOrEqual(10_000)
    store.close()
  }, 60_000)

  it('a corrupt file is set aside with a warning, and a fresh one begins', () => {
    writeFileSync(join(dir, HISTORY_FILE), 'this is no database, but it is longer than the header of one '.repeat(100))
    const store = new HistoryStore(dir, T0)
    expect(store.warning).toContain(`${HISTORY_FILE}.corrupt-20261121T000000Z`)
    store.write(batch(bucketsOf([{ name: 'a', at: T0, cpu: 1 }])))
    expect(stored(store, 'a', 0)).toHaveLength(1)
    store.close()
    expect(readdirSync(dir)).toContain(`${HISTORY_FILE}.corrupt-20261121T000000Z`)
    expect(new HistoryStore(dir, T0).warning).toBeNull()
  })

  it('a file with a hole in its middle is found at the start', () => {
    const store = new HistoryStore(dir, T0)
    for (let i = 0; i < 200; i++) store.write(batch(bucketsOf([{ name: `c${i}`, at: T0 + i * 10_000, cpu: 1 }])))
    store.close()
    const bytes = readFileSync(join(dir, HISTORY_FILE))
    writeFileSync(join(dir, HISTORY_FILE), bytes.fill(0xa5, 8192, 20_000))
    const again = new HistoryStore(dir, T0)
    expect(again.warning).toContain('could not be used')
    again.close()
  })

  it.each([
    ['of a newer version', `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 999`, 'version 999'],
    ['of another program', 'CREATE TABLE mine (a); PRAGMA user_version = 1', 'another program'],
  ])('a file %s is not touched but set aside', (_, sql, why) => {
    const other = new DatabaseSync(join(dir, HISTORY_FILE))
    other.exec(sql)
    other.close()
    const store = new HistoryStore(dir, T0)
    expect(store.warning).toContain(why)
    store.close()
    const kept = new DatabaseSync(join(dir, readdirSync(dir).find((name) => name.includes('.corrupt-')) ?? ''))
    expect(kept.prepare('PRAGMA user_version').get()?.user_version).toBe(why === 'version 999' ? 999 : 1)
    kept.close()
  })

  it('of spoiled files only the newest two are kept: a failing disk must not fill itself with them', () => {
    for (const hour of [1, 2, 3, 4]) {
      writeFileSync(join(dir, HISTORY_FILE), 'nonsense '.repeat(1000))
      new HistoryStore(dir, T0 + hour * 3_600_000).close()
    }
    expect(
      readdirSync(dir)
        .filter((name) => name.includes('.corrupt-'))
        .sort(),
    ).toEqual([`${HISTORY_FILE}.corrupt-20261121T030000Z`, `${HISTORY_FILE}.corrupt-20261121T040000Z`])
  })

  it('a file of version 1 is brought to this version with all that is in it', () => {
    const old = new DatabaseSync(join(dir, HISTORY_FILE))
    old.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1;
      INSERT INTO series VALUES (7, '${series('a').key}', 'a', 'web1', 'i', NULL, NULL, ${T0}, ${T0});
      INSERT INTO metric VALUES (1, 'cpuPercent');
      INSERT INTO hot VALUES (1, ${T0}, x'01000001010000000100030007000000010000000000004000000040');
      INSERT INTO span VALUES (7, ${T0}, NULL, 'up', 'started')`)
    old.close()
    const store = new HistoryStore(dir, T0)
    expect(store.warning).toBeNull()
    expect(stored(store, 'a', 0)).toEqual([[T0, 2, 2]])
    const event: FleetEvent = { at: T0, no: 1, container: 'a', kind: 'died', text: 'killed' }
    store.write(batch({ events: [event] }))
    expect(store.reader.events({ container: 'a', from: T0, to: T0, limit: 10 })).toEqual([event])
    store.close()
  })

  it('a batch that cannot be written leaves nothing behind, and can be written again', () => {
    const store = new HistoryStore(dir, T0)
    const good = bucketsOf([{ name: 'a', at: T0, cpu: 5 }])
    const bad: Span = { from: T0, to: null, condition: null as unknown as 'up', why: 'x' }
    expect(() => store.write(batch({ ...good, strips: [{ series: series('a'), spans: [bad] }] }))).toThrow()
    expect(stored(store, 'a', 0)).toEqual([])
    store.write(batch(good))
    expect(stored(store, 'a', 0)).toEqual([[T0, 5, 5]])
    store.close()
  })
})

describe('what is kept', () => {
  const keep = { retentionMs: LEVELS.map(() => 400 * DAY), maxBytes: 2 ** 40 }
  const trimAll = (store: HistoryStore, options: Parameters<HistoryStore['trim']>[0], now: number) => {
    for (let i = 0; i < 300; i++) store.trim(options, now)
  }

  it('each resolution as long as it is set, and the coarse ones still tell of what the fine have forgotten', () => {
    const store = new HistoryStore(dir, T0)
    store.write(
      batch(
        bucketsOf([
          { name: 'a', at: T0, cpu: 5 },
          { name: 'a', at: T0 + 20 * DAY, cpu: 6 },
        ]),
      ),
    )
    moveAll(store, T0 + 21 * DAY)
    const now = T0 + 20 * DAY
    trimAll(store, { ...keep, retentionMs: [DAY, 14 * DAY, 400 * DAY] }, now)
    const range = { from: T0 - DAY, to: now + DAY }
    expect(LEVELS.map((_, level) => stored(store, 'a', level, range).length)).toEqual([1, 1, 2])
    store.close()
  })

  it('above its size the finest goes first, the oldest of it first, and the disk gets its space back', () => {
    let store = new HistoryStore(dir, T0)
    // Noise, which no compressor makes small.
    for (let hour = 0; hour < 6; hour++) {
      const samples = Array.from({ length: 60 }, (_, c) =>
        Array.from({ length: 36 }, (_, i) => ({
          name: `c${c}`,
          at: T0 + hour * 3_600_000 + i * 100_000,
          cpu: ((i + 1) * (c + 7) * 7919 * (hour + 1)) % 997,
        })),
      ).flat()
      store.write(batch(bucketsOf(samples)))
      moveAll(store, T0 + (hour + 2) * 3_600_000)
    }
    store.close()
    const before = statSync(join(dir, HISTORY_FILE)).size
    store = new HistoryStore(dir, T0)
    const maxBytes = Math.floor(before * 0.8)
    trimAll(store, { ...keep, maxBytes }, T0 + DAY)
    expect(store.usedBytes).toBeLessThanOrEqual(maxBytes)
    const counts = LEVELS.map((_, level) => stored(store, 'c5', level).length)
    expect(counts[0]).toBeLessThan(6 * 36)
    expect(counts[2]).toBe(24)
    expect(stored(store, 'c5', 0).at(-1)?.[0]).toBeGreaterThan(T0 + 5 * 3_600_000)
    store.close()
    expect(statSync(join(dir, HISTORY_FILE)).size).toBeLessThanOrEqual(maxBytes)
  }, 20_000)

  it('a name of which nothing is left is forgotten', () => {
    const store = new HistoryStore(dir, T0)
    const late = T0 + 20 * DAY
    const span: Span = { from: T0, to: T0 + 5, condition: 'up', why: 'started' }
    store.write(
      batch({ ...bucketsOf([{ name: 'old', at: T0, cpu: 1 }]), strips: [{ series: series('old'), spans: [span] }] }),
    )
    store.write(batch({ now: late, ...bucketsOf([{ name: 'new', at: late, cpu: 1 }]) }))
    moveAll(store, late + DAY)
    trimAll(store, { ...keep, retentionMs: [DAY, DAY, 10 * DAY] }, late + DAY)
    expect(store.reader.all(10).map(({ name }) => name)).toEqual(['new'])
    store.close()
  })

  it('a clock that is wrong by years for a moment costs a bite, not the history', () => {
    const store = new HistoryStore(dir, T0)
    const samples = Array.from({ length: 450 }, (_, i) => ({ name: `c${i}`, at: T0, cpu: 1 }))
    store.write(batch(bucketsOf(samples)))
    moveAll(store, T0 + DAY)
    expect(store.trim({ ...keep, retentionMs: [DAY, DAY, DAY] }, T0 + 9000 * DAY)).toBe(false)
    const left = samples.filter(({ name }) => stored(store, name, 2).length > 0)
    expect(left.length).toBeGreaterThan(150)
    store.close()
  }, 20_000)
})

describe('spans, events and alerts', () => {
  const up = (from: number, to: number | null = null): Span => ({ from, to, condition: 'up', why: 'started' })
  const down = (from: number, to: number | null = null): Span => ({ from, to, condition: 'down', why: 'killed' })
  const strips = (spans: readonly Span[]) => ({ strips: [{ series: series('a'), spans }] })
  const spansIn = (store: HistoryStore) => store.reader.spans(store.reader.find({ name: 'a' })?.id ?? 0, 0, T0 + DAY)

  it('a strip is written as it changes, also when a stretch is taken back', () => {
    const store = new HistoryStore(dir, T0)
    store.write(batch(strips([up(T0)])))
    store.write(batch(strips([up(T0, T0 + 5), down(T0 + 5)])))
    expect(spansIn(store)).toEqual([up(T0, T0 + 5), down(T0 + 5)])
    store.write(batch(strips([up(T0)])))
    expect(spansIn(store)).toEqual([up(T0)])
    store.close()
  })

  it('over a restart the last stretch ends with the last sign of life, and what was seen then stays', () => {
    let store = new HistoryStore(dir, T0)
    store.write(batch({ now: T0 + 60_000, ...strips([up(T0, T0 + 5000), down(T0 + 5000, T0 + 9000), up(T0 + 9000)]) }))
    store.close()
    store = new HistoryStore(dir, T0 + 100_000)
    store.write(batch({ now: T0 + 100_000, ...strips([up(T0 + 9000)]) }))
    expect(spansIn(store)).toEqual([
      up(T0, T0 + 5000),
      down(T0 + 5000, T0 + 9000),
      up(T0 + 9000, T0 + 60_000),
      up(T0 + 60_000),
    ])
    expect(store.knownTo(store.reader.find({ name: 'a' })?.id ?? 0)).toBe(T0 + 60_000)
    store.close()
  })

  it('an alert is kept as it was last told, and found when it was firing in the range', () => {
    const alert = {
      id: 'A',
      rule: 'high-cpu',
      severity: 'warning',
      container: 'a',
      host: 'web1',
      summary: 's',
      value: 1,
      threshold: 1,
      firedAt: T0,
      resolvedAt: null,
      resolvedSummary: null,
    } as const
    const store = new HistoryStore(dir, T0)
    store.write(batch({ alerts: [alert] }))
    store.write(batch({ alerts: [{ ...alert, resolvedAt: T0 + 1000 }] }))
    const page = { container: 'a', from: T0 + 500, to: T0 + 600, limit: 10 }
    expect(store.reader.alerts(page)).toEqual([{ ...alert, resolvedAt: T0 + 1000 }])
    expect(store.reader.alerts({ ...page, from: T0 + 2000, to: T0 + 3000 })).toEqual([])
    store.close()
  })
})
