/** `plimsoll check`: what fires, as a monitoring plugin says it: one line, numbers after the bar, an exit code. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainersAnswer, HealthAnswer } from '@plimsoll/contracts/http'
import { safe } from './safe-text.ts'
import { byUrgency, plural, stateText } from './words.ts'

/** The exit codes of the Monitoring Plugins guidelines. */
export const VERDICTS = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const
export type Verdict = keyof typeof VERDICTS

export interface Checked {
  readonly verdict: Verdict
  readonly text: string
  readonly perfdata: readonly string[]
}

export interface CheckInput {
  readonly containers: ContainersAnswer
  /** Those that fire. */
  readonly alerts: readonly AlertView[]
  readonly health: HealthAnswer
  readonly container: string | null
  readonly rule: string | null
}

/** The line for stdout, without its end: nothing in it can end the line or begin the numbers. */
export function checkLine({ verdict, text, perfdata }: Checked): string {
  const said = safe(text).replaceAll('|', '/')
  return `PLIMSOLL ${verdict} - ${said}${perfdata.length === 0 ? '' : ` | ${perfdata.join(' ')}`}`
}

export function unknown(why: string): Checked {
  return { verdict: 'UNKNOWN', text: why, perfdata: [] }
}

type Found = ContainersAnswer['containers'][number]

/** The verdict on everything, on one container, on one rule, or on one rule of one container. */
export function check(input: CheckInput): Checked {
  const { containers, health, container, rule } = input
  if (health.status === 'stalled')
    return unknown(`the monitor has stalled: ${health.problems.join('; ') || 'no samples'}`)
  const firing = byUrgency(input.alerts).filter(
    (alert) =>
      alert.resolvedAt === null &&
      (container === null || alert.container === container) &&
      (rule === null || alert.rule === rule),
  )
  const view = container === null ? null : (containers.containers.find(({ name }) => name === container) ?? null)
  const perfdata = container === null ? fleetNumbers(containers, firing) : view === null ? [] : containerNumbers(view)
  const [first] = firing
  if (first !== undefined)
    return { verdict: first.severity === 'critical' ? 'CRITICAL' : 'WARNING', text: firingText(firing), perfdata }
  const { engine } = containers
  if (engine.state !== 'connected')
    return unknown(
      engine.state === 'unreachable'
        ? `the engine does not answer: ${engine.error}`
        : 'the engine has not answered yet',
    )
  if (container !== null && view === null) return unknown(`there is no container "${container}"`)
  return { ...calm(input, view), perfdata }
}

function calm({ containers, container, rule }: CheckInput, view: Found | null): Omit<Checked, 'perfdata'> {
  if (view !== null && view.state !== 'running' && rule === null)
    return { verdict: 'WARNING', text: `${container} is ${stateText(view)}: ${view.span.why}` }
  if (rule !== null)
    return { verdict: 'OK', text: `${rule} does not fire${container === null ? '' : ` for ${container}`}` }
  if (view !== null) return { verdict: 'OK', text: `${container} is ${stateText(view)}, nothing fires` }
  const here = containers.containers.filter(({ state }) => state !== 'removed')
  const running = here.filter(({ state }) => state === 'running').length
  return { verdict: 'OK', text: `${plural(here.length, 'container')}, ${running} running, nothing fires` }
}

/** The gravest alert in full, the others by number. */
function firingText(firing: readonly AlertView[]): string {
  const [first] = firing
  if (first === undefined) return ''
  const more = firing.length === 1 ? '' : ` (and ${firing.length - 1} more)`
  return `${first.container ?? first.host}: ${first.rule}: ${first.summary}${more}`
}

/** `label=value[unit];warn;crit;min;max`; `U` is a value that is not known. */
function datum(label: string, value: number | null, unit: string, limits = ''): string {
  return value === null ? `${label}=U` : `${label}=${Number(value.toFixed(3))}${unit}${limits}`
}

function containerNumbers({ numbers, thresholds, restarts, probe }: Found): readonly string[] {
  return [
    datum('cpu', numbers.cpuPercent, '%', `;${thresholds.cpuPercent};;0`),
    datum('memory', numbers.memoryPercent, '%', `;${thresholds.memoryPercent};;0;100`),
    datum('memory_used', numbers.memoryUsedBytes, 'B', ';;;0'),
    ...(probe === null
      ? []
      : [
          datum(
            'response',
            numbers.responseMs === null ? null : numbers.responseMs / 1000,
            's',
            `;${thresholds.responseMs / 1000};;0`,
          ),
        ]),
    datum('restarts', restarts, 'c'),
  ]
}

function fleetNumbers({ containers }: ContainersAnswer, firing: readonly AlertView[]): readonly string[] {
  const here = containers.filter(({ state }) => state !== 'removed')
  const critical = firing.filter(({ severity }) => severity === 'critical').length
  return [
    datum('containers', here.length, '', ';;;0'),
    datum('running', here.filter(({ state }) => state === 'running').length, '', ';;;0'),
    datum('critical', critical, '', ';;0;0'),
    datum('warning', firing.length - critical, '', ';0;;0'),
  ]
}
