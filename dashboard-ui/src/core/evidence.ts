/** Evidence in sentences: how it ended, whose memory ran out, how the machine was. */
import type { EvidenceEnd, EvidenceMachine, EvidenceMade, OomVerdict } from '@plimsoll/contracts/evidence'
import { bytesText, durationText, memoryText, percentText } from '@plimsoll/contracts/text'

/** `exited by itself, exit code 3; it had run for 2 h 10 min.` What was asked of the engine is told, the code is no proof. */
export function endText(end: EvidenceEnd): string {
  const ran = end.ranMs === null ? '' : `; it had run for ${durationText(end.ranMs)}`
  const sent = end.sentSignal === null ? '' : `; the engine was asked to send it ${end.sentSignal}`
  return `${end.why}${ran}${sent}.`
}

function usedText(oom: OomVerdict): string {
  return oom.lastUsedBytes === null ? '' : ` When last seen it used ${memoryText(oom.lastUsedBytes)}.`
}

/** Whose memory ran out, in one or two sentences. */
export function oomText(oom: OomVerdict): string {
  switch (oom.verdict) {
    case 'own-limit':
      return `It was killed at its own limit of ${memoryText(oom.limitBytes)}.${usedText(oom)}`
    case 'host':
      return `It was killed for memory without a limit of its own: the host ran out.${usedText(oom)}`
    case 'child':
      return `A process in it was killed for memory; the container lives on.${usedText(oom)}`
    case 'none':
      return `The engine told of no kill for memory.${usedText(oom)}`
  }
}

/** The machine then: `CPU 41 %, load 1.20, memory 63 % with 5.10 GiB left`. */
export function machineText(machine: EvidenceMachine): string {
  const { cpuPercent, stealPercent, load1, memoryPercent, memoryAvailableBytes, swapUsedBytes, disks } = machine
  const parts = [
    cpuPercent === null ? null : `CPU ${percentText(cpuPercent, 0)}`,
    stealPercent === null || stealPercent < 1 ? null : `${percentText(stealPercent, 0)} of it given to other machines`,
    load1 === null ? null : `load ${load1.toFixed(2)}`,
    memoryPercent === null
      ? null
      : `memory ${percentText(memoryPercent, 0)} with ${memoryText(memoryAvailableBytes)} left`,
    swapUsedBytes === null || swapUsedBytes === 0 ? null : `${memoryText(swapUsedBytes)} in swap`,
    ...disks.map(
      ({ name, percent, availableBytes }) =>
        `disk ${name} ${percentText(percent, 0)} with ${bytesText(availableBytes)} left`,
    ),
  ]
  return parts.filter((part) => part !== null).join(', ') || 'unknown'
}

/** What it was made of, as names and values. */
export function madeRows(made: EvidenceMade): readonly (readonly [string, string])[] {
  const cores = made.cpuLimitCores
  return [
    ['Image', made.image],
    ['Digest', made.imageDigest ?? '–'],
    ['Container id', made.containerId.slice(0, 12)],
    ['Restart policy', made.restartPolicy ?? '–'],
    ['Restarts by it', String(made.restarts)],
    ['CPU limit', cores === null ? 'none' : cores === 1 ? '1 core' : `${cores} cores`],
    ['Memory limit', made.memoryLimitBytes === null ? 'none' : memoryText(made.memoryLimitBytes)],
    ['Limit of processes', made.pidsLimit === null ? 'none' : String(made.pidsLimit)],
    ['Project', [made.project, made.service].filter(Boolean).join(' / ') || '–'],
  ]
}
