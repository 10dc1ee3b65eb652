import { describe, expect, it } from 'vitest'
import { alert, container, engine, fleet, NOON } from '../../../tests/support/fake-fleet.ts'
import { type CheckInput, check, checkLine, VERDICTS } from './check.ts'

const base: CheckInput = {
  containers: { at: NOON, engine: engine(), containers: fleet() },
  alerts: [],
  health: { status: 'ok', problems: [] },
  container: null,
  rule: null,
}
const line = (other: Partial<CheckInput>) => checkLine(check({ ...base, ...other }))
const code = (other: Partial<CheckInput>) => VERDICTS[check({ ...base, ...other }).verdict]
const cpu = alert('high-cpu', 'worker-1', { summary: 'CPU 187.5 % of one core for 15 s, threshold 40 %' })
const down = alert('container-down', 'migrate', { severity: 'critical', summary: 'killed' })

describe('plimsoll check', () => {
  it('is OK while nothing fires, with numbers after the bar', () => {
    expect(line({})).toBe(
      'PLIMSOLL OK - 5 containers, 4 running, nothing fires | containers=5;;;0 running=4;;;0 critical=0;;0;0 warning=0;0;;0',
    )
    expect(code({})).toBe(0)
  })

  it('is as grave as the gravest alert, and tells of that one', () => {
    expect(code({ alerts: [cpu] })).toBe(1)
    expect(code({ alerts: [cpu, down] })).toBe(2)
    expect(line({ alerts: [cpu, down] })).toContain('CRITICAL - migrate: container-down: killed (and 1 more) |')
  })

  it('an alert that is over does not count', () => {
    expect(code({ alerts: [{ ...down, resolvedAt: NOON }] })).toBe(0)
  })

  it('of one container: only its alerts, and its own numbers with their thresholds', () => {
    expect(line({ container: 'web', alerts: [cpu, down] })).toBe(
      'PLIMSOLL OK - web is healthy, nothing fires | cpu=12.3%;40;;0 memory=41.4%;80;;0;100 ' +
        'memory_used=222298112B;;;0 response=0.012s;1;;0 restarts=0c',
    )
    expect(code({ container: 'worker-1', alerts: [cpu, down] })).toBe(1)
  })

  it('of one rule: only that rule', () => {
    expect(code({ rule: 'high-memory', alerts: [cpu, down] })).toBe(0)
    expect(code({ rule: 'high-cpu', alerts: [cpu, down] })).toBe(1)
    expect(code({ rule: 'high-cpu', container: 'web', alerts: [cpu] })).toBe(0)
  })

  it('a named container that does not run is a WARNING even when nothing fires', () => {
    expect(line({ container: 'migrate' })).toContain('WARNING - migrate is exited 137: killed (SIGKILL)')
    expect(code({ container: 'migrate', rule: 'high-cpu' })).toBe(0)
  })

  it('a number that is not known is U, never 0', () => {
    expect(line({ container: 'migrate' })).toContain('| cpu=U memory=U memory_used=U restarts=0c')
  })

  it.each<[string, Partial<CheckInput>]>([
    ['there is no such container', { container: 'nope' }],
    ['the monitor has stalled', { health: { status: 'stalled', problems: ['no sample for 40 s'] } }],
    [
      'the engine does not answer',
      {
        containers: {
          at: NOON,
          containers: [],
          engine: { state: 'unreachable', since: NOON, where: 'x', error: 'ENOENT', advice: '' },
        },
      },
    ],
  ])('is UNKNOWN when %s', (_, input) => {
    expect(code(input)).toBe(3)
  })

  it('no text of others can end the line or begin the numbers', () => {
    const evil = alert('high-cpu', 'web', { summary: 'a | cpu=0%\nPLIMSOLL OK \u001b[2J' })
    const text = line({ alerts: [evil], containers: { ...base.containers, containers: [container('web')] } })
    expect(text.split('|')).toHaveLength(2)
    expect(text).not.toMatch(/\p{Cc}/u)
  })
})
