import type { AlertEvent } from '@plimsoll/contracts/alert'
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { isoTime } from '@plimsoll/contracts/time'
import { describe, expect, it } from 'vitest'
import { cellsOf, rowOf } from './csv-cells.ts'
import { periodEnd, reportOf } from './digest.ts'
import { enter, linesOf, newLedger } from './ledger.ts'
import { type AlertMemory, newMemory } from './memory.ts'

const at = (text: string) => Date.parse(text)
const TO = at('2026-11-21T07:00:00Z')
const FROM = at('2026-11-20T07:00:00Z')

/** A line of the metrics file as the monitor writes it. */
function line(time: number, container: string, over: Readonly<Record<string, string>> = {}): string {
  const known: Readonly<Record<string, string>> = { time: isoTime(time), container, state: 'running', ...over }
  return CSV_COLUMNS.map(({ header }) => known[header] ?? '').join(',')
}

describe('the metrics file, read back', () => {
  it.each([
    ['a,b,', ['a', 'b', '']],
    ['a,"b, c","say ""hi"""', ['a', 'b, c', 'say "hi"']],
    ['"a",', ['a', '']],
  ])('%s', (text, cells) => {
    expect(cellsOf(text)).toEqual(cells)
  })

  it('has unknown as null, and passes over its header and what is torn', () => {
    expect(rowOf(line(TO, 'web', { cpu_percent: '12.5' }))).toMatchObject({
      cpuPercent: 12.5,
      responseMs: null,
      at: TO,
    })
    expect(rowOf(CSV_COLUMNS.map(({ header }) => header).join(','))).toBeNull()
    expect(rowOf('2026-11-21T07:00:00.000Z,h,we')).toBeNull()
  })
})

describe('the ledger', () => {
  it('adds up uptime, p95 and growth, with unknown left out', () => {
    const ledger = newLedger()
    for (let i = 0; i < 100; i++) {
      const state = i < 99 ? 'running' : 'exited'
      const memory = String(100e6 + i * 1e6)
      const row = rowOf(
        line(FROM + i * 10_000, 'web', { state, response_ms: String(i + 1), memory_used_bytes: memory }),
      )
      if (row !== null) enter(ledger, row)
    }
    const [web] = linesOf(ledger)
    expect(web).toMatchObject({ container: 'web', upPercent: 99, cpuMeanPercent: null })
    expect(Math.abs((web?.p95Ms ?? 0) - 95) / 95).toBeLessThan(0.03)
    expect(web?.memoryGrowthBytes).toBeGreaterThan(85e6)
  })
})

describe('the digest', () => {
  it.each([
    ['daily', '2026-11-21T08:00:00Z', '2026-11-21T07:00:00Z'],
    ['daily', '2026-11-21T06:59:59Z', '2026-11-20T07:00:00Z'],
    ['weekly', '2026-11-21T08:00:00Z', '2026-11-16T07:00:00Z'],
    ['weekly', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
  ] as const)('%s at %s is about the time until %s', (kind, now, end) => {
    expect(isoTime(periodEnd(kind, 7, at(now)))).toBe(isoTime(at(end)))
  })

  it('tells what failed, how each did, what was held back and what grew; and has it as CSV', () => {
    const event: AlertEvent = {
      time: at('2026-11-20T12:00:00Z'),
      severity: 'critical',
      state: 'firing',
      container: 'web',
      rule: 'container-down',
      summary: 'down: <exit code 137>',
      value: null,
      threshold: null,
      host: 'h1',
      id: '01KAH000000000000000000001',
    }
    const told: AlertMemory = {
      ...newMemory(event),
      firing: event,
      endedAt: event.time + 60_000,
      handling: { firing: 'told' },
    }
    const held: AlertMemory = {
      ...told,
      firing: { ...event, suppressed: 'dependency' },
      handling: { firing: 'suppressed' },
    }
    const containers = [
      { container: '=web', upPercent: 99.5, p95Ms: 12, cpuMeanPercent: null, memoryBytes: 1e8, memoryGrowthBytes: 5e7 },
    ]
    const digest = { kind: 'daily', from: FROM, to: TO, alerts: [told, held], containers } as const
    const report = reportOf(digest, { now: TO, publicUrl: 'http://watch.example' })
    expect(report.subject).toBe('Plimsoll daily 2026-11-21: 1 alert, 0 still firing')
    expect(report.key).toBe('digest.daily.2026-11-21')
    expect(report.text).toContain(
      '2026-11-20 12:00:00 UTC | web | container-down | down: <exit code 137> | over after 1 min',
    )
    expect(report.text).toContain('web | container-down | held back: dependency | 1')
    expect(report.text).toContain('=web | +47.7 MiB | 95.4 MiB')
    expect(report.html).toContain('down: &lt;exit code 137&gt;')
    expect(report.attachment.content.split('\r\n')[1]).toContain(",'=web,99.5,12,,100000000,50000000,")
  })
})
