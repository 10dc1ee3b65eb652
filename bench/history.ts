/**
 * What stored history costs: `node bench/history.ts [containers] [days]` (100 and 7). Writes days of made-up but
 * lifelike samples through the same code as the monitor (rollup, file, move, trim), then asks for charts.
 * Prints a table and writes it to bench/results/history.md.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { METRIC_NAMES, type MetricName, NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import { answerOf, gridFor, levelFor } from '../monitor/src/core/history-grid.ts'
import { addSample, LEVELS, newRollup, takeBuckets } from '../monitor/src/core/rollup.ts'
import type { Series } from '../monitor/src/core/series.ts'
import { HISTORY_FILE } from '../monitor/src/io/history/file.ts'
import { HistoryStore } from '../monitor/src/io/history/store.ts'

const containers = Number(process.argv[2] ?? 100)
const days = Number(process.argv[3] ?? 7)
const DAY = 86_400_000
const QUARTER = 900_000
const NOW = Date.UTC(2026, 10, 21)
const KEEP = { retentionMs: [DAY, 14 * DAY, 400 * DAY], maxBytes: 2 ** 30 }
/** The slice of the monitor's keeper. */
const SLICE_MS = 4

let seed = 1
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

/** Walks about like a service does: a level that drifts, noise on it, bursts, counters that only grow. */
class Walker {
  readonly #limit = 2 ** (27 + Math.floor(random() * 4))
  readonly #hasProbe = random() < 0.3
  readonly #busy = random()
  #memory = this.#limit * (0.2 + random() * 0.4)
  #cpu = random() * 30
  readonly #totals: Partial<Record<MetricName, number>> = {}

