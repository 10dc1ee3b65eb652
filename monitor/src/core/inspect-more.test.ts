import { MASKED } from '@plimsoll/contracts/evidence'
import { describe, expect, it } from 'vitest'
import { moreOf } from './inspect-more.ts'

const answer = (state: object = {}, host: object = {}) => ({
  Image: 'sha256:ab',
  Created: '2026-11-21T12:00:00.5Z',
  State: state,
  HostConfig: host,
})
const check = (output: string, more: object = {}) => ({
  Start: '2026-11-21T12:00:00.000000001+01:00',
  End: '2026-11-21T12:00:00.250000001+01:00',
  ExitCode: 1,
  Output: output,
  ...more,
})

describe('what inspect says beside what the fleet keeps', () => {
  it('is the digest, when it was made, and nothing of a health check where there is none', () => {
    expect(moreOf(answer())).toEqual({
      imageDigest: 'sha256:ab',
      createdAt: Date.UTC(2026, 10, 21, 12, 0, 0, 500),
      restartPolicy: null,
      pidsLimit: null,
      health: null,
      secrets: [],
    })
  })

  it.each([
    [{ Name: '', MaximumRetryCount: 0 }, 'no'],
    [{ Name: 'always' }, 'always'],
    [{ Name: 'on-failure', MaximumRetryCount: 3 }, 'on-failure:3'],
  ])('a restart policy %o is %s', (RestartPolicy, text) =>
    expect(moreOf(answer({}, { RestartPolicy }))?.restartPolicy).toBe(text),
  )

  it.each([
    [100, 100],
    [0, null],
    [-1, null],
    [null, null],
  ])('a PidsLimit of %s is %s', (PidsLimit, limit) => expect(moreOf(answer({}, { PidsLimit }))?.pidsLimit).toBe(limit))

  it('health checks are the last five, with how long they took, masked and cut', () => {
    const Log = Array.from({ length: 7 }, (_, i) => check(`${i} password=x1 ${'z'.repeat(4096)}\n`))
    const health = moreOf(answer({ Health: { Status: 'unhealthy', FailingStreak: 7, Log } }))?.health
    expect(health?.failingStreak).toBe(7)
    expect(health?.checks).toHaveLength(5)
    expect(health?.checks[0]).toMatchObject({ startedAt: Date.UTC(2026, 10, 21, 11), tookMs: 250, exitCode: 1 })
    expect(health?.checks[0]?.output.startsWith(`2 password=${MASKED} z`)).toBe(true)
    expect(health?.checks[0]?.output).toHaveLength(2000)
  })

  it('what its environment keeps secret is masked in what its health check printed', () => {
    const Config = { Env: ['API_KEY=0123456789abcdefgh'] }
    const more = moreOf({ ...answer({ Health: { Log: [check('curl: 401 for 0123456789abcdefgh')] } }), Config })
    expect(more?.health?.checks[0]?.output).toBe(`curl: 401 for ${MASKED}`)
  })

  it('what makes no sense is unknown, and never breaks the rest', () => {
    const more = moreOf(
      answer({ Health: { Log: [1, null, check('', { Start: 5, End: 'x' })] } }, { PidsLimit: 'many' }),
    )
    expect(more).toMatchObject({ pidsLimit: null, health: { failingStreak: null, checks: [{ tookMs: null }] } })
    expect(moreOf(null)).toBeNull()
    expect(moreOf({ Image: 1 })).toBeNull()
  })
})
