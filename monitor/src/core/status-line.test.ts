import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { containerView } from './fixtures/container-view.ts'
import { statusLines } from './status-line.ts'

const at = Date.UTC(2026, 10, 21, 11, 13, 50)
const numbers = {
  ...NO_NUMBERS,
  cpuPercent: 12.34,
  memoryUsedBytes: 81.2 * 1024 ** 2,
  memoryLimitBytes: 512 * 1024 ** 2,
  memoryPercent: 15.9,
  networkReceivedBytesPerSecond: 1200,
  networkSentBytesPerSecond: 3400,
  responseMs: 3.21,
  pids: 11,
}

describe('the status lines', () => {
  it('read well, one under the other', () => {
    const rows = [
      { view: containerView(), numbers },
      { view: containerView({ name: 'db', health: 'none', probe: null }), numbers: { ...numbers, responseMs: null } },
      { view: containerView({ name: 'new', health: 'none', probe: null }), numbers: NO_NUMBERS },
    ]
    expect(statusLines(rows, at)).toEqual([
      '2026-11-21 11:13:50 monitored-app    running    healthy    CPU   12.3 %  MEM  81.2 MiB / 512 MiB (15.9 %)   NET ↓1.20 kB/s  ↑3.40 kB/s   RESP 3.21 ms    PIDS 11',
      '2026-11-21 11:13:50 db               running               CPU   12.3 %  MEM  81.2 MiB / 512 MiB (15.9 %)   NET ↓1.20 kB/s  ↑3.40 kB/s   RESP –          PIDS 11',
      '2026-11-21 11:13:50 new              running               CPU        –  MEM               – / – (–)        NET ↓–          ↑–           RESP –          PIDS –',
    ])
  })

  it('a failed probe says what was wrong in place of the time', () => {
    const probe = { url: 'http://x/health', at, ok: false, responseMs: null, detail: 'timeout after 5 s' }
    expect(statusLines([{ view: containerView({ probe }), numbers }], at)[0]).toContain('RESP timeout after 5 s')
  })

  it('a stopped one says since when and why', () => {
    const why = 'killed by SIGKILL, exit code 137'
    const span = { from: at - 12_000, to: null, condition: 'down', why } as const
    const view = containerView({ state: 'exited', finishedAt: at - 12_000, span })
    expect(statusLines([{ view, numbers: NO_NUMBERS }], at)).toEqual([
      '2026-11-21 11:13:50 monitored-app    exited     since 2026-11-21 11:13:38 (12 s ago): killed by SIGKILL, exit code 137',
    ])
  })

  it('what a container names or prints cannot reach the terminal as anything but text', () => {
    const evil = 'x\u001b]0;pwned\u0007\r\nfake line\u202e\u0000'
    const span = { from: at, to: null, condition: 'down', why: evil } as const
    const view = containerView({ name: evil, state: 'exited', span })
    const [line = ''] = statusLines([{ view, numbers: NO_NUMBERS }], at)
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(line).toContain('x ]0;pwned fake line')
  })
})
