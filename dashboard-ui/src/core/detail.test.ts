import { DETAILS, type DetailName, type DetailNumbers } from '@plimsoll/contracts/details'
import { describe, expect, it } from 'vitest'
import { detailRows } from './detail.ts'

const unknown = Object.fromEntries(Object.keys(DETAILS).map((name) => [name, null])) as Record<DetailName, null>

describe('the details of a container', () => {
  it('leave out what is unknown, and show 0 as 0', () => {
    const details: DetailNumbers = { ...unknown, oomKills: 0, memoryRssBytes: 1024 ** 2, cpuUserPercent: 12.34 }
    expect(detailRows(details).map(([label, value]) => [label, value])).toEqual([
      ['CPU in its own code', '12.3 %'],
      ['Anonymous memory', '1.00 MiB'],
      ['Killed for memory', '0'],
    ])
  })

  it('have a row for every detail of the contract', () => {
    const all = Object.fromEntries(Object.keys(DETAILS).map((name) => [name, 1])) as DetailNumbers
    expect(detailRows(all)).toHaveLength(Object.keys(DETAILS).length)
  })
})
