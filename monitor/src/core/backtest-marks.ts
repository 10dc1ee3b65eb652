/** The turns of a container's stored life (spans, events) as the observations they once were. */
import type { FleetEvent, Span } from '@plimsoll/contracts/container'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { End, Observation, Subject } from './observation.ts'

/** Something that happened, told again at its time. */
export interface Mark {
  readonly at: EpochMs
  readonly observation: (subject: Subject) => Observation
}

// The words of ending.ts, reconcile.ts and registry.ts.
const PLANNED = /^(stopped|removed on purpose|ended with the engine)/
const GONE = /^(removed$|renamed to )/
const NO_END = /^(created, not started|was stopped at first sight|between two runs)/
const HEALTHS = ['healthy', 'unhealthy', 'starting'] as const

/** In order of time. What nobody could tell of (`unknown`) is left out: the judge then hears nothing. */
export function marksOf(spans: readonly Span[], events: readonly FleetEvent[]): readonly Mark[] {
  // While Compose replaces a container, the old one is removed when the new one runs under its name already.
  const matters = ({ kind, at }: FleetEvent) => kind !== 'removed' || !isUp(spans, at)
  return [...spans.flatMap(ofSpan), ...events.filter(matters).flatMap(ofEvent)].sort((a, b) => a.at - b.at)
}

function isUp(spans: readonly Span[], at: EpochMs): boolean {
  const span = spans.findLast(({ from }) => from <= at)
  return span?.condition === 'up' || span?.condition === 'paused'
}

function ofSpan({ from: at, condition, why }: Span): Mark[] {
  switch (condition) {
    case 'unknown':
      return []
    case 'up':
      return [{ at, observation: (subject) => ({ kind: 'running', subject, at }) }]
    case 'paused':
      return [{ at, observation: (subject) => ({ kind: 'paused', subject, at }) }]
    case 'down':
      if (NO_END.test(why)) return []
      if (GONE.test(why)) return [{ at, observation: (subject) => ({ kind: 'removed', subject, at }) }]
      return [{ at, observation: (subject) => ({ kind: 'ended', subject, end: endOf(at, why) }) }]
  }
}

/** The end that a span's words tell of. */
export function endOf(at: EpochMs, why: string): End {
  const code = /exit code (\d+)/.exec(why)?.[1]
  const oomKilled = why.startsWith('killed: out of memory')
  // Which signal it was does not matter to the rules, only that the engine was asked to send one.
  const signal = why.startsWith('killed by ') ? 9 : null
  const exitCode = code === undefined ? null : Number(code)
  return { at, planned: PLANNED.test(why), exitCode, signal, oomKilled, why }
}

function ofEvent({ at, kind, text }: FleetEvent): Mark[] {
  if (kind === 'oom') return [{ at, observation: (subject) => ({ kind: 'oom', subject, at }) }]
  if (kind === 'removed') return [{ at, observation: (subject) => ({ kind: 'removed', subject, at }) }]
  if (kind !== 'health') return []
  const [word = '', ...said] = text.split(': ')
  const health = HEALTHS.find((one) => one === word)
  if (health === undefined) return []
  const output = said.length === 0 ? null : said.join(': ')
  return [{ at, observation: (subject) => ({ kind: 'health', subject, at, health, output }) }]
}
