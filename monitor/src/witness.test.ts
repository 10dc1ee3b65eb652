import type { AlertEvent } from '@plimsoll/contracts/alert'
import { parseEvidence } from '@plimsoll/contracts/evidence-file'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newBook } from './core/alert-book.ts'
import type { EngineEvent } from './core/engine-words.ts'
import { running, type Story } from './core/fleet-story.ts'
import { newHistory } from './core/history.ts'
import type { InspectedMore } from './core/inspect-more.ts'
import { judge } from './core/judge.ts'
import type { Engine, LogSource, LogTail } from './io/engine.ts'
import { Witness } from './witness.ts'

const MORE: InspectedMore = {
  imageDigest: 'sha256:1',
  createdAt: 1,
  restartPolicy: 'no',
  pidsLimit: null,
  health: null,
  secrets: [],
}
const LOG: LogTail = { lines: [{ at: 1, stream: 'stdout', text: 'bye' }], truncated: false }

/** One that is written of a container `web` that the fleet has. */
let one: Story
let witness: Witness
/** What was put where, in order: `file 1`, `line 1`. */
let done: string[]
let texts: Map<string, string>
let asked: string[]
let underWay: number
let most: number
/** How long the engine and the disk take. */
let engineMs: number
let diskMs: number
let diskWorks: boolean
let view: () => null

const later = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms))

async function answer<T>(what: string, value: T): Promise<T> {
  asked.push(what)
  most = Math.max(most, ++underWay)
  await later(engineMs, null)
  underWay--
  return value
}

function event(n: number, more: Partial<AlertEvent> = {}): AlertEvent {
  const about = { severity: 'critical', state: 'firing', container: 'web', rule: 'container-down' } as const
  const id = String(n).padStart(26, '0')
  return { time: one.now, ...about, summary: 's', value: null, threshold: null, host: 'h', id, ...more }
}

