/**
 * Builds the evidence of an alert from what is known at one moment. Joining: `witnessed` at that moment, without
 * waiting for anything; `evidenceOf` once the engine has answered or its time is over, and again when it answers late.
 */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import type { FleetEvent } from '@plimsoll/contracts/container'
import {
  EVIDENCE_METRICS,
  EVIDENCE_VERSION,
  type Evidence,
  type EvidenceBond,
  type EvidenceColumns,
  type EvidenceEnd,
  type EvidenceLogs,
  type EvidenceMachine,
  type EvidenceMade,
  type EvidenceNeighbours,
  type OomVerdict,
} from '@plimsoll/contracts/evidence'
import type { HostAnswer } from '@plimsoll/contracts/host'
import { signalText } from '@plimsoll/contracts/text'
import { type EpochMs, isoTime } from '@plimsoll/contracts/time'
import type { Life } from './berth.ts'
import { maskedText } from './evidence-log.ts'
import { answerHistory, type History } from './history.ts'
import type { InspectedMore } from './inspect-more.ts'
import type { Known } from './known.ts'

const BEFORE_MS = 5 * 60_000
const MAX_ROWS = 300
/** How far back what changed is told of. */
export const CHANGES_MS = 60 * 60_000
const MAX_CHANGES = 50
const MAX_CHANGE_CHARS = 500
const MAX_WHY_CHARS = 500
const MAX_DISKS = 50

/** A container as it was at that moment. Its run may be another by the time the evidence is built. */
export type SeenLife = Readonly<
  Pick<Life, 'id' | 'image' | 'startedAt' | 'restarts' | 'cpuLimitCores' | 'memoryLimitBytes' | 'health' | 'wishes'>
> & { readonly probe: Life['named']['probe'] }

/** What is known at the moment of the alert. */
export interface Witnessed {
  readonly alert: AlertEvent
  /** `null` when the fleet does not have it, and of alerts without a container. */
  readonly life: SeenLife | null
  /** What the judge knows of it. */
  readonly known: Pick<Known, 'condition' | 'startedAt' | 'end'> | null
  readonly neighbours: EvidenceNeighbours
  readonly machine: Omit<HostAnswer, 'host'> | null
  /** Newest first, of everything. */
  readonly events: readonly FleetEvent[]
  /** When the monitor started: of the time before are only those that its last process stored. */
  readonly eventsSince: EpochMs
  readonly dependents: readonly EvidenceBond[]
  readonly dependsOn: readonly EvidenceBond[]
}

/** What was asked for and came, or why it did not. */
export type Got<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

export interface FromEngine {
  readonly logs: Got<EvidenceLogs>
  readonly more: Got<InspectedMore>
}

/** The evidence; `engine` is `null` for an alert without a container, of which nothing is asked. */
export function evidenceOf(seen: Witnessed, history: History, engine: FromEngine | null): Evidence {
  const { alert, life, neighbours } = seen
  const before = alert.container === null ? null : columnsOf(history, alert.container, alert.time)
  const end = endOf(seen)
  const machine = machineOf(seen.machine)
  const more = engine?.more.ok === true ? engine.more.value : null
  const missing: string[] = []
  const lack = (what: string, why: string) => void missing.push(`${what}: ${why}`.slice(0, MAX_WHY_CHARS))
  if (engine?.logs.ok === false) lack('logs', engine.logs.why)
  if (engine?.more.ok === false) lack('inspect', engine.more.why)
  if (alert.container !== null && life === null) lack('made', 'the container is not known any more')
  if (alert.container !== null && before === null) lack('before', 'not one sample in the 5 minutes before')
  if (machine === null) lack('machine', seen.machine?.why ?? 'not looked at yet')
  if (neighbours.at === null) lack('neighbours', 'no round of samples yet')
  if (seen.eventsSince > alert.time - CHANGES_MS)
    lack('changes', `nobody watched for a while before the monitor's start at ${isoTime(seen.eventsSince)}`)
  return {
    v: EVIDENCE_VERSION,
    id: alert.id,
    rule: alert.rule,
    container: alert.container,
    host: alert.host,
    at: alert.time,
    time: isoTime(alert.time),
    missing,
    end,
    oom: oomOf(seen, end !== null, lastOf(before)),
    health: more?.health == null || life === null ? null : { state: life.health, ...more.health },
    probe: life?.probe == null ? null : { ...life.probe, url: maskedText(life.probe.url, MAX_WHY_CHARS) },
    logs: engine?.logs.ok === true ? engine.logs.value : null,
    before,
    neighbours,
    machine,
    changes: changesOf(seen),
    made: life === null ? null : madeOf(life, more),
    dependents: seen.dependents,
    dependsOn: seen.dependsOn,
  }
}

