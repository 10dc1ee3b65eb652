/**
 * What is left of containers that came and went: `node --expose-gc --max-semi-space-size=2
 * bench/churn.ts [lives,lives…]` (1000,1000,20000,1000). An engine told as
 * data creates, starts, ends (a third by a crash) and removes that many containers, fifty at a time, each under a name
 * of its own, beside a hundred that stay. The registry, the bridge, the judge, the histories in memory and on disk and
 * the reader of cgroup files are the monitor's own; the files are a recorded container's. Prints a table and writes it
 * to bench/results/churn.md.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause, setImmediate as soon } from 'node:timers/promises'
import { Bridge, type BridgeParts, type Sample } from '../monitor/src/bridge.ts'
import { alertsOf, newBook } from '../monitor/src/core/alert-book.ts'
import { isAlive } from '../monitor/src/core/berth.ts'
import type { Action, Inspected } from '../monitor/src/core/engine-words.ts'
import { newFleet, passTime, seeEvent, seeInspect } from '../monitor/src/core/fleet.ts'
import { answer } from '../monitor/src/core/fleet-story.ts'
import { newHistory } from '../monitor/src/core/history.ts'
import { RULES } from '../monitor/src/core/rules.ts'
import { allKnown } from '../monitor/src/core/shelf.ts'
import type { Told } from '../monitor/src/core/told.ts'
import { numbersOf } from '../monitor/src/core/usage.ts'
import { openCgroups } from '../monitor/src/io/cgroup.ts'
import { kernelFiles } from '../monitor/src/io/kernel-files.ts'
import { Past } from '../monitor/src/past.ts'
import { openSources } from '../monitor/src/sources.ts'

const batches = (process.argv[2] ?? '1000,1000,20000,1000').split(',').map(Number)
const STAY = 100
const AT_ONE_TIME = 50
const LIVES_ROUNDS = 3
const TIDIED_MS = 5000
/** Names, rows and quiet alerts are kept for a quarter of an hour. */
const QUIET_MS = 20 * 60_000

const root = mkdtempSync(join(tmpdir(), 'plimsoll-churn-'))
const recorded = new URL('../monitor/src/core/fixtures/cgroup-v2/', import.meta.url).pathname
const put = (path: string, text: string | Buffer) => writeFileSync(join(root, path), text)

function makeHost(): void {
  for (const folder of ['proc/1', 'proc/2', 'cgroup/system.slice', 'state', 'net'])
    mkdirSync(join(root, folder), { recursive: true })
  put('cgroup/cgroup.controllers', 'cpu memory io pids\n')
  put('proc/meminfo', readFileSync(`${recorded}meminfo`))
  put('proc/stat', readFileSync(`${recorded}web/cgroup-1/proc.stat`))
  put('proc/1/cgroup', '0::/\n')
  put('proc/2/comm', 'kthreadd\n')
  put('net/dev', readFileSync(`${recorded}web/cgroup-1/net.dev`))
}

let now = Date.UTC(2026, 10, 21)
const startedAt = now
const steadyMs = () => now - startedAt
const log = { info: () => undefined, warn: console.warn } as unknown as BridgeParts['log']
makeHost()
const defaults = { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 }
const fleet = newFleet({ host: 'h', defaults, targets: new Map() })
const history = newHistory(1000)
const retention = [1, 14, 400].map((days) => days * 86_400_000)
const set = { STATE_DIR: join(root, 'state'), HISTORY_RETENTION: retention, HISTORY_MAX_SIZE: 2 ** 30 }
const past = new Past({ fleet, history, set, log, now: () => now })
const places = { proc: join(root, 'proc'), cgroup: join(root, 'cgroup'), maxHandles: 10_000 }
const cgroups = openCgroups({ files: kernelFiles(), ...places, now: () => now, steadyMs })
if ('why' in cgroups) throw new Error(cgroups.why)
const sources = openSources(cgroups)
const bridge = new Bridge({
  ...{ fleet, history, past, log, hostName: null, where: '', now: () => now, rules: { current: () => RULES } },
  ...{ writeAlert: { append: () => undefined }, memory: { changed: () => undefined } },
  book: newBook({ host: 'h', seed: '0123456789ab', now }),
})

/** What the engine would answer, by id. */
const engine = new Map<string, Inspected>()
let born = 0
let rounds = 0

function step(told: Told): void {
  bridge.carryOut(told)
  for (const id of told.inspect) {
    const found = engine.get(id)
    if (found !== undefined) step(seeInspect(fleet, found, fleet.heard, now))
  }
}

function tell(one: Inspected, action: Action, attributes: Readonly<Record<string, string>> = {}): void {
  const { id, name, image } = one
  step(seeEvent(fleet, { action, id, at: now, name, image, attributes, health: null }, now))
}

