import { TICK_METRICS } from '@plimsoll/contracts/live'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { expect, it } from 'vitest'
import { tickOf } from './tick.ts'

it('a tick holds a column for each metric, rounded to what a page shows; unknown stays null', () => {
  const numbers = { ...NO_NUMBERS, cpuPercent: 12.34567, memoryUsedBytes: 1000.4, pids: 3 }
  const tick = tickOf(5, [
    { no: 2, numbers },
    { no: 7, numbers: NO_NUMBERS },
  ])
  expect(tick).toMatchObject({
    at: 5,
    of: [2, 7],
    columns: { cpuPercent: [12.35, null], memoryUsedBytes: [1000, null], pids: [3, null], responseMs: [null, null] },
  })
  expect(Object.keys(tick.columns)).toEqual([...TICK_METRICS])
})