const say = (n: number, more: Partial<AlertEvent> = {}) => witness.append(`line ${n}`, event(n, more))
const evidence = (n: number) => parseEvidence(texts.get(event(n).id) ?? '')

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  one = running()
  view = () => null
  ;[done, texts, asked] = [[], new Map(), []]
  ;[underWay, most, engineMs, diskMs, diskWorks] = [0, 0, 10, 5, true]
  let book = newBook({ host: 'h', seed: '0123456789ab', now: one.now })
  for (const observation of one.observations) [book] = judge(book, observation, one.now)
  const engine = {
    logs: (id: string) => answer(`logs ${id}`, LOG),
    inspect: (id: string) => answer(`inspect ${id}`, { more: MORE }),
    events: async (_since: number | null, onEvent: (event: EngineEvent) => void) => {
      tell = onEvent
      return { ended: new Promise(() => {}), close: () => {} }
    },
  } as unknown as Engine & LogSource
  const write = async (id: string, make: () => string) => {
    await later(diskMs, null)
    if (diskWorks) texts.set(id, make())
    done.push(`file ${Number(id)}`)
    return diskWorks
  }
  witness = new Witness({
    engine,
    fleet: one.fleet,
    history: newHistory(1000),
    host: { view: () => view() },
    files: {
      evidence: { write, read: async (id) => texts.get(id) ?? null, retry: async () => {}, tidy: async () => [] },
      alerts: { append: (line) => done.push(line) },
    },
    bridge: () => ({ book, events: [], roundAt: one.now, numbersOf: () => NO_NUMBERS }),
    past: { events: () => [{ at: one.now - 1000, no: 1, container: 'web', kind: 'died', text: 'before' }] },
    set: { LOG_RETENTION: 86_400_000 },
    log: pino({ level: 'silent' }),
    now: () => Date.now(),
  })
})
let tell: (event: EngineEvent) => void = () => {}
afterEach(async () => {
  await Promise.all([witness.close(), vi.runAllTimersAsync()])
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('an alert that fires', () => {
  it('has its evidence on the disk before its line goes out', async () => {
    say(1)
    await pass(100)
    expect(done).toEqual(['file 1', 'line 1'])
    expect(evidence(1)).toMatchObject({ id: event(1).id, logs: LOG, made: { imageDigest: 'sha256:1' } })
    expect(evidence(1)?.missing.join()).not.toMatch(/logs|inspect/)
    expect(evidence(1)?.changes.map(({ text }) => text)).toEqual(['before'])
  })

  it('does not wait for an engine that is slow; what comes late is brought in', async () => {
    engineMs = 3000
    say(1)
    await pass(199)
    expect(done).toEqual([])
    await pass(30)
    expect(done).toEqual(['file 1', 'line 1'])
    expect(evidence(1)).toMatchObject({ logs: null, missing: expect.arrayContaining(['logs: not within 200 ms']) })
    await pass(3000)
    expect(done).toEqual(['file 1', 'line 1', 'file 1'])
    expect(evidence(1)).toMatchObject({ logs: LOG })
  })

  it('does not wait for longer than a quarter of a second for a disk', async () => {
    diskMs = 5000
    say(1)
    await pass(249)
    expect(done).toEqual([])
    await pass(2)
    expect(done).toEqual(['line 1'])
  })

  it('goes out also where its evidence cannot be written', async () => {
    diskWorks = false
    say(1)
    await pass(100)
    expect(done).toEqual(['file 1', 'line 1'])
  })

  it('goes out also where gathering fails', () => {
    view = () => {
      throw new Error('a fault')
    }
    say(1)
    expect(done).toEqual(['line 1'])
  })

  it('of the host has evidence too, for which the engine is not asked', async () => {
    say(1, { container: null, rule: 'host-cpu' })
    await pass(10)
    expect(done).toEqual(['file 1', 'line 1'])
    expect(asked).toEqual([])
  })
})

describe('the lines of the alert log', () => {
  it('stay in order, whatever waits for what', async () => {
    engineMs = 150
    say(1)
    await pass(10)
    say(1, { state: 'resolved' })
    witness.append('line 2', event(2, { state: 'acknowledged' }))
    say(3, { container: null })
    await pass(300)
    expect(done.filter((what) => what.startsWith('line'))).toEqual(['line 1', 'line 1', 'line 2', 'line 3'])
  })

  it('that fire nothing go out at once', () => {
    say(1, { state: 'resolved' })
    expect(done).toEqual(['line 1'])
  })

  it('that wait go out when the monitor is told to stop', async () => {
    engineMs = 60_000
    say(1)
    say(2)
    const closed = witness.close()
    expect(done).toEqual(['line 1', 'line 2'])
    say(3)
    expect(done.at(-1)).toBe('line 3')
    await pass(500)
    await closed
  })
})

describe('a thousand alerts in a second', () => {
  it('do not ask the engine three thousand times, keep no line back, and say what is missing', async () => {
    engineMs = 100
    const began = Date.now()
    for (let n = 1; n <= 1000; n++) say(n)
    while (done.filter((what) => what.startsWith('line')).length < 1000) await pass(10)
    expect(Date.now() - began).toBeLessThan(300)
    expect(most).toBeLessThanOrEqual(4)
    expect(asked.length).toBeLessThanOrEqual(40)
    const lines = done.filter((what) => what.startsWith('line'))
    expect(lines).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${i + 1}`))
    await pass(5000)
    expect(texts.size).toBe(1000)
    expect(evidence(1)?.logs).toEqual({ ...LOG, maskedLines: 0 })
    expect(evidence(900)).toMatchObject({
      logs: null,
      missing: expect.arrayContaining(['logs: too many alerts at once']),
    })
  })
})

describe('a container that ends', () => {
  const die = (more: Partial<EngineEvent> = {}) =>
    tell({ action: 'die', id: 'a', at: Date.now(), name: 'web', image: '', health: null, attributes: {}, ...more })

  it('has its log read at once, and not again for its alert', async () => {
    await witness.heard().events(null, () => {})
    die()
    expect(asked).toEqual(['logs a'])
    await pass(50)
    say(1)
    await pass(50)
    expect(asked).toEqual(['logs a', 'inspect a'])
    expect(evidence(1)).toMatchObject({ logs: LOG })
  })

  it('that was long ago is not asked about when the engine tells of it again', async () => {
    await witness.heard().events(null, () => {})
    die({ at: Date.now() - 60_000 })
    die({ id: 'unknown' })
    expect(asked).toEqual([])
  })
})

describe('an alert that is held back', () => {
  const held = { suppressed: 'container-restart-loop', by: 'x' }

  it('has evidence once in ten minutes, so that a crash loop of a day does not push all else out', async () => {
    for (const n of [1, 2]) say(n, held)
    say(3, { ...held, rule: 'slow-response' })
    say(4)
    say(5, { ...held, time: one.now + 600_000 })
    await pass(300)
    expect([...texts.keys()].map(Number).sort()).toEqual([1, 3, 4, 5])
    expect(done.filter((what) => what.startsWith('line'))).toHaveLength(5)
  })
})

describe('who asks for evidence', () => {
  it('waits for one that is being gathered', async () => {
    say(1)
    const answer = witness.evidence(event(1).id)
    await pass(100)
    expect(await answer).toMatchObject({ id: event(1).id })
    expect(await witness.evidence(event(2).id)).toBeNull()
  })
})
