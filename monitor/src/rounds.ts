/** What happens at its own pace beside the sampling: probes, rows, status lines, the judge's clock, old files. */
import type { ProbeView } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import type { Bridge } from './bridge.ts'
import { isAlive, type Life, viewOf } from './core/berth.ts'
import { csvRow } from './core/csv-row.ts'
import { changeDefaults, livesByName, seeProbe } from './core/fleet.ts'
import { marksOf } from './core/levels.ts'
import { healthTargetOf } from './core/registry.ts'
import type { Rules } from './core/rules.ts'
import { statusLines } from './core/status-line.ts'
import { type Fleet, nothingTold } from './core/told.ts'
import type { Files } from './files.ts'
import { csvText } from './io/csv.ts'
import type { HostReader } from './io/host.ts'
import type { Prober } from './io/probe.ts'
import { applyRetention } from './io/retention.ts'
import type { OwnCost } from './own-cost.ts'
import type { Sampler } from './sampler.ts'
import { onGrid, pause } from './timers.ts'

const STATUS_EVERY_MS = 10_000
/** A process killed for memory is told of within a second of the engine's event, half of which the judge waits. */
const TIME_EVERY_MS = 250
const TIDY_EVERY_MS = 60 * 60_000
const COST_EVERY_MS = 10_000
const HOST_EVERY_MS = 2_000
const FORGET_EVERY_MS = 60_000

export interface RoundsParts {
  readonly fleet: Fleet
  readonly bridge: Bridge
  readonly files: Files
  readonly prober: Prober
  readonly csvIntervalMs: number
  readonly healthIntervalMs: number
  readonly logsDir: string
  readonly keepMs: number
  /** Whether the alert service has read a rotated alert log. */
  readonly isRead: (name: string) => boolean
  readonly memory: { readonly error: string | null }
  readonly past: { readonly error: string | null }
  readonly cost: OwnCost
  readonly host: HostReader
  readonly sampler: Pick<Sampler, 'status'>
  readonly log: Log
  readonly now: () => EpochMs
}

/** Starts all of them; answers with what ends them. */
export function startRounds(parts: RoundsParts): { stop: () => void } {
  const stopping = new AbortController()
  const { signal } = stopping
  void onGrid(parts.healthIntervalMs, signal, () => probe(parts))
  void onGrid(TIME_EVERY_MS, signal, followMarks(parts))
  void onGrid(TIME_EVERY_MS, signal, () => passTime(parts))
  void onGrid(COST_EVERY_MS, signal, () => parts.cost.mark())
  void onGrid(HOST_EVERY_MS, signal, () => lookAtHost(parts))
  void onGrid(FORGET_EVERY_MS, signal, () => parts.bridge.forgetOld())
  void pause(parts.csvIntervalMs, signal).then(() => onGrid(parts.csvIntervalMs, signal, () => writeRows(parts)))
  void pause(STATUS_EVERY_MS, signal).then(() => onGrid(STATUS_EVERY_MS, signal, () => writeStatus(parts)))
  // The folder is there once the first lines are written.
  void pause(STATUS_EVERY_MS * 2, signal).then(() => onGrid(TIDY_EVERY_MS, signal, () => tidy(parts)))
  return { stop: () => stopping.abort() }
}

async function lookAtHost({ host, bridge, now }: RoundsParts): Promise<void> {
  const { cpu, memory, disks } = await host.look()
  const { percent, usedBytes, totalBytes } = memory ?? { percent: null, usedBytes: null, totalBytes: 0 }
  const known = percent === null || usedBytes === null ? null : { percent, usedBytes, totalBytes }
  bridge.observe({ kind: 'host', at: now(), levels: { cpuPercent: cpu?.percent ?? null, memory: known, disks } })
}

interface Target {
  readonly url: string
  readonly life: Life
}

/** Asks the targets of containers that run; of one that does not, the old answer says nothing any more. */
function probe({ fleet, bridge, prober }: RoundsParts): void {
  const targets: Target[] = []
  for (const life of fleet.byId.values()) {
    const url = healthTargetOf(fleet, life)
    if (url !== null && life.state === 'running') targets.push({ url, life })
    else if (life.named.probe !== null && !isAlive(life)) {
      life.named.probe = null
      show(bridge, life)
    }
  }
  prober.round(targets, ({ life }, result) => {
    if (fleet.byId.get(life.id) !== life || life.state !== 'running') return
    const view: ProbeView = result
    if (seeProbe(life.named, view)) show(bridge, life)
    bridge.observe({ kind: 'probe', subject: life.subject, result })
  })
}

function show(bridge: Bridge, life: Life): void {
  const told = nothingTold()
  told.changed.add(life)
  bridge.carryOut(told)
}

/** The judge's clock, and how the files are. */
function passTime({ bridge, files, memory, past, sampler, now }: RoundsParts): void {
  const at = now()
  for (const { name, error } of files.sinks()) bridge.observe({ kind: 'sink', at, name, error })
  bridge.observe({ kind: 'sink', at, name: 'alert memory', error: memory.error })
  bridge.observe({ kind: 'sink', at, name: 'history', error: past.error })
  bridge.observe({ kind: 'sink', at, name: 'sampling', error: sampler.status().behind })
  bridge.observe({ kind: 'time', at })
}

/** A threshold in the rules file takes the place of the setting's, on the marks of the page too. */
function followMarks({ fleet, bridge, files, now }: RoundsParts): () => void {
  const set = fleet.defaults
  let known: Rules | null = null
  return () => {
    const rules = files.rules.current()
    if (rules === known) return
    known = rules
    bridge.carryOut(changeDefaults(fleet, marksOf(rules, set), now()))
  }
}

function rowsOf({ fleet, bridge }: RoundsParts) {
  return livesByName(fleet).map((life) => ({ view: viewOf(life, fleet.host), numbers: bridge.numbersOf(life) }))
}

function writeRows(parts: RoundsParts): void {
  const at = parts.now()
  const text = csvText(rowsOf(parts).map(({ view, numbers }) => csvRow(view, numbers, at)))
  if (text !== '') parts.files.csv.append(text.trimEnd())
}

function writeStatus(parts: RoundsParts): void {
  const { bridge, files, now } = parts
  const lines = statusLines(rowsOf(parts), now())
  const { engine } = bridge
  const text =
    engine.state === 'unreachable'
      ? [`no answer from the engine at ${engine.where} (${engine.error}). ${engine.advice}`, ...lines]
      : lines
  if (text.length === 0) text.push('no containers')
  files.status.append(text.join('\n'))
  process.stdout.write(`${text.join('\n')}\n`)
}

async function tidy({ logsDir, keepMs, isRead, log, now }: RoundsParts): Promise<void> {
  const { deleted, error } = await applyRetention(logsDir, { now: now(), keepMs, isRead })
  if (deleted.length > 0) log.info({ deleted }, 'old files deleted')
  if (error !== null) log.warn({ error }, 'old files could not be deleted')
}
