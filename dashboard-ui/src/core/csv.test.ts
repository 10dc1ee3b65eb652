import { describe, expect, it } from 'vitest'
import { fleetCsv, seriesCsv } from './csv.ts'
import { container, tick } from './fixture.ts'
import { newRing, push } from './series.ts'

describe('what is shown, as CSV', () => {
  it('has the headers of the monitor’s own files, and empty cells for what is unknown', () => {
    const ring = newRing(1000)
    push(ring, tick(1000, [1], { cpuPercent: 1.23456, pids: 0 }), 0)
    push(ring, tick(9000, [1], { cpuPercent: 2 }), 0)
    const rows = seriesCsv({ history: null, ring, intervalMs: 1000 }, { from: 0, to: 10_000 }).split('\r\n')
    expect(rows[0]).toMatch(/^time,cpu_percent,cpu_limit_percent,memory_used_bytes,/)
    expect(rows[1]).toBe('1970-01-01T00:00:01.000Z,1.235,,,,,,,,,,0')
    expect(rows[2]).toBe('1970-01-01T00:00:09.000Z,2,,,,,,,,,,')
    expect(rows).toHaveLength(4)
  })

  it('cannot be taken for a formula by a spreadsheet', () => {
    const csv = fleetCsv([container({ image: '=cmd|"x"!A1', project: 'a,b' })], null)
    expect(csv.split('\r\n')[1]).toMatch(/^,dock,"a,b",web,"'=cmd\|""x""!A1",running,none,0,/)
  })
})
