import { describe, expect, it } from 'vitest'
import type { Channel } from './channel.ts'
import { channelStatus, channelTrouble, type Queue } from './health.ts'
import { FRESH, type Lane } from './lane.ts'

const NOW = 1_800_000_000_000
const channel: Channel = {
  name: 'ses',
  doc: 'e-mail',
  copies: [['a']],
  wants: () => true,
  send: async () => ({ ok: true, answer: '' }),
}
const empty: Queue = { queued: 0, refused: 0, error: null, oldestAt: null, retryAt: null }
const one: Queue = { ...empty, queued: 1, oldestAt: NOW - 90_000 }
const refused: Queue = { ...one, refused: 1, error: 'no such user', retryAt: NOW + 1 }
const retrying: Lane = { ...FRESH, state: 'retrying', failures: 1, error: 'no', advice: 'wait' }
const blocked: Lane = { ...retrying, state: 'blocked' }

const look = (lane: Lane, queue: Queue) => {
  const status = channelStatus(channel, lane, queue)
  const trouble = channelTrouble(status, lane, queue, NOW)
  return [status.state, trouble === null ? 'well' : trouble.isDown ? 'down' : 'trouble']
}

describe('a channel', () => {
  it.each<[string, Lane, Queue, string[]]>([
    ['with nothing to do is well', FRESH, empty, ['ok', 'well']],
    ['that failed a moment ago is not down yet', retrying, { ...one, oldestAt: NOW - 5000 }, ['retrying', 'well']],
    ['that fails for longer than a minute is down', retrying, one, ['retrying', 'down']],
    ['that refuses the credentials is down at once', blocked, { ...one, oldestAt: NOW }, ['blocked', 'down']],
    [
      'with one refused recipient of several is in trouble',
      { ...FRESH, lastSentAt: NOW },
      refused,
      ['blocked', 'trouble'],
    ],
    [
      'that took nothing since is down',
      { ...FRESH, lastSentAt: NOW - 100_000, error: 'no' },
      refused,
      ['blocked', 'down'],
    ],
  ])('%s', (_, lane, queue, expected) => {
    expect(look(lane, queue)).toEqual(expected)
  })

  it('in trouble says what to do', () => {
    const status = channelStatus(channel, blocked, one)
    expect(channelTrouble(status, blocked, one, NOW)?.text).toBe(
      'e-mail: no (1 message waiting for 1 min 30 s). What to do: wait',
    )
  })
})
