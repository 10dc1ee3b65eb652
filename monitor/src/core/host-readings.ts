/** The host's levels as readings of its rules. */
import { memoryText, percentText } from '@plimsoll/contracts/text'
import { against, percentLimit } from './levels.ts'
import type { HostLevels } from './observation.ts'
import type { Rules } from './rules.ts'
import type { Reading } from './watch.ts'

/** A reading of a rule about one thing of the host. */
export interface HostTold {
  /** Names the watch: the rule, and for disks which. */
  readonly key: string
  readonly rule: string
  readonly reading: Reading
}

/** The host has no thresholds but those of the rules. */
const HOST = { thresholds: { cpuPercent: 0, memoryPercent: 0, responseMs: 0 } } as const

/** What a look at the host says. A level that is unknown says nothing. */
export function hostReadings(rules: Rules, { cpuPercent, memory, disks }: HostLevels): readonly HostTold[] {
  const told: HostTold[] = []
  const tell = (name: string, about: string | null, value: number, text: string) => {
    const rule = rules[name]
    if (rule?.watches.kind !== 'host') return
    const reading = against(rule, HOST, { value, text, show: percentLimit })
    told.push({ key: about === null ? name : `${name}:${about}`, rule: name, reading })
  }
  if (cpuPercent !== null) tell('host-cpu', null, cpuPercent, `CPU of the host ${percentText(cpuPercent)}`)
  if (memory !== null) {
    const { percent, usedBytes, totalBytes } = memory
    const text = `memory of the host ${percentText(percent)} (${memoryText(usedBytes)} of ${memoryText(totalBytes)})`
    tell('host-memory', null, percent, text)
  }
  for (const { name, percent, availableBytes } of disks) {
    const text = `disk ${JSON.stringify(name)} (${memoryText(availableBytes)} left) ${percentText(percent)} full`
    tell('host-disk', name, percent, text)
  }
  return told
}

/** Where the host's rules fire, for the marks of its levels; `null` where there is no such rule. */
export function hostThresholds(
  rules: Rules,
): { cpuPercent: number; memoryPercent: number; diskPercent: number } | null {
  const [cpu, memory, disk] = ['host-cpu', 'host-memory', 'host-disk'].map((name) => rules[name]?.above)
  if (typeof cpu !== 'number' || typeof memory !== 'number' || typeof disk !== 'number') return null
  return { cpuPercent: cpu, memoryPercent: memory, diskPercent: disk }
}