  next(seconds: number): Numbers {
    this.#cpu = Math.max(0.01, this.#cpu + (random() - 0.5) * 2)
    this.#memory = Math.min(
      this.#limit,
      Math.max(2 ** 22, this.#memory + (random() < 0.3 ? Math.round((random() - 0.5) * 512) * 4096 : 0)),
    )
    const cpuPercent = Math.min(400, this.#cpu + (random() < 0.02 ? random() * 80 : random() * this.#busy))
    const rate = (chance: number, most: number): number => (random() < chance ? Math.round(random() * most) : 0)
    const received = rate(this.#busy, 50_000)
    const written = rate(this.#busy * 0.2, 400_000)
    return {
      ...NO_NUMBERS,
      cpuPercent,
      cpuLimitPercent: cpuPercent / 2,
      cpuHostPercent: cpuPercent / 8,
      throttledPercent: 0,
      memoryUsedBytes: this.#memory,
      memoryLimitBytes: this.#limit,
      memoryPercent: (this.#memory / this.#limit) * 100,
      networkReceivedBytesPerSecond: received,
      networkSentBytesPerSecond: received * 2,
      networkReceivedBytes: this.#total('networkReceivedBytes', received * seconds),
      networkSentBytes: this.#total('networkSentBytes', received * 2 * seconds),
      blockReadBytesPerSecond: 0,
      blockWrittenBytesPerSecond: written,
      blockReadBytes: this.#total('blockReadBytes', 0),
      blockWrittenBytes: this.#total('blockWrittenBytes', written * seconds),
      pids: 12 + Math.floor(random() * 2),
      responseMs: this.#hasProbe ? 3 + random() * 4 : null,
    }
  }

  #total(name: MetricName, add: number): number {
    const total = (this.#totals[name] ?? 0) + add
    this.#totals[name] = total
    return total
  }
}

const walkers = Array.from({ length: containers }, () => new Walker())
const series: readonly Series[] = walkers.map((_, i) => {
  const name = `service-${i}`
  return { key: `name/bench/${name}`, name, host: 'bench', image: 'bench:1', project: null, service: null }
})
const byKey = new Map(series.map((one) => [one.key, one]))
const none = { strips: [], events: [], alerts: [] } as const

/** How long each piece of work took by the clock, and the CPU time of all of them, which other work does not touch. */
interface Times {
  readonly name: string
  readonly ms: number[]
  cpuMs: number
}
const timed = <T>(times: Times, work: () => T): T => {
  const before = process.threadCpuUsage()
  const began = performance.now()
  const result = work()
  times.ms.push(performance.now() - began)
  const { user, system } = process.threadCpuUsage(before)
  times.cpuMs += (user + system) / 1000
  return result
}
const quantile = ({ ms }: Times, q: number): number =>
  ms.toSorted((a, b) => a - b)[Math.min(ms.length - 1, Math.floor(ms.length * q))] ?? Number.NaN
const total = ({ cpuMs }: Times): number => cpuMs

const dir = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
const store = new HistoryStore(dir, NOW)
const rollup = newRollup(METRIC_NAMES)
const adding: Times = { name: 'add', ms: [], cpuMs: 0 }
const writing: Times = { name: 'write', ms: [], cpuMs: 0 }
const moving: Times = { name: 'move', ms: [], cpuMs: 0 }
const trimming: Times = { name: 'trim', ms: [], cpuMs: 0 }

function settle(now: number): void {
  for (let more = true; more; ) {
    const began = performance.now()
    more = timed(moving, () => store.move(now, () => performance.now() - began > SLICE_MS))
  }
  timed(trimming, () => store.trim(KEEP, now))
}

function play(from: number, to: number, everyMs: number): void {
  for (let at = from; at < to; at += everyMs) {
    const numbers = walkers.map((walker) => walker.next(everyMs / 1000))
    timed(adding, () => {
      for (const [i, one] of series.entries())
        addSample(rollup, { key: one.key, at, numbers: numbers[i] ?? NO_NUMBERS })
    })
    if ((at + everyMs) % 10_000 !== 0) continue
    const buckets = takeBuckets(rollup)
    timed(writing, () => store.write({ now: at, buckets, series: byKey, ...none }))
    if ((at + everyMs) % QUARTER === 0) settle(at + 60_000)
  }
}

// The past, two samples to a bucket; then two hours at one a second, which is what is timed.
const LIVE_MS = 8 * QUARTER
const start = NOW - days * DAY
play(start, NOW - LIVE_MS, 5000)
for (const times of [adding, writing, moving, trimming]) {
  times.ms.length = 0
  times.cpuMs = 0
}
const walBefore = statSync(join(dir, `${HISTORY_FILE}-wal`)).size
play(NOW - LIVE_MS, NOW, 1000)
settle(NOW + 60_000)
const samples = (containers * LIVE_MS) / 1000

const rows: string[][] = [['what', 'measured']]
const say = (what: string, measured: string): void => void rows.push([what, measured])
const us = (ms: number): string => `${((ms * 1000) / samples).toFixed(2)} µs`

say('containers, days, metrics', `${containers}, ${days}, ${METRIC_NAMES.length}`)
say('taking a sample in, per container-sample', us(total(adding)))
say('writing every 10 s, per container-sample at 1 s', us(total(writing)))
say('moving and trimming, per container-sample at 1 s', us(total(moving) + total(trimming)))
say(
  '**all of it, per container-sample at 1 s**',
  `**${us(total(adding) + total(writing) + total(moving) + total(trimming))}**`,
)
say(
  'one write (all containers): median, p99, longest',
  `${quantile(writing, 0.5).toFixed(2)}, ${quantile(writing, 0.99).toFixed(2)}, ${quantile(writing, 1).toFixed(2)} ms`,
)
say(
  'one slice of moving: CPU mean; by the clock median, longest',
  `${(total(moving) / moving.ms.length).toFixed(1)} ms; ${quantile(moving, 0.5).toFixed(2)}, ${quantile(moving, 1).toFixed(2)} ms`,
)
say('one step of trimming: longest', `${quantile(trimming, 1).toFixed(2)} ms`)
say(
  'write-ahead log, largest',
  `${(Math.max(walBefore, statSync(join(dir, `${HISTORY_FILE}-wal`)).size) / 2 ** 20).toFixed(1)} MiB`,
)

const db = new DatabaseSync(join(dir, HISTORY_FILE), { readOnly: true })
let kept = 0
for (const [level, { name }] of LEVELS.entries()) {
  const found = db
    .prepare('SELECT sum(length(data)) AS bytes, count(DISTINCT at) AS chunks FROM chunk WHERE level = ?')
    .get(level)
  const covered = Number(found?.chunks) * (LEVELS[level]?.chunkMs ?? 1)
  const perDay = (Number(found?.bytes) / containers / covered) * DAY
  kept += (perDay * (KEEP.retentionMs[level] ?? 0)) / DAY
  say(`bytes per container-day at ${name}`, `${(perDay / 1024).toFixed(1)} KiB`)
}
db.close()
say('file now', `${(statSync(join(dir, HISTORY_FILE)).size / 2 ** 20).toFixed(1)} MiB`)
say('file after 400 days with the default retention, estimate', `${((kept * containers) / 2 ** 20).toFixed(0)} MiB`)

function ask(
  what: string,
  range: { from: number; to: number; points: number },
): { readonly medianMs: number; readonly cpuMs: number } {
  const times: Times = { name: what, ms: [], cpuMs: 0 }
  let level = 0
  let rowCount = 0
  for (let i = 0; i < Math.min(containers, 50); i++) {
    timed(times, () => {
      const found = store.reader.find({ name: `service-${i}` })
      if (found === null) throw new Error('not stored')
      level = levelFor(range, store.reader.oldest())
      const grid = gridFor(range, level, METRIC_NAMES)
      store.reader.readInto(grid, found.id)
      rowCount = JSON.parse(JSON.stringify(answerOf(grid))).at.length
    })
  }
  say(
    `${what}, from ${LEVELS[level]?.name}, ${rowCount} rows: CPU; by the clock median, longest`,
    `${(total(times) / times.ms.length).toFixed(1)} ms; ${quantile(times, 0.5).toFixed(1)}, ${quantile(times, 1).toFixed(1)} ms`,
  )
  return { medianMs: quantile(times, 0.5), cpuMs: total(times) / times.ms.length }
}

ask('chart of the last hour', { from: NOW - 3_600_000, to: NOW, points: 600 })
ask('chart of the last day', { from: NOW - DAY, to: NOW, points: 1500 })
const week = ask('**chart of the last 7 days**', { from: NOW - 7 * DAY, to: NOW, points: 600 })
ask('chart of the last 7 days, many points', { from: NOW - 7 * DAY, to: NOW, points: 5000 })
store.close()
rmSync(dir, { recursive: true, force: true })

const [head = [], ...body] = rows
const table = [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${tmpdir()}`
const text = `# Stored history: what it costs

\`node bench/history.ts ${containers} ${days}\` on ${machine}. Costs per
container-sample are CPU time of the thread. Medians and longest are by the clock, at a load average of ${loadavg()[0]?.toFixed(1)} on
${cpus().length} cores from other work. Queries include finding the series and writing the answer as JSON.

${table}

Aim: a 7-day chart of one container under 50 ms with 100 containers stored: ${week.medianMs < 50 && week.cpuMs < 50 ? 'met' : 'MISSED'}.
`
writeFileSync(join(import.meta.dirname, 'results', 'history.md'), text)
console.log(text)
