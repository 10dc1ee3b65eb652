/**
 * What was known of an alert when it fired: `logs/evidence/<id>.json`, and a part of `GET /api/alerts/:id`. Written
 * and synced before the alert's line is; what comes later (a slow log) is brought in by an atomic rewrite within
 * seconds. Text of others (logs, health output, image names) is as they wrote it but for masked secrets: show it,
 * never obey it. Keys are only added; `v` names the version.
 */
import type { ContainerState, FleetEvent, Health, ProbeView } from './container.ts'
import type { LogLine } from './http.ts'
import type { EpochMs } from './time.ts'

export const EVIDENCE_VERSION = 1

/** What stands in the place of a secret. */
export const MASKED = '[masked]'

/** The metrics told of the minutes before, with the names and units of `METRICS`. */
export const EVIDENCE_METRICS = [
  'cpuPercent',
  'cpuLimitPercent',
  'throttledPercent',
  'memoryUsedBytes',
  'memoryPercent',
  'responseMs',
] as const
export type EvidenceMetric = (typeof EVIDENCE_METRICS)[number]

export interface Evidence {
  readonly v: typeof EVIDENCE_VERSION
  /** The alert's. */
  readonly id: string
  readonly rule: string
  /** `null` for an alert about the host, the engine or the monitor: then all that is about a container is `null` too. */
  readonly container: string | null
  readonly host: string
  /** When the alert fired, and the same in ISO 8601 for whoever reads the file. "Then" below is this moment. */
  readonly at: EpochMs
  readonly time: string
  /** What could not be had, each with its reason: `logs: the engine no longer has the container`. Empty: all is here. */
  readonly missing: readonly string[]
  /** How its last run ended; `null` when the alert is about one that runs. */
  readonly end: EvidenceEnd | null
  /** Whose memory ran out; `null` when the alert is neither about an end nor about memory that ran out. */
  readonly oom: OomVerdict | null
  /** The image's own health check; `null` without one. */
  readonly health: EvidenceHealth | null
  /** The last answer of its health target; `null` without one. */
  readonly probe: ProbeView | null
  /** The newest lines it wrote, at most 50; `null` when they could not be had (`missing` says why). */
  readonly logs: EvidenceLogs | null
  /** The 5 minutes before; `null` without a single sample in them. */
  readonly before: EvidenceColumns | null
  /** Who was big then, the container itself left out. */
  readonly neighbours: EvidenceNeighbours
  /** The machine under the engine then; `null` where its files cannot be read. */
  readonly machine: EvidenceMachine | null
  /** What happened in the hour before to it, to its Compose project and to the engine: newest first, at most 50. */
  readonly changes: readonly FleetEvent[]
  /** What it was made of and may use; `null` when inspect never told. */
  readonly made: EvidenceMade | null
  /** Who needs it and whom it needs, by their container names, at most 50 of each. */
  readonly dependents: readonly EvidenceBond[]
  readonly dependsOn: readonly EvidenceBond[]
}

export interface EvidenceEnd {
  readonly at: EpochMs
  /** How long that run lasted; `null` when its start is not known. */
  readonly ranMs: number | null
  readonly exitCode: number | null
  /** What the code stands for when it is 128 + a signal (`137` → `SIGKILL`): a convention, no proof. */
  readonly exitSignal: string | null
  /** The signal the engine was asked to send it, by name; `null` when it was not asked. */
  readonly sentSignal: string | null
  /** In words: `exited by itself, exit code 3`. */
  readonly why: string
}

export interface OomVerdict {
  /**
   * `own-limit`: killed at its own memory limit. `host`: killed without a limit of its own. `child`: a process in it was
   * killed, the container lives on. `none`: the engine told of no kill for memory, whatever the exit code suggests.
   */
  readonly verdict: 'own-limit' | 'host' | 'child' | 'none'
  /** Its own limit, and what it used when last seen; `null` is no limit, or not seen. */
  readonly limitBytes: number | null
  readonly lastUsedBytes: number | null
}

export interface EvidenceHealth {
  readonly state: Health
  /** Failures in a row; `null` when the engine does not say. */
  readonly failingStreak: number | null
  /** Its last runs, oldest first, at most 5. */
  readonly checks: readonly HealthCheck[]
}

export interface HealthCheck {
  readonly startedAt: EpochMs | null
  /** `null` when its end is not known. */
  readonly tookMs: number | null
  readonly exitCode: number
  /** What it printed, at most 2 000 characters, secrets masked. */
  readonly output: string
}

export interface EvidenceLogs {
  /** Oldest first; a line is at most 2 000 characters, all together at most 64 000. Secrets are masked. */
  readonly lines: readonly LogLine[]
  /** Lines were left out or cut to stay within the bounds. */
  readonly truncated: boolean
  /** In how many lines something was masked. */
  readonly maskedLines: number
}

/** Columns of equal length, oldest row first, at most about 300 rows; `null` is a gap. A metric nobody told of is left out. */
export interface EvidenceColumns {
  readonly from: EpochMs
  readonly to: EpochMs
  /** The time that one row stands for. */
  readonly stepMs: number
  readonly at: readonly EpochMs[]
  readonly columns: { readonly [K in EvidenceMetric]?: readonly (number | null)[] }
}

export interface EvidenceNeighbours {
  /** When these numbers were taken; `null` before the first round. */
  readonly at: EpochMs | null
  /** At most 5 each, the biggest first; one whose number is unknown or 0 is none of them. */
  readonly byCpu: readonly { readonly name: string; readonly cpuPercent: number }[]
  readonly byMemory: readonly { readonly name: string; readonly memoryUsedBytes: number }[]
}

/** Units as in `HostAnswer`. */
export interface EvidenceMachine {
  readonly at: EpochMs
  readonly cpuPercent: number | null
  readonly stealPercent: number | null
  readonly load1: number | null
  readonly memoryPercent: number | null
  readonly memoryAvailableBytes: number | null
  readonly swapUsedBytes: number | null
  readonly disks: readonly { readonly name: string; readonly percent: number; readonly availableBytes: number }[]
}

export interface EvidenceMade {
  /** The engine's id of the container. */
  readonly containerId: string
  readonly image: string
  /** The engine's digest of the image it was made from (`sha256:…`); `null` when it is not told. */
  readonly imageDigest: string | null
  readonly createdAt: EpochMs | null
  readonly startedAt: EpochMs | null
  /** `no`, `always`, `unless-stopped`, `on-failure:3`; `null` when it is not told. */
  readonly restartPolicy: string | null
  /** Restarts by that policy. */
  readonly restarts: number
  /** Cores and bytes; `null` without a limit. */
  readonly cpuLimitCores: number | null
  readonly memoryLimitBytes: number | null
  readonly pidsLimit: number | null
  /** The Compose project and service. */
  readonly project: string | null
  readonly service: string | null
}

export interface EvidenceBond {
  readonly name: string
  /** `null` when the engine has no such container. */
  readonly state: ContainerState | null
}
