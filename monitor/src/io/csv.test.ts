import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { METRIC_NAMES, NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { csvRow } from '../core/csv-row.ts'
import { containerView } from '../core/fixtures/container-view.ts'
import { csvHeader, csvText } from './csv.ts'

const at = Date.UTC(2026, 10, 21, 11, 13, 55, 99)

function read(text: string): Record<string, string>[] {
  return parse(`${csvHeader()}${text}\n`, { columns: true })
}

describe('the metrics file', () => {
  it('has every metric as a column, and a cell for every column', () => {
    const from: readonly string[] = CSV_COLUMNS.map((column) => column.from)
    expect(METRIC_NAMES.filter((name) => !from.includes(name))).toEqual([])
    expect(csvRow(containerView(), NO_NUMBERS, at)).toHaveLength(CSV_COLUMNS.length)
  })

  it('writes numbers as numbers, sensibly rounded, and unknown as an empty cell', () => {
    const numbers = { ...NO_NUMBERS, cpuPercent: 12.345678, memoryUsedBytes: 1234.5, pids: 0, responseMs: 3.21456 }
    const [row] = read(csvText([csvRow(containerView(), numbers, at)]))
    expect(row).toMatchObject({
      time: '2026-11-21T11:13:55.099Z',
      container: 'monitored-app',
      cpu_percent: '12.35',
      memory_used_bytes: '1235',
      pids: '0',
      response_ms: '3.21',
      memory_percent: '',
      probe: 'ok',
    })
  })

  it.each(['=cmd()', '+1', '-1', '@x', ' =1+1', '\t=1', '＝1', 'a,"b"', 'a;=b'])(
    'keeps %j from being a formula',
    (image) => {
      const [row] = read(csvText([csvRow(containerView({ image }), NO_NUMBERS, at)]))
      expect(row?.image).not.toMatch(/^\s*[=+\-@＝]/)
      expect(row?.image?.replace(/^'/, '').trim()).toBe(image.trim())
    },
  )

  it('leaves a negative number a number', () => {
    expect(csvText([[-1.5, null, 'x']])).toBe('-1.5,,x')
  })

  it('a name with line breaks and control characters stays one row', () => {
    const name = 'a\r\nb\u2028c\u001b[31m'
    const text = csvText([csvRow(containerView({ name }), NO_NUMBERS, at)])
    expect(text.split('\n')).toHaveLength(1)
    expect(read(text)[0]?.container).toBe('a b c [31m')
  })

  it('no rows are no text', () => expect(csvText([])).toBe(''))
})
