import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capBytes, nextStep } from './ballast.ts'
import { owed, restMs } from './burner.ts'
import { createTeller, reasonOf } from './database.ts'
import { smallContainer } from './fakes.ts'
import { hostAllowed } from './guard.ts'
import { healthOf } from './health.ts'
import type { Meter } from './meter.ts'
import { DEFAULT_MIX, DEMO_ROWS, pick, queryOf } from './queries.ts'
import { createBlocker, createCache, createCpuWork } from './work.ts'

const MIB = 1024 * 1024
const meter: Meter = { limits: smallContainer, read: () => ({ atMs: 0, cpuMs: 0, memoryBytes: 0 }) }

describe('a burner', () => {
  it.each([0.05, 0.15, 0.35, 0.65, 0.9, 1])('uses its share of %d of a core over time', (share) => {
    let [owedMs, wall, cpu] = [0, 0, 0]
    for (let turn = 0; turn < 2000; turn++) {
      const worked = owedMs > 0 ? Math.min(owedMs, 25) : 0
      const wallMs = worked > 0 ? worked : share < 1 ? restMs(owedMs, share) : 0.1
      const cpuMs = worked > 0 ? worked : share < 1 ? 0.01 : 0.1
      wall += wallMs
      cpu += cpuMs
      owedMs = owed(owedMs, { wallMs, cpuMs }, share)
    }
    expect(cpu / wall).toBeCloseTo(share, 2)
  })

  it('makes a short delay good and forgets a long one: no burst after a pause', () => {
    expect(owed(0, { wallMs: 60, cpuMs: 10 }, 0.5)).toBe(20)
    expect(owed(0, { wallMs: 60_000, cpuMs: 0 }, 0.5)).toBe(50)
  })

  it('never rests so long that it would miss a change by more than a tenth of a second', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1000, max: 50, noNaN: true }),
        fc.double({ min: 0.0001, max: 1, noNaN: true }),
        (o, share) => {
          const ms = restMs(o, share)
          return ms >= 0 && ms <= 100
        },
      ),
    )
  })
})

describe('the ballast', () => {
  const step = (heldMib: number, wantedMib: number, usedMib: number) =>
    nextStep({ heldBytes: heldMib * MIB, wantedBytes: wantedMib * MIB, usedBytes: usedMib * MIB }, meter)

  it.each([
    [0, 100, 40, 'grow'],
    [100, 100, 140, 'hold'],
    [99.5, 100, 140, 'hold'],
    [100, 50, 140, 'shrink'],
    [400, 500, 449, 'hold-capped'],
    [400, 500, 480, 'shrink'],
    [0, 100, 480, 'hold-capped'],
  ])('with %d MiB held, %d wanted and %d of 512 used: %s', (held, wanted, used, next) =>
    expect(step(held, wanted, used)).toBe(next),
  )

  it('never takes the container beyond its cap, so that a load cannot OOM it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 512 }), fc.integer({ min: 0, max: 65_536 }), (held, wanted) => {
        const used = held + 40
        if (step(held, wanted, used) === 'grow') expect((used + 8) * MIB).toBeLessThanOrEqual(capBytes(smallContainer))
      }),
    )
  })

  it('knows no cap for the load that asks for an OOM', () => {
    expect(step(500, Number.POSITIVE_INFINITY, 510)).toBe('grow')
  })

  it('takes a tenth of a host without a limit at most', () => {
    expect(capBytes({ ...smallContainer, memoryLimited: false, memoryBytes: 16_000 * MIB })).toBe(1600 * MIB)
  })
})

describe('queries', () => {
  it('come in the proportions of the mix', () => {
    const counts = { reads: 0, writes: 0, locks: 0, slow: 0 }
    for (let i = 0; i < 1000; i++) counts[pick(DEFAULT_MIX, i / 1000)]++
    expect(counts).toEqual({ reads: 600, writes: 250, locks: 100, slow: 50 })
  })

  it('never include a kind whose share is 0', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        return pick({ reads: 0, writes: 1, locks: 0, slow: 2 }, random).match(/writes|slow/) !== null
      }),
    )
  })

  it('touch the rows there are and no others: writes leave nothing behind', () => {
    for (const random of [0, 0.5, 0.9999999]) {
      const [id] = queryOf('writes', random).values
      expect(id).toBeGreaterThanOrEqual(1)
      expect(id).toBeLessThanOrEqual(DEMO_ROWS)
    }
  })
})

describe('work', () => {
  it('blocks half of the time at most, however many ask', () => {
    let now = 0
    let blocked = 0
    const block = createBlocker(
      () => now,
      (ms) => {
        now += ms
        blocked += ms
      },
    )
    for (; now < 20_000; now += 5) {
      try {
        block(700)
      } catch (error) {
        expect(error).toMatchObject({ code: 'too-busy' })
      }
    }
    expect(blocked / now).toBeLessThanOrEqual(0.52)
  })

  it('tells the 65th request at once to come again', async () => {
    const work = createCpuWork()
    const running = Array.from({ length: 64 }, () => work(0.01))
    await expect(work(0.01)).rejects.toMatchObject({ code: 'too-busy' })
    await Promise.all(running)
    await expect(work(0.01)).resolves.toBeUndefined()
  })

  it('caches for half a minute, 500 keys at most', () => {
    let now = 0
    const cache = createCache(() => now)
    expect([cache.get(1), cache.get(1)]).toEqual([false, true])
    now += 30_000
    expect(cache.get(1)).toBe(false)
    for (let key = 2; key < 502; key++) cache.get(key)
    expect(cache.get(501)).toBe(true)
    expect(cache.get(1)).toBe(false)
  })
})

describe('who may ask', () => {
  it.each(['localhost:8080', '127.0.0.1:8080', 'target-app:8080', 'monitored-app', '[::1]:8080', '192.168.1.7'])(
    '%s is answered',
    (host) => expect(hostAllowed(host)).toBe(true),
  )
  it.each([undefined, '', 'evil.example', 'evil.example:8080', 'localhost.evil.example', 'a b', '127.0.0.1.nip.io'])(
    '%s is not',
    (host) => expect(hostAllowed(host)).toBe(false),
  )
})

describe('health', () => {
  it('fails under an outage load though the database is well, and shows both', () => {
    const { status, body } = healthOf({ ok: true, latencyMs: 1 }, true)
    expect(status).toBe(503)
    expect(body).toMatchObject({ status: 'failing', database: { ok: true } })
  })
})

describe('reasonOf', () => {
  it('finds words in an error that has none: a refused name with two addresses', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })
    expect(reasonOf(new AggregateError([refused, refused]))).toBe('ECONNREFUSED')
    expect(reasonOf(new Error('password authentication failed'))).toBe('password authentication failed')
    expect(reasonOf('odd')).toBe('odd')
  })
})

describe('the log of the database’s troubles', () => {
  it('says each once, and when it is over', () => {
    const said: string[] = []
    const tell = createTeller({
      warn: (it: object) => void said.push(JSON.stringify(it)),
      info: (text: string) => void said.push(text),
    } as unknown as Parameters<typeof createTeller>[0])
    for (const wrong of [
      null,
      'no answer after 1499.2 ms',
      'no answer after 1500.1 ms',
      'ENOTFOUND',
      'ENOTFOUND',
      null,
      null,
    ])
      tell(wrong)
    expect(said).toEqual([
      '{"reason":"no answer after 1499.2 ms"}',
      '{"reason":"ENOTFOUND"}',
      'the database answers again',
    ])
  })
})
