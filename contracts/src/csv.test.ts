import { describe, expect, it } from 'vitest'
import { CSV_COLUMNS } from './csv.ts'
import { METRIC_NAMES } from './metrics.ts'

describe('the CSV columns', () => {
  it('every metric has exactly one', () => {
    for (const name of METRIC_NAMES) expect(CSV_COLUMNS.filter((column) => column.from === name)).toHaveLength(1)
  })

  it('headers are unique and need no quotes', () => {
    const headers = CSV_COLUMNS.map((column) => column.header)
    expect(new Set(headers).size).toBe(headers.length)
    for (const header of headers) expect(header).toMatch(/^[a-z][a-z_]*$/)
  })

  it('keep their name and place: people have spreadsheets and scripts on them', () => {
    expect(CSV_COLUMNS.map((column) => column.header).join(',')).toBe(
      'time,host,container,id,image,state,health,cpu_percent,cpu_limit_percent,cpu_host_percent,throttled_percent,' +
        'memory_used_bytes,memory_limit_bytes,memory_percent,network_received_bytes,network_sent_bytes,' +
        'network_received_bytes_per_second,network_sent_bytes_per_second,block_read_bytes,block_written_bytes,' +
        'block_read_bytes_per_second,block_written_bytes_per_second,pids,response_ms,probe',
    )
  })
})
