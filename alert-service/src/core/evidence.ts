/** What of an alert's evidence a message tells: few words for each, the most telling first. */
import type { EvidenceMetric } from '@plimsoll/contracts/evidence'
import { bytesText, durationText, memoryText, percentText } from '@plimsoll/contracts/text'
import * as v from 'valibot'
import { oneLine, short } from './wording.ts'

const optionalNumber = v.optional(v.nullable(v.number()), null)
const column = v.optional(v.array(v.nullable(v.number())))

/** What is read of the file; the contract says what else is in it. Keys that a later version adds are passed over. */
const Shown = v.object({
  v: v.literal(1),
  end: v.nullable(v.object({ why: v.string(), ranMs: optionalNumber })),
  oom: v.nullable(v.object({ verdict: v.string(), limitBytes: optionalNumber, lastUsedBytes: optionalNumber })),
  health: v.nullable(
    v.object({ state: v.string(), checks: v.array(v.object({ exitCode: v.number(), output: v.string() })) }),
  ),
  probe: v.nullable(v.object({ ok: v.boolean(), url: v.string(), detail: v.string() })),
  logs: v.nullable(v.object({ lines: v.array(v.object({ text: v.string() })) })),
  before: v.nullable(
    v.object({
      from: v.number(),
      to: v.number(),
      stepMs: v.number(),
      at: v.array(v.number()),
      columns: v.object({ cpuPercent: column, memoryPercent: column } satisfies { [K in EvidenceMetric]?: unknown }),
    }),
  ),
  neighbours: v.object({
    byCpu: v.array(v.object({ name: v.string(), cpuPercent: v.number() })),
    byMemory: v.array(v.object({ name: v.string(), memoryUsedBytes: v.number() })),
  }),
  machine: v.nullable(
    v.object({
      cpuPercent: optionalNumber,
      memoryPercent: optionalNumber,
      memoryAvailableBytes: optionalNumber,
      disks: v.array(v.object({ name: v.string(), percent: v.number(), availableBytes: v.number() })),
    }),
  ),
  made: v.nullable(v.object({ image: v.string(), restarts: v.number() })),
  dependents: v.array(v.object({ name: v.string(), state: v.nullable(v.string()) })),
})
export type ShownEvidence = v.InferOutput<typeof Shown>

/** The evidence in a file's text; null when it is none, or of a version that is not known. */
export function parseEvidence(text: string): ShownEvidence | null {
  try {
    const read = v.safeParse(Shown, JSON.parse(text))
    return read.success ? read.output : null
  } catch {
    return null
  }
}

/** A titled fact: one line, or the lines that a program printed. */
export interface Fact {
  readonly title: string
  readonly text: string
  /** Printed by others: shown as it is, in a fixed width. */
  readonly printed: readonly string[]
}

const PRINTED_LINES = 12
const PRINTED_CHARS = 300
const NAMED = 3

// Colours of a terminal: the marks after the escape would stay as noise.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is taken out
const ansi = /\u001b\[[0-9;?]*[A-Za-z]/g

const fact = (title: string, text: string): readonly Fact[] => [{ title, text, printed: [] }]
const printed = (title: string, lines: readonly string[]): readonly Fact[] =>
  lines.length === 0
    ? []
    : [{ title, text: '', printed: lines.map((line) => short(line.replaceAll(ansi, ''), PRINTED_CHARS)) }]

function endOf({ end, oom }: ShownEvidence): readonly Fact[] {
  const lasted = end?.ranMs == null ? '' : `, after it ran for ${durationText(end.ranMs)}`
  const ended = end === null ? [] : fact('How it ended', `${oneLine(end.why)}${lasted}`)
  if (oom === null || oom.verdict === 'none') return ended
  const whose: Readonly<Record<string, string>> = {
    'own-limit': 'killed at its own memory limit',
    host: 'killed without a limit of its own: the host ran out of memory',
    child: 'a process in it was killed for memory, the container lives on',
  }
  const limit = oom.limitBytes === null ? '' : `; limit ${memoryText(oom.limitBytes)}`
  const used = oom.lastUsedBytes === null ? '' : `, last seen using ${memoryText(oom.lastUsedBytes)}`
  return [...ended, ...fact('Whose memory', `${whose[oom.verdict] ?? oom.verdict}${limit}${used}`)]
}

function checksOf({ health, probe }: ShownEvidence): readonly Fact[] {
  const failed =
    probe === null || probe.ok ? [] : fact('Its health target', `${oneLine(probe.url)}: ${oneLine(probe.detail)}`)
  const last = health?.checks.at(-1)
  if (last === undefined || last.exitCode === 0) return failed
  const lines = last.output.split('\n').filter((line) => line.trim() !== '')
  return [...failed, ...printed(`Its health check said (exit code ${last.exitCode})`, lines.slice(-PRINTED_LINES))]
}

function machineOf({ machine, neighbours }: ShownEvidence): readonly Fact[] {
  const byCpu = neighbours.byCpu
    .filter((n) => n.cpuPercent >= 1)
    .slice(0, NAMED)
    .map((n) => `${oneLine(n.name)} ${percentText(n.cpuPercent)}`)
  const byMemory = neighbours.byMemory.slice(0, NAMED).map((n) => `${oneLine(n.name)} ${memoryText(n.memoryUsedBytes)}`)
  const big = [
    ...(byCpu.length === 0 ? [] : [`CPU: ${byCpu.join(', ')}`]),
    ...(byMemory.length === 0 ? [] : [`memory: ${byMemory.join(', ')}`]),
  ]
  const others = big.length === 0 ? [] : fact('Who else was big', big.join('; '))
  if (machine === null) return others
  const fullest = machine.disks.toSorted((a, b) => b.percent - a.percent)[0]
  const disk =
    fullest === undefined
      ? ''
      : `, disk ${oneLine(fullest.name)} ${percentText(fullest.percent)} full (${bytesText(fullest.availableBytes)} left)`
  const memory = `memory ${percentText(machine.memoryPercent)} (${memoryText(machine.memoryAvailableBytes)} available)`
  return [...fact('The host then', `CPU ${percentText(machine.cpuPercent)}, ${memory}${disk}`), ...others]
}

function dependentsOf({ dependents }: ShownEvidence): readonly Fact[] {
  if (dependents.length === 0) return []
  const named = dependents.map(({ name, state }) => `${oneLine(name)} (${state ?? 'not there'})`)
  return fact('Who needs it', short(named.join(', '), PRINTED_CHARS))
}

/** The facts of a message, the most telling first; the page has all of it. */
export function factsOf(evidence: ShownEvidence): readonly Fact[] {
  const { logs, made } = evidence
  const lines = (logs?.lines ?? []).map(({ text }) => text).filter((line) => line.trim() !== '')
  return [
    ...endOf(evidence),
    ...checksOf(evidence),
    ...printed('Its last log lines', lines.slice(-PRINTED_LINES)),
    ...dependentsOf(evidence),
    ...machineOf(evidence),
    ...(made === null
      ? []
      : fact('Image', `${oneLine(made.image)}${made.restarts > 0 ? `, restarts: ${made.restarts}` : ''}`)),
  ]
}
