/**
 * What the monitor does with a sample once it is taken, part by part: `node bench/round.ts [containers] [seconds]
 * [paced]` (100, 600, 60). Plays that many seconds of made-up samples, a round for each second, through the monitor's own bridge,
 * judge, history and writers, with files in a temporary folder and no engine. Time is the samples', so it runs as fast
 * as it can; then, for `paced` seconds, once a second as the monitor does, with cold caches. CPU time is the process's, with the garbage it leaves. Prints a table and writes it to
 * bench/results/round.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause, setImmediate as soon } from 'node:timers/promises'
import { NO_NUMBERS, type Numbers } from '@plimsoll/contracts/metrics'
import { Bridge, type BridgeParts, type Sample } from '../monitor/src/bridge.ts'
import { newBook, toSaved } from '../monitor/src/core/alert-book.ts'
import { viewOf } from '../monitor/src/core/berth.ts'
import { csvRow } from '../monitor/src/core/csv-row.ts'
import { livesByName, newFleet, seeInspect, seeList } from '../monitor/src/core/fleet.ts'
import { answer } from '../monitor/src/core/fleet-story.ts'
import { newHistory } from '../monitor/src/core/history.ts'
import { RULES } from '../monitor/src/core/rules.ts'
import { statusLines } from '../monitor/src/core/status-line.ts'
import { csvText } from '../monitor/src/io/csv.ts'
import { Past } from '../monitor/src/past.ts'

const containers = Number(process.argv[2] ?? 100)
const seconds = Number(process.argv[3] ?? 600)
const pacedSeconds = Number(process.argv[4] ?? 60)
const WARM_UP = 60
const PACED_WARM_UP = 15
const START = Date.UTC(2026, 10, 21)
const nothing = () => undefined
const NO_PAST = { sample: nothing, roundEnded: nothing, event: nothing, alert: nothing }
const log = { info: nothing, warn: console.warn } as unknown as BridgeParts['log']

let now = START
let seed = 1
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

/** A service that answers now and then; `cpuPercent` is about what it uses. */
function numbersNow(second: number, cpuPercent: number): Numbers {
  const cpu = cpuPercent * (0.9 + random() * 0.2)
  const used = 2 ** 27 + Math.floor(random() * 2 ** 20)
  const received = Math.floor(random() * 50_000)
  return {
    ...NO_NUMBERS,
    cpuPercent: cpu,
    cpuLimitPercent: cpu / 2,
    cpuHostPercent: cpu / 8,
    throttledPercent: 0,
    memoryUsedBytes: used,
    memoryLimitBytes: 2 ** 29,
    memoryPercent: (used / 2 ** 29) * 100,
    networkReceivedBytes: second * 50_000,
    networkSentBytes: second * 50_000,
    networkReceivedBytesPerSecond: received,
    networkSentBytesPerSecond: received * 2,
    blockReadBytes: 2 ** 24,
    blockWrittenBytes: second * 4096,
    blockReadBytesPerSecond: 0,
    blockWrittenBytesPerSecond: 4096,
    pids: 12,
  }
}

interface Played {
  readonly bridge: Bridge
  readonly samples: (second: number) => readonly Sample[]
  readonly rows: () => { view: ReturnType<typeof viewOf>; numbers: Numbers }[]
}

/** A monitor that knows the containers; a share of them is above its CPU threshold all the time. */
function monitor(outlets: { readonly dir: string | null; readonly busyShare: number }): Played & { end: () => void } {
  const defaults = { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 }
  const fleet = newFleet({ host: 'h', defaults, targets: new Map() })
  const history = newHistory(1000)
  const set = {
    STATE_DIR: outlets.dir ?? '',
    HISTORY_RETENTION: [1, 14, 400].map((d) => d * 86_400_000),
    HISTORY_MAX_SIZE: 2 ** 30,
  }
  const past = outlets.dir === null ? null : new Past({ fleet, history, set, log, now: () => now })
  const bridge = new Bridge({
    ...{ fleet, history, log, past: past ?? NO_PAST, hostName: null, where: '', now: () => now },
    ...{ rules: { current: () => RULES }, writeAlert: { append: nothing }, memory: { changed: nothing } },
    book: newBook({ host: 'h', seed: '0123456789ab', now }),
  })
  const inspected = Array.from({ length: containers }, (_, i) =>
    answer({
      id: `${i}`.padStart(64, 'a'),
      name: `service-${i}`,
      startedAt: START - 60_000,
      createdAt: START - 60_000,
    }),
  )
  bridge.carryOut(seeList(fleet, inspected, { after: 0, all: true }, now))
  for (const one of inspected) bridge.carryOut(seeInspect(fleet, one, fleet.heard, now))
  const lives = livesByName(fleet)
  const busy = Math.round(lives.length * outlets.busyShare)
  return {
    bridge,
    samples: (second) => lives.map((life, i) => ({ life, numbers: numbersNow(second, i < busy ? 80 : 12) })),
    rows: () => lives.map((life) => ({ view: viewOf(life, 'h'), numbers: bridge.numbersOf(life) })),
    end: () => past?.close(),
  }
}