function begin(): Inspected {
  const no = born++
  const id = no.toString(16).padStart(64, '0')
  const pid = 1000 + no
  symlinkSync(`${recorded}web/cgroup-1`, join(root, `cgroup/system.slice/docker-${id}.scope`))
  mkdirSync(join(root, `proc/${pid}`))
  put(`proc/${pid}/cgroup`, `0::/system.slice/docker-${id}.scope\n`)
  symlinkSync(join(root, 'net'), join(root, `proc/${pid}/net`))
  const one = answer({ id, pid, name: `job-${no}`, image: `job:${no % 7}`, startedAt: now, createdAt: now })
  engine.set(id, one)
  tell(one, 'create')
  tell(one, 'start')
  return one
}

function end(one: Inspected, crashes: boolean): void {
  const exitCode = crashes ? 1 : 0
  if (!crashes) {
    tell(one, 'kill', { signal: '15' })
    tell(one, 'stop')
  }
  engine.set(one.id, { ...one, state: 'exited', finishedAt: now, exitCode, pid: null })
  tell(one, 'die', { exitCode: String(exitCode) })
}

function remove(one: Inspected): void {
  engine.delete(one.id)
  tell(one, 'destroy')
  rmSync(join(root, `cgroup/system.slice/docker-${one.id}.scope`))
  rmSync(join(root, `proc/${one.pid}`), { recursive: true })
}

/** A second: a round of samples, and the clocks of the registry and the judge. */
async function second(): Promise<void> {
  const samples: Sample[] = []
  sources.begin(null)
  for (const life of fleet.byId.values()) {
    if (!isAlive(life)) continue
    const found = sources.look(life, now)
    if (found.kind === 'counters') samples.push({ life, numbers: numbersOf(null, found.counters, life.cpuLimitCores) })
  }
  sources.keep(fleet.byId)
  bridge.round(now, samples, 1000)
  step(passTime(fleet, now))
  bridge.observe({ kind: 'time', at: now })
  if (rounds++ % 60 === 0) bridge.forgetOld()
  now += 1000
  if (now % 10_000 === 0) await soon()
}

async function live(count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONE_TIME) {
    const wave = Array.from({ length: Math.min(AT_ONE_TIME, count - done) }, begin)
    for (let round = 0; round < LIVES_ROUNDS; round++) await second()
    for (const [i, one] of wave.entries()) end(one, i % 3 === 0)
    await second()
    for (const one of wave) remove(one)
    await second()
  }
}

async function quiet(ms: number): Promise<void> {
  for (const until = now + ms; now < until; ) await second()
}

const HEAD =
  '| when | RSS but V8’s heap | V8’s heap | in use | open files | ids | names | ids of late | rings | known to the judge | alerts | events |'

async function sizes(when: string): Promise<string> {
  // The file is tidied in steps of real time, and lags behind the story's.
  await pause(TIDIED_MS)
  for (let i = 0; i < 3; i++) {
    await soon()
    globalThis.gc?.()
  }
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  const open = readdirSync('/proc/self/fd').length
  const kept = [fleet.byId.size, fleet.byName.size, fleet.gone.size, history.byName.size]
  const judged = [allKnown(bridge.book.containers).length, alertsOf(bridge.book).length, bridge.events.length]
  const line = `| ${[when, mib(rss - heapTotal), mib(heapTotal), mib(heapUsed + external), open, ...kept, ...judged].join(' | ')} |`
  console.log(line)
  return line
}

console.log(HEAD)
for (let i = 0; i < STAY; i++) begin()
// Until the rings of those that stay are full, and the lists that are bounded by number, too.
await quiet(QUIET_MS)
const lines = [await sizes(`${STAY} that stay, after 20 min`)]
await live(3000)
await quiet(QUIET_MS)
lines.push(await sizes('and 3 000 more, and 20 min: the bounded lists are full'))
for (const count of batches) {
  await live(count)
  lines.push(await sizes(`just after ${count} lives`))
  await quiet(QUIET_MS)
  lines.push(await sizes('20 min later'))
}
past.close()
sources.close()
rmSync(root, { recursive: true })

const text = `# What is left of containers that came and went

\`node --expose-gc --max-semi-space-size=2 bench/churn.ts ${batches.join(',')}\`: ${STAY} containers stay, the others live ${LIVES_ROUNDS} s, ${AT_ONE_TIME} at one time, each under a new name; a
third ends by a crash. The engine is told as data and the clock is the story’s; the cgroup files are a recorded
container’s. Node ${process.version}, load average ${loadavg()
  .map((one) => one.toFixed(1))
  .join(' ')}. After a collection; in use is what JavaScript holds, with what of it lies outside of the heap (rings).

${HEAD}
|${' --- |'.repeat(HEAD.split('|').length - 2)}
${lines.join('\n')}

Ids of late ones (so that a list asked for earlier does not bring them back), alerts and events are bounded by number:
they fill up once and stay so.
`
writeFileSync(new URL('./results/churn.md', import.meta.url), text)
