/** What a container's `plimsoll.*` and Compose labels say of how it is watched. */
import { SEVERITIES, type Severity } from '@plimsoll/contracts/alert'
import { duration, httpUrl, oneOf, percent } from '@plimsoll/contracts/setting-kinds'
import type { Kind } from '@plimsoll/contracts/settings'
import * as v from 'valibot'
import type { Labels } from './engine-words.ts'
import type { Subject } from './observation.ts'
import { oneLine } from './sentences.ts'

const MAX_NAME_CHARS = 100

export interface Wishes {
  /** `plimsoll.enable=false` leaves a container out altogether. */
  readonly enabled: boolean
  readonly thresholds: Subject['thresholds']
  /** Which of them are the labels'. */
  readonly labelled: NonNullable<Subject['labelled']>
  /** `null` keeps each rule's own. */
  readonly severity: Severity | null
  /** `plimsoll.expect=up`: somebody counts on it. */
  readonly expectedUp: boolean
  readonly healthUrl: string | null
  readonly project: string | null
  readonly service: string | null
  /** Labels that could not be understood, a sentence each; what they override keeps its setting. */
  readonly problems: readonly string[]
}

/** Docker counts 100 a core; more cores than this no host has. */
const MAX_CPU_PERCENT = 100_000

/** Compose's names are short; a label of that name may hold anything. */
function nameIn(label: string | undefined): string | null {
  return label === undefined || label === '' ? null : oneLine(label).slice(0, MAX_NAME_CHARS)
}

/**
 * Reads the labels over the defaults of the settings. A label that cannot be understood changes nothing and is told in
 * `problems`: a container must not be able to break the monitor by what it calls itself.
 */
export function wishesOf(labels: Labels, defaults: Subject['thresholds']): Wishes {
  const problems: string[] = []
  const labelled: (keyof Subject['thresholds'])[] = []
  const read = <T>(name: string, kind: Kind<T>, fallback: T): T => {
    const text = labels[name]
    if (text === undefined || text.trim() === '') return fallback
    const parsed = v.safeParse(kind, text)
    if (parsed.success) return parsed.output
    problems.push(`label ${name}=${JSON.stringify(text.slice(0, 100))}: ${parsed.issues[0].message}`)
    return fallback
  }
  const limit = (key: keyof Subject['thresholds'], name: string, kind: Kind<number>): number => {
    const value = read(name, nullable(kind), null)
    if (value !== null) labelled.push(key)
    return value ?? defaults[key]
  }
  const nullable = <T>(kind: Kind<T>): Kind<T | null> => kind
  const responseTime = duration({ min: '1ms', max: '10m', bare: 'ms' })
  return {
    enabled: read('plimsoll.enable', oneOf(['true', 'false']), 'true') === 'true',
    thresholds: {
      cpuPercent: limit('cpuPercent', 'plimsoll.cpu.threshold', percent({ max: MAX_CPU_PERCENT })),
      memoryPercent: limit('memoryPercent', 'plimsoll.memory.threshold', percent({ max: 100 })),
      responseMs: limit('responseMs', 'plimsoll.response.threshold', responseTime),
    },
    labelled,
    severity: read('plimsoll.severity', nullable(oneOf(SEVERITIES)), null),
    expectedUp: read('plimsoll.expect', nullable(oneOf(['up', 'any'])), null) === 'up',
    healthUrl: read('plimsoll.health.url', nullable(httpUrl()), null),
    project: nameIn(labels['com.docker.compose.project']),
    service: nameIn(labels['com.docker.compose.service']),
    problems,
  }
}

/** A label has no bound in the engine; what is longer than this says nothing to us. */
const MAX_LABEL_CHARS = 4096

/** The labels that anything here reads. Some images carry pages of others, for as long as they run. */
export function labelsThatMatter(labels: Labels): Labels {
  const ours = Object.entries(labels).filter(
    ([name, value]) => /^(plimsoll\.|com\.docker\.compose\.|exitCode$)/.test(name) && value.length <= MAX_LABEL_CHARS,
  )
  return Object.fromEntries(ours)
}
