/** Reads `logs/evidence/<id>.json` back: by the monitor for its answers, by the alert service for its messages. */
import * as v from 'valibot'
import { CONTAINER_STATES, HEALTH_STATES } from './container.ts'
import { EVIDENCE_METRICS, EVIDENCE_VERSION, type Evidence, type EvidenceMetric } from './evidence.ts'

/** A file that is longer was not written by a monitor: 64 000 characters of log, five checks and six columns are less. */
export const MAX_EVIDENCE_BYTES = 1024 * 1024

const number = v.nullable(v.number())
const text = v.nullable(v.string())
const few = <T extends v.GenericSchema>(of: T) => v.pipe(v.array(of), v.maxLength(100))
const lines = v.pipe(
  v.array(v.object({ at: number, stream: v.picklist(['stdout', 'stderr']), text: v.string() })),
  v.maxLength(1000),
)
const column = v.pipe(v.array(number), v.maxLength(2000))
const columns = v.partial(
  v.object(Object.fromEntries(EVIDENCE_METRICS.map((name) => [name, column])) as Record<EvidenceMetric, typeof column>),
)
const check = v.object({ startedAt: number, tookMs: number, exitCode: v.number(), output: v.string() })
const probe = v.object({ url: v.string(), at: v.number(), ok: v.boolean(), responseMs: number, detail: v.string() })
const change = v.object({
  at: v.number(),
  no: v.number(),
  container: text,
  kind: v.picklist([
    'created',
    'started',
    'stopped',
    'died',
    'paused',
    'unpaused',
    'renamed',
    'removed',
    'health',
    'oom',
    'engine',
  ]),
  text: v.string(),
})
const bond = v.object({ name: v.string(), state: v.nullable(v.picklist(CONTAINER_STATES)) })
const made = v.object({
  containerId: v.string(),
  image: v.string(),
  imageDigest: text,
  createdAt: number,
  startedAt: number,
  restartPolicy: text,
  restarts: v.number(),
  cpuLimitCores: number,
  memoryLimitBytes: number,
  pidsLimit: number,
  project: text,
  service: text,
})
const machine = v.object({
  at: v.number(),
  cpuPercent: number,
  stealPercent: number,
  load1: number,
  memoryPercent: number,
  memoryAvailableBytes: number,
  swapUsedBytes: number,
  disks: few(v.object({ name: v.string(), percent: v.number(), availableBytes: v.number() })),
})

const EvidenceFile = v.object({
  v: v.literal(EVIDENCE_VERSION),
  id: v.string(),
  rule: v.string(),
  container: text,
  host: v.string(),
  at: v.number(),
  time: v.string(),
  missing: few(v.string()),
  end: v.nullable(
    v.object({
      at: v.number(),
      ranMs: number,
      exitCode: number,
      exitSignal: text,
      sentSignal: text,
      why: v.string(),
    }),
  ),
  oom: v.nullable(
    v.object({
      verdict: v.picklist(['own-limit', 'host', 'child', 'none']),
      limitBytes: number,
      lastUsedBytes: number,
    }),
  ),
  health: v.nullable(v.object({ state: v.picklist(HEALTH_STATES), failingStreak: number, checks: few(check) })),
  probe: v.nullable(probe),
  logs: v.nullable(v.object({ lines, truncated: v.boolean(), maskedLines: v.number() })),
  before: v.nullable(
    v.object({ from: v.number(), to: v.number(), stepMs: v.number(), at: v.array(v.number()), columns }),
  ),
  neighbours: v.object({
    at: number,
    byCpu: few(v.object({ name: v.string(), cpuPercent: v.number() })),
    byMemory: few(v.object({ name: v.string(), memoryUsedBytes: v.number() })),
  }),
  machine: v.nullable(machine),
  changes: few(change),
  made: v.nullable(made),
  dependents: few(bond),
  dependsOn: few(bond),
})

/** The evidence in a file's text; `null` when it is none, or of a version of the future. Unknown keys are passed over. */
export function parseEvidence(file: string): Evidence | null {
  try {
    const read = v.safeParse(EvidenceFile, JSON.parse(file))
    return read.success ? (read.output as Evidence) : null
  } catch {
    return null
  }
}
