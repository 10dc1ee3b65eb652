/**
 * What the judge knows of one container: the facts its rules need besides the newest observation, and the rules that
 * are not calm. Plain data.
 */
import type { Health } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { End, Subject } from './observation.ts'
import type { PlayedRule } from './rules.ts'
import type { Watch } from './watch.ts'

export interface Known {
  readonly subject: Subject
  readonly condition: 'unknown' | 'running' | 'paused' | 'ended' | 'removed'
  /** When anything was last heard of it. */
  readonly heardAt: EpochMs
  /** The start of the run it is in, or was in last; `null` when no run was told of. */
  readonly startedAt: EpochMs | null
  readonly end: End | null
  /** Of this run; `null` until the engine says one. */
  readonly health: Health | null
  /** Whether a probe has been good in this run. */
  readonly warm: boolean
  /** Times and latencies of the answers in the window of `slow-response`, oldest first. */
  readonly answers: readonly (readonly [at: EpochMs, responseMs: number])[]
  /** Starts that nobody asked for, within the window of `container-restart-loop`. */
  readonly unaskedStarts: readonly EpochMs[]
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number | null } | null
  /** False after a restart of the monitor until it is heard of again. */
  readonly confirmed: boolean
  readonly watches: Watches
  readonly flaps: Flaps
}

/** The changes of each rule within the window of `flapping`, and the `flapping` alert about it. */
export type Flaps = {
  readonly [rule: string]: { readonly changes: readonly EpochMs[]; readonly watch: Watch | null }
}

/** By the rule's name. */
export type Watches = { readonly [rule: string]: Watch }

/** A container never heard of before. */
export function stranger(subject: Subject, heardAt: EpochMs): Known {
  return {
    subject,
    condition: 'unknown',
    heardAt,
    startedAt: null,
    end: null,
    health: null,
    warm: false,
    answers: [],
    unaskedStarts: [],
    memory: null,
    confirmed: true,
    watches: {},
    flaps: {},
  }
}

/** What ends with a run: samples, answers and the verdict of the health check belong to it. */
export function freshRun(known: Known): Known {
  return { ...known, health: null, warm: false, answers: [], memory: null }
}

/** `watches` with one of them changed; `null` makes it calm. */
export function withWatch(watches: Watches, rule: string, watch: Watch | null): Watches {
  if (watches[rule] === (watch ?? undefined)) return watches
  if (watch !== null) return { ...watches, [rule]: watch }
  const { [rule]: _, ...rest } = watches
  return rest
}

/** The rules that are not calm. */
export function openRules(watches: Watches): string[] {
  return Object.keys(watches)
}

/** Whether any rule of the container is not calm. */
export function isOpen(known: Known): boolean {
  for (const _ in known.watches) return true
  return Object.values(known.flaps).some((flap) => flap.watch !== null)
}

const OUTLIVE_A_RUN: readonly string[] = [
  'container-down',
  'container-stopped',
  'container-oom',
  'container-restart-loop',
] satisfies readonly PlayedRule[]

/**
 * Whether a rule judges a run by its samples, probes and health check, and so is held back while the container does
 * not run; the others are about the container's coming and going.
 */
export function isOfARun(rule: string): boolean {
  return !OUTLIVE_A_RUN.includes(rule)
}