function endOf({ alert, known }: Witnessed): EvidenceEnd | null {
  if (known?.end == null) return null
  const over = known.condition === 'ended' || known.condition === 'removed'
  if (!over && alert.rule !== 'container-restart-loop') return null
  const { at, exitCode, signal, why } = known.end
  const { startedAt } = known
  const bySignal = exitCode !== null && exitCode > 128 && exitCode < 160
  return {
    at,
    ranMs: !over || startedAt === null || startedAt > at ? null : Math.round(at - startedAt),
    exitCode,
    exitSignal: bySignal ? signalText(exitCode - 128) : null,
    sentSignal: signal === null ? null : signalText(signal),
    why: maskedText(why, MAX_WHY_CHARS),
  }
}

function oomOf(seen: Witnessed, isEnd: boolean, lastUsedBytes: number | null): OomVerdict | null {
  const { alert, known, life } = seen
  const limitBytes = life?.memoryLimitBytes ?? null
  const about = { limitBytes, lastUsedBytes }
  if (isEnd && known?.end?.oomKilled === true) return { verdict: limitBytes === null ? 'host' : 'own-limit', ...about }
  if (alert.rule === 'container-oom') return { verdict: 'child', ...about }
  return isEnd ? { verdict: 'none', ...about } : null
}

/** What it used in the last row in which that is known. */
function lastOf(before: EvidenceColumns | null): number | null {
  return before?.columns.memoryUsedBytes?.findLast((bytes) => bytes !== null) ?? null
}

function columnsOf(history: History, name: string, at: EpochMs): EvidenceColumns | null {
  const found = answerHistory(history, { name, from: at - BEFORE_MS, to: at, points: MAX_ROWS })
  const known = EVIDENCE_METRICS.flatMap((metric) => {
    const column = found.columns[metric]
    return column?.some((value) => value !== null) ? [[metric, column.map(rounded)] as const] : []
  })
  if (known.length === 0) return null
  return { from: found.from, to: found.to, stepMs: found.stepMs, at: found.at, columns: Object.fromEntries(known) }
}

/** Rings keep single precision: more digits than seven are noise. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(7))
}

function machineOf(view: Witnessed['machine']): EvidenceMachine | null {
  if (view === null || view.why !== null) return null
  return {
    at: view.at,
    cpuPercent: view.cpu?.percent ?? null,
    stealPercent: view.cpu?.stealPercent ?? null,
    load1: view.load?.one ?? null,
    memoryPercent: view.memory?.percent ?? null,
    memoryAvailableBytes: view.memory?.availableBytes ?? null,
    swapUsedBytes: view.swap?.usedBytes ?? null,
    disks: view.disks
      .slice(0, MAX_DISKS)
      .map(({ name, percent, availableBytes }) => ({ name, percent, availableBytes })),
  }
}

/** Of itself, of the engine, and who in its Compose project came and went: health checks of others are their own. */
function changesOf({ alert, life, events, dependents, dependsOn }: Witnessed): readonly FleetEvent[] {
  const kin = new Set([...dependents, ...dependsOn].map(({ name }) => name))
  const project = life?.wishes.project ?? null
  const isOurs = ({ container, kind }: FleetEvent): boolean => {
    if (container === null || container === alert.container) return true
    if (alert.container === null) return kind === 'created' || kind === 'died' || kind === 'oom'
    return kind !== 'health' && (kin.has(container) || (project !== null && container.startsWith(`${project}-`)))
  }
  const from = alert.time - CHANGES_MS
  const ours: FleetEvent[] = []
  for (const event of events) {
    if (event.at < from || ours.length === MAX_CHANGES) break
    if (isOurs(event)) ours.push({ ...event, text: maskedText(event.text, MAX_CHANGE_CHARS) })
  }
  return ours
}

function madeOf(life: SeenLife, more: InspectedMore | null): EvidenceMade {
  const { wishes } = life
  return {
    containerId: life.id,
    image: life.image,
    imageDigest: more?.imageDigest ?? null,
    createdAt: more?.createdAt ?? null,
    startedAt: life.startedAt,
    restartPolicy: more?.restartPolicy ?? null,
    restarts: life.restarts,
    cpuLimitCores: life.cpuLimitCores,
    memoryLimitBytes: life.memoryLimitBytes,
    pidsLimit: more?.pidsLimit ?? null,
    project: wishes.project,
    service: wishes.service,
  }
}
