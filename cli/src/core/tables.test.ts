import type { AlertView } from '@plimsoll/contracts/alert'
import { describe, expect, it } from 'vitest'
import { engine, fleet, fleetAlerts, NOON, status } from '../../../tests/support/fake-fleet.ts'
import { SAMPLE_HEAD, sampleRows } from './sample-rows.ts'
import { alertTable, asText, containerTable, firingLines, statusLines, watchLines } from './tables.ts'

const answer = { at: NOON, engine: engine(), containers: fleet() }

describe('plain output', () => {
  it('one table: numbers right, over the mark with a !, unknown as a dash', () => {
    expect(asText(containerTable(answer, fleetAlerts())).split('\n').slice(0, 6)).toEqual([
      'NAME      STATE             CPU    MEMORY  OF LIMIT     NET IN      OUT  RESTARTS  RESPONSE  FIRES',
      'evil      running         0.5 %  6.00 MiB     0.1 %          –        –         0',
      'migrate   exited 137          –         –         –          –        –         0            critical',
      'postgres  healthy         3.1 %   181 MiB     1.1 %          –        –         0',
      'web       healthy        12.3 %   212 MiB    41.4 %  1.50 kB/s  900 B/s         0  12 ms',
      'worker-1  running     187.5 % !   350 MiB  91.1 % !   120 kB/s    0 B/s         3            warning',
    ])
  })

  it('without containers it says so, or why none can be known', () => {
    expect(asText(containerTable({ ...answer, containers: [] }, []))).toBe('No containers.\n')
    const away = { state: 'unreachable', since: NOON, where: 'x', error: 'e', advice: 'a' } as const
    expect(asText(containerTable({ ...answer, engine: away, containers: [] }, []))).toBe('engine unreachable\n')
  })

  it('a line for a file begins with its time and holds no control character', () => {
    const lines = watchLines(answer)
    expect(lines[3]).toBe(
      '2026-11-21T12:00:00.000Z web healthy cpu=12.3 % mem=212 MiB (41.4 %) net=1.50 kB/s in, 900 B/s out restarts=0 response=12 ms',
    )
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })

  it('an alert for a file is one line whatever its sentence says', () => {
    const [line] = firingLines([{ ...(fleetAlerts()[0] as AlertView), summary: 'a\nb\u001b[2J' }], NOON)
    expect(line).toBe(
      '2026-11-21T12:00:00.000Z ALERT critical container-down migrate since 2026-11-21T11:30:00.000Z: a b�[2J',
    )
  })

  it('a sample has the columns of the metrics files, unknown as null', () => {
    const [row] = sampleRows([fleet()[3] as (typeof answer.containers)[number]], NOON)
    const cells = Object.fromEntries(SAMPLE_HEAD.map((name, i) => [name, row?.[i]]))
    expect(cells).toMatchObject({
      time: '2026-11-21T12:00:00.000Z',
      container: 'migrate',
      state: 'exited',
      id: 'ab12ab12ab12',
      cpu_percent: null,
      probe: null,
    })
  })

  it('alerts: what fires first, with what the resolved ones ended in', () => {
    const text = asText(alertTable(fleetAlerts(), NOON))
    expect(text).toMatch(/^firing {4}critical {2}container-down {2}migrate {2}since .*, for 30 min\n/)
    expect(text).toContain('resolved  warning   slow-response  web')
    expect(text).toContain('p95 12 ms; lasted 1 min')
    expect(asText(alertTable([], NOON))).toBe('No alerts.\n')
  })
})

describe('the status', () => {
  const ok = { status: 'ok', problems: [] } as const

  it('is well when monitor, engine, files and delivery are', () => {
    expect(statusLines(status(), ok, NOON).well).toBe(true)
    expect(asText(statusLines(status(), ok, NOON).lines)).toContain('own cost  1.4 % CPU, 88.0 MiB, 1 viewer')
  })

  it('is not well when a file cannot be written, the engine or the alert service is away', () => {
    const sinks = [{ name: 'metrics.csv', ok: false, error: 'no space left on device' }]
    const told = statusLines({ ...status(), sinks }, { status: 'degraded', problems: ['disk full'] }, NOON)
    expect(told.well).toBe(false)
    expect(asText(told.lines)).toContain('metrics.csv fails: no space left on device')
    const delivery = { reachable: false, since: NOON - 60_000, error: 'connection refused' } as const
    expect(statusLines({ ...status(), delivery }, ok, NOON).well).toBe(false)
  })
})
