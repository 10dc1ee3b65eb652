import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAlertTail } from './alert-tail.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-tail-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const event = (time: number): AlertEvent => ({
  ...{ time, severity: 'critical', state: 'firing', container: 'web', rule: 'container-down', summary: 'ended' },
  ...{ value: null, threshold: null, host: 'web1', id: '01KAH0000000000000000000AB' },
})
const write = (name: string, ...times: number[]) =>
  writeFileSync(join(dir, name), times.map((time) => `${encode(event(time))}\n`).join(''))
const times = async (maxBytes?: number) => {
  const { events, completeSince } = await readAlertTail(dir, maxBytes)
  return { times: events.map(({ time }) => time), completeSince }
}

describe('the end of the alert log', () => {
  it('of no log is none', async () => {
    expect(await times()).toEqual({ times: [], completeSince: null })
    expect(await readAlertTail(join(dir, 'missing'))).toEqual({ events: [], completeSince: null })
  })

  it('runs over rotated files in the order of their rotation', async () => {
    write(`${ALERT_LOG}.20261121T111355Z`, 1)
    write(`${ALERT_LOG}.20261121T111355Z-2`, 3)
    write(`${ALERT_LOG}.20261121T111355Z-10`, 4)
    write(`${ALERT_LOG}.20261121T111355Z-1`, 2)
    write(`${ALERT_LOG}.20261122T000000Z`, 5)
    write(`${ALERT_LOG}.bak`, 99)
    write(ALERT_LOG, 6, 7)
    expect(await times()).toEqual({ times: [1, 2, 3, 4, 5, 6, 7], completeSince: 0 })
  })

  it('passes over what is no line, a torn one too', async () => {
    writeFileSync(join(dir, ALERT_LOG), `${encode(event(1))}\ntime=2026 tor\n\n${encode(event(2))}\ntime=20`)
    expect(await times()).toEqual({ times: [1, 2], completeSince: 0 })
  })

  it('is bounded, and says from when on it is whole', async () => {
    write(`${ALERT_LOG}.20261121T111355Z`, 1)
    write(ALERT_LOG, 2, 3, 4)
    const line = encode(event(1)).length + 1
    expect(await times(2 * line + 5)).toEqual({ times: [3, 4], completeSince: 3 })
    expect(await times(3 * line + 5)).toEqual({ times: [2, 3, 4], completeSince: 2 })
    expect(await times(4 * line + 5)).toEqual({ times: [1, 2, 3, 4], completeSince: 0 })
  })
})
