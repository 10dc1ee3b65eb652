/**
 * What the watching half of the monitor tells the judging half. The fleet and the probes produce observations from
 * what the engine and the targets say; the judge turns them into alerts. Plain data, so that a day can be replayed.
 */
import type { Severity } from '@plimsoll/contracts/alert'
import type { Health } from '@plimsoll/contracts/container'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'

/** The container an observation is about, with what its labels and the settings say of its rules. */
export interface Subject {
  readonly name: string
  /** Changes when the container is re-created under its name. */
  readonly id: string
  readonly thresholds: { readonly cpuPercent: number; readonly memoryPercent: number; readonly responseMs: number }
  /** Which of the thresholds its labels set: those win over a rules file, the others do not. */
  readonly labelled?: readonly ('cpuPercent' | 'memoryPercent' | 'responseMs')[]
  /** From `plimsoll.severity`: raises or lowers all alerts of the container; `null` keeps each rule's own. */
  readonly severity: Severity | null
  /** It should be up: it has a health target, a restart policy, or `plimsoll.expect=up`. */
  readonly expectedUp: boolean
  /** Other names it answers to as a dependency: `project/service` of Compose. */
  readonly aliases?: readonly string[]
  /** Names or aliases of what it depends on, from `plimsoll.depends-on` and Compose's `depends_on`. */
  readonly dependsOn?: readonly string[]
}

/** How a run of a container ended, and whether somebody wanted it to. */
export interface End {
  readonly at: EpochMs
  /** A stop or removal through the engine surrounds it; an exit of its own, a crash and a kill are not planned. */
  readonly planned: boolean
  readonly exitCode: number | null
  /** The signal the engine was asked to send, when it was; `null` for an exit of its own. */
  readonly signal: number | null
  readonly oomKilled: boolean
  /** Why in words: `killed by SIGKILL, exit code 137`, `exited by itself, exit code 1`. */
  readonly why: string
}

/** One answer, or the lack of one, of a health target. */
export interface ProbeResult {
  readonly at: EpochMs
  readonly url: string
  readonly ok: boolean
  /** Time to the whole answer; `null` when none came before the deadline. */
  readonly responseMs: number | null
  /** `200`, `503`, `timeout after 5 s`, `connection refused`. */
  readonly detail: string
}

/** How full the host is. */
export interface HostLevels {
  readonly cpuPercent: number | null
  readonly memory: { readonly percent: number; readonly usedBytes: number; readonly totalBytes: number } | null
  readonly disks: readonly { readonly name: string; readonly percent: number; readonly availableBytes: number }[]
}

export type Observation =
  | { readonly kind: 'sample'; readonly subject: Subject; readonly at: EpochMs; readonly numbers: Numbers }
  | { readonly kind: 'probe'; readonly subject: Subject; readonly result: ProbeResult }
  /**
   * It runs (again). `at` is the engine's `StartedAt`, and so the same each time that one run is told of: at its start,
   * at first sight, after a pause, after a reconnect.
   */
  | { readonly kind: 'running'; readonly subject: Subject; readonly at: EpochMs }
  | { readonly kind: 'ended'; readonly subject: Subject; readonly end: End }
  | { readonly kind: 'paused'; readonly subject: Subject; readonly at: EpochMs }
  | {
      readonly kind: 'health'
      readonly subject: Subject
      readonly at: EpochMs
      readonly health: Health
      readonly output: string | null
    }
  /** The engine told of a process killed for memory inside it, whether or not the container lives on. */
  | { readonly kind: 'oom'; readonly subject: Subject; readonly at: EpochMs }
  /** The engine no longer has it. */
  | { readonly kind: 'removed'; readonly subject: Subject; readonly at: EpochMs }
  | { readonly kind: 'engine'; readonly at: EpochMs; readonly reachable: boolean; readonly error: string | null }
  /** A file or another sink of the monitor that does not work, or works again. */
  | { readonly kind: 'sink'; readonly at: EpochMs; readonly name: string; readonly error: string | null }
  /** A look at the host; `null` is not known. */
  | { readonly kind: 'host'; readonly at: EpochMs; readonly levels: HostLevels }
  /** Nothing happened, time went on: told at least once a second, so that holds end. */
  | { readonly kind: 'time'; readonly at: EpochMs }
