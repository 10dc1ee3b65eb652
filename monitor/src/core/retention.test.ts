import { describe, expect, it } from 'vitest'
import { expired } from './retention.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)
const logs = { owned: ['container_alerts.log', 'container_monitor.log'], alertLog: 'container_alerts.log' }
const gone = (names: string[], isRead: (name: string) => boolean, keepMs = 14 * DAY) =>
  expired(names, logs, { now, keepMs, isRead })

describe('what may be deleted', () => {
  it('files past their time, and only ours', () => {
    const names = [
      'container_monitor.log',
      'container_alerts.log',
      'container_monitor.log.20261106T000000Z',
      'container_monitor.log.20261108T000000Z-2',
      'metrics-2026-11-05.csv',
      'metrics-2026-11-07.csv', // its last row was written until the end of that day
      'metrics-2026-11-05.csv.20261105T101010Z',
      'metrics-2020-01-01.csv.bak',
      'notes.txt',
      'other.log.20200101T000000Z',
      'evidence',
    ]
    expect(gone(names, () => true)).toEqual([
      'container_monitor.log.20261106T000000Z',
      'metrics-2026-11-05.csv',
      'metrics-2026-11-05.csv.20261105T101010Z',
    ])
  })

  it('a rotated alert log only once the alert service has read it, or after 30 days', () => {
    const names = ['20261020', '20261101', '20261102'].map((day) => `container_alerts.log.${day}T000000Z`)
    expect(gone(names, (name) => name === names[1])).toEqual([names[0], names[1]])
    expect(gone(names, () => false)).toEqual([names[0]])
  })

  it('a longer retention holds for unread ones too', () => {
    expect(gone(['container_alerts.log.20261001T000000Z'], () => false, 90 * DAY)).toEqual([])
  })
})