interface Case {
  readonly what: string
  readonly stored?: true
  readonly busyShare?: number
  readonly each: (played: Played, samples: readonly Sample[], second: number) => unknown
}

const round: Case['each'] = ({ bridge }, samples) => bridge.round(now, samples, 1000)
const clock: Case['each'] = ({ bridge }) => {
  for (let quarter = 0; quarter < 4; quarter++) {
    for (const name of ['csv', 'status', 'alerts', 'alert memory', 'history', 'sampling'])
      bridge.observe({ kind: 'sink', at: now, name, error: null })
    bridge.observe({ kind: 'time', at: now })
  }
}
const rows: Case['each'] = ({ rows }, _, second) => {
  if (second % 10 !== 0) return
  const known = rows()
  return csvText(known.map(({ view, numbers }) => csvRow(view, numbers, now))).length + statusLines(known, now).length
}
const saved: Case['each'] = ({ bridge }, _, second) =>
  second % 15 === 0 && JSON.stringify(toSaved(bridge.book, now)).length
const tick: Case['each'] = ({ bridge }) => JSON.stringify(bridge.tick()).length

const CASES: readonly Case[] = [
  { what: 'the samples themselves, made up', each: nothing },
  { what: 'a round: newest numbers, 15 minutes in memory, judge', each: round },
  { what: 'the same, one in ten above its threshold', busyShare: 0.1, each: round },
  { what: 'a round, and history written every 10 s', stored: true, each: round },
  { what: 'the judge’s clock and the sinks, four times a second', each: clock },
  { what: 'CSV rows and status lines every 10 s', each: rows },
  { what: 'the book saved every 15 s, as JSON', each: saved },
  { what: 'a tick for the pages, as JSON', each: tick },
  {
    what: 'all of them',
    stored: true,
    each: (...of) => {
      for (const one of [round, clock, rows, saved, tick]) one(...of)
    },
  },
]

/** CPU of the process, in µs for each container and second. */
async function measure({ stored, busyShare = 0, each }: Case): Promise<number> {
  const dir = stored === undefined ? null : mkdtempSync(join(tmpdir(), 'plimsoll-round-'))
  now = START
  const played = monitor({ dir, busyShare })
  let before = process.cpuUsage()
  for (let second = 0; second < WARM_UP + seconds; second++) {
    if (second === WARM_UP) before = process.cpuUsage()
    now = START + second * 1000
    each(played, played.samples(second), second)
    if (second % 10 === 9) await soon()
  }
  const { user, system } = process.cpuUsage(before)
  played.end()
  if (dir !== null) rmSync(dir, { recursive: true })
  return (user + system) / (containers * seconds)
}

/** The parts, each once a second as in the monitor: µs for each container and second, by part; the rest is the process's. */
async function measurePaced(): Promise<ReadonlyMap<string, number>> {
  const dir = mkdtempSync(join(tmpdir(), 'plimsoll-round-'))
  const played = monitor({ dir, busyShare: 0 })
  const parts = CASES.filter(({ stored, busyShare }) => stored === undefined && busyShare === undefined)
  const spent = new Map(parts.map(({ what }) => [what, 0]))
  let whole = process.cpuUsage()
  for (let second = 0; second < PACED_WARM_UP + pacedSeconds; second++) {
    await pause(1000)
    if (second === PACED_WARM_UP) whole = process.cpuUsage()
    now += 1000
    const samples = played.samples(second)
    for (const { what, each } of parts) {
      const before = process.threadCpuUsage()
      each(played, samples, second)
      const { user, system } = process.threadCpuUsage(before)
      if (second >= PACED_WARM_UP) spent.set(what, (spent.get(what) ?? 0) + user + system)
    }
  }
  const { user, system } = process.cpuUsage(whole)
  played.end()
  rmSync(dir, { recursive: true })
  const known = [...spent.values()].reduce((sum, us) => sum + us, 0)
  spent.set('the rest: history written, samples made up, compiler and collector', user + system - known)
  return new Map([...spent].map(([what, us]) => [what, us / (containers * pacedSeconds)]))
}

// First, before the other runs have made the code fast.
const paced = await measurePaced()
const made = await measure({ what: '', each: nothing })
const found = new Map<string, number>()
for (const one of CASES) found.set(one.what, Math.max(0, (await measure(one)) - (one.each === nothing ? 0 : made)))
const shown = (us: number | undefined) => us?.toFixed(1) ?? ''
const lines = [...new Set([...found.keys(), ...paced.keys()])].map(
  (what) => `| ${what} | ${shown(found.get(what))} | ${shown(paced.get(what))} |`,
)
const text = `# What becomes of a sample

\`node bench/round.ts ${containers} ${seconds} ${pacedSeconds}\`: ${containers} containers, no engine; ${seconds} rounds played without a pause, and
${pacedSeconds} rounds once a second, as the monitor does: the processor's caches are cold then, and the code is not yet compiled to
its best. Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load average ${loadavg()
  .map((one) => one.toFixed(1))
  .join(' ')}. µs of CPU per container and second.

| what | without a pause | once a second |
| --- | --- | --- |
${lines.join('\n')}
`
process.stdout.write(text)
writeFileSync(new URL('./results/round.md', import.meta.url), text)
