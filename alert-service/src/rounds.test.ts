import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AlertStage } from '../../tests/support/alert-stage.ts'
import { type FakeHook, startFakeHook } from '../../tests/support/fake-hook.ts'
import { heartbeat } from './rounds.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

let hook: FakeHook
let stage: AlertStage
let said: string[]

beforeEach(async () => {
  hook = await startFakeHook()
  stage = new AlertStage({ HEARTBEAT_URL: `${hook.url}/ping` })
  said = []
  stage.start()
})
afterEach(async () => {
  await stage.end()
  await hook.close()
})

const beatWhen = (isSilent: () => boolean) => {
  const log = pino({}, { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) })
  const { settings, desk } = stage.inside()
  const deps = { settings, desk, log, now: () => stage.now, status: () => stage.service.status() }
  return heartbeat(deps, isSilent, AbortSignal.timeout(5000))
}

describe('the heartbeat to a dead man’s switch', () => {
  it('is sent while monitor and alert service are both well', async () => {
    await beatWhen(() => false)()
    expect(hook.posts.map(({ path }) => path)).toEqual(['/ping'])
  })

  it('stops when the monitor is silent', async () => {
    await beatWhen(() => true)()
    expect(hook.posts).toEqual([])
  })

  it('that is not taken is said once, without its address', async () => {
    hook.answer(() => ({ status: 500 }))
    const beat = beatWhen(() => false)
    await beat()
    await beat()
    expect(said).toEqual(['HEARTBEAT_URL does not take the heartbeat: HTTP 500'])
  })
})
