import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import type { Log } from '@plimsoll/runtime/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lifeOf } from './core/fleet.ts'
import { answer, START, type Story, story } from './core/fleet-story.ts'
import { newHistory } from './core/history.ts'
import { Past } from './past.ts'

const DAY = 86_400_000
const quiet = { info: () => undefined, warn: () => undefined } as unknown as Log
const labels = {
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': 'web',
  'com.docker.compose.container-number': '1',
}
const numbers = { ...NO_NUMBERS, cpuPercent: 7 }

let dir = ''
let pasts: Past[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-past-'))
  pasts = []
})
afterEach(() => {
  for (const past of pasts) past.close()
  rmSync(dir, { recursive: true, force: true })
})

function pastOf(one: Story): Past {
  const set = { STATE_DIR: dir, HISTORY_RETENTION: [DAY, DAY, DAY], HISTORY_MAX_SIZE: 2 ** 30 }
  const past = new Past({ fleet: one.fleet, history: newHistory(1000), set, log: quiet, now: () => one.now })
  pasts.push(past)
  return past
}

function sample(past: Past, one: Story, name: string, at = one.now): void {
  const life = lifeOf(one.fleet, name)
  if (life === undefined) throw new Error(`${name} is not there`)
  past.sample(life, at, numbers)
}

const ask = (past: Past, name: string, now: number) =>
  past.answer({ name, from: START - 10_000, to: now + 10_000, points: 100, metrics: null, now: now + 10_000 })

describe('the past of a fleet', () => {
  it('a service that Compose creates anew goes on where the old container ended', () => {
    const one = story()
    const past = pastOf(one)
    one.list([answer({ labels, name: 'shop-web-1' })])
    one.inspect({ labels, name: 'shop-web-1' })
    sample(past, one, 'shop-web-1')
    one.wait(60_000)
    // While it is replaced the old one stands aside under another name, and both are there.
    const old = answer({ labels, name: 'a_shop-web-1', state: 'exited', finishedAt: one.now, exitCode: 0 })
    const fresh = answer({ id: 'b', labels, name: 'shop-web-1', image: 'web:2', startedAt: one.now })
    one.list([old, fresh])
    one.inspect(old)
    one.inspect(fresh)
    sample(past, one, 'shop-web-1')
    expect(ask(past, 'shop-web-1', one.now)?.columns.cpuPercent?.filter((value) => value !== null)).toEqual([7, 7])
    expect(past.removed()).toEqual([])
  })

  it('what the engine no longer has is listed, and can be asked for by its name', () => {
    const one = story()
    const past = pastOf(one)
    one.list([answer()])
    one.inspect()
    sample(past, one, 'web')
    one.wait(5000)
    past.close()
    const later = story()
    later.now += 3_600_000
    const next = pastOf(later)
    expect(next.removed()).toMatchObject([{ name: 'web', host: 'h', image: 'web:1', firstAt: START }])
    expect(ask(next, 'web', later.now)).toMatchObject({ columns: { cpuPercent: [7] }, spans: [{ condition: 'up' }] })
    expect(ask(next, 'never', later.now)).toBeNull()
  })

  it('events are turned page by page, over restarts of the monitor', () => {
    const one = story()
    const past = pastOf(one)
    for (let i = 0; i < 10; i++)
      past.event({ at: START + i, no: i, container: 'web', kind: 'died', text: `death ${i}` })
    past.close()
    const next = pastOf(one)
    next.event({ at: START + 10, no: 0, container: 'web', kind: 'started', text: 'birth' })
    const texts = (to: number) => next.events({ container: null, from: 0, to, limit: 4 }).map(({ text }) => text)
    expect(texts(Number.MAX_SAFE_INTEGER)).toEqual(['birth', 'death 9', 'death 8', 'death 7'])
    expect(texts(START + 7 - 1)).toEqual(['death 6', 'death 5', 'death 4', 'death 3'])
  })
})
