import type { Span } from '@plimsoll/contracts/container'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hints, uptimeOf } from './uptime.ts'

const S = 1000
const HOUR = 3600 * S

/** A life as a script: `up 600 | down 23 killed | …`, seconds each, from `from` on; the last stretch is open. */
function script(text: string, from = 0): Span[] {
  let at = from
  const parts = text.split(' | ').map((part): Span => {
    const [condition = '', seconds = '', ...why] = part.split(' ')
    const start = at
    at += Number(seconds) * S
    return { from: start, to: at, condition: condition as Span['condition'], why: why.join(' ') }
  })
  const last = parts.at(-1)
  return last === undefined ? [] : [...parts.slice(0, -1), { ...last, to: null }]
}

/** The uptime of a script between two seconds. */
function of(life: string, fromS: number, toS: number, hints: Partial<Hints> = {}) {
  return uptimeOf(script(life), { from: fromS * S, to: toS * S }, { removedAt: [], alarmedAt: [], ...hints })
}

describe('uptime', () => {
  const hour =
    'up 600 | down 23 killed by SIGKILL, exit code 137 (SIGKILL) | up 1200 | down 61 stopped on purpose, exit code 0' +
    ' | up 1000 | paused 30 paused | unknown 86 engine unreachable | up 599 | down 1 exited by itself, exit code 1'

  it('of a scripted hour is exact to the second', () => {
    expect(of(hour, 0, 3600)).toMatchObject({
      upMs: 3399 * S,
      downMs: 85 * S,
      plannedMs: 61 * S,
      pausedMs: 30 * S,
      unknownMs: 86 * S,
      absentMs: 0,
      starts: 2,
      upSince: null,
    })
    expect(of(hour, 0, 3600).percent).toBeCloseTo((3399 / 3514) * 100, 10)
  })

  it('of a scripted hour names each outage with its reason', () => {
    const killed = 'killed by SIGKILL, exit code 137 (SIGKILL)'
    expect(of(hour, 0, 3600).outages).toEqual([
      { from: 600 * S, to: 623 * S, withinMs: 23 * S, why: killed, planned: false },
      { from: 1823 * S, to: 1884 * S, withinMs: 61 * S, why: 'stopped on purpose, exit code 0', planned: true },
      { from: 3599 * S, to: null, withinMs: S, why: 'exited by itself, exit code 1', planned: false },
    ])
  })

  it('an outage that began before or lasts on counts for what lies within', () => {
    const { downMs, outages } = of('down 120 x | up 100 | down 500 y', 60, 300)
    expect(downMs).toBe(140 * S)
    expect(outages.map(({ withinMs }) => withinMs)).toEqual([60 * S, 80 * S])
    expect(outages.map(({ to }) => to)).toEqual([120 * S, null])
  })

  it('what nothing is known of is unknown, not up and not down', () => {
    const range = { from: 0, to: HOUR }
    expect(uptimeOf([], range)).toMatchObject({ upMs: 0, downMs: 0, unknownMs: HOUR, percent: null })
    const late = uptimeOf(script('up 10', HOUR - 10 * S), range)
    expect(late).toMatchObject({ upMs: 10 * S, unknownMs: HOUR - 10 * S, percent: 100 })
  })

  it('a time before it was started is no outage', () => {
    const known = of('down 100 created, not started | up 100', 0, 200)
    expect(known).toMatchObject({ upMs: 100 * S, downMs: 0, absentMs: 100 * S, percent: 100, outages: [] })
  })

  it('a container that was removed is down until then, not for ever', () => {
    const gone = of('up 100 | down 900 killed', 0, 1000, { removedAt: [130 * S] })
    expect(gone).toMatchObject({ upMs: 100 * S, downMs: 30 * S, absentMs: 870 * S })
    expect(gone.outages).toHaveLength(1)
  })

  it('the time between a removal and the next start under its name is down', () => {
    const deploy = of('up 100 | down 20 removed on purpose, exit code 0 | up 100', 0, 220, { removedAt: [101 * S] })
    expect(deploy).toMatchObject({ downMs: 20 * S, plannedMs: 20 * S, absentMs: 0 })
  })

  it('a job that ended well has done its work, unless an alert misses it', () => {
    const job = 'up 100 | down 900 exited by itself, exit code 0'
    expect(of(job, 0, 1000)).toMatchObject({ downMs: 0, absentMs: 900 * S, percent: 100 })
    expect(of(job, 0, 1000, { alarmedAt: [101 * S] })).toMatchObject({ downMs: 900 * S, absentMs: 0, percent: 10 })
  })

  it('one that ended well and was started again was down in between', () => {
    expect(of('up 100 | down 50 exited by itself, exit code 0 | up 50', 0, 200)).toMatchObject({ downMs: 50 * S })
  })

  it('the parts always add up to the whole', () => {
    const part = fc.tuple(fc.constantFrom('up', 'down', 'paused', 'unknown'), fc.integer({ min: 1, max: 500 }))
    const life = fc.array(part, { maxLength: 20 }).map((parts) => parts.map(([c, s]) => `${c} ${s} x`).join(' | '))
    fc.assert(
      fc.property(
        life,
        fc.nat(3000),
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(3000),
        (text, fromS, forS, removedS) => {
          const spans = text === '' ? [] : script(text)
          const range = { from: fromS * S, to: (fromS + forS) * S }
          const all = uptimeOf(spans, range, { removedAt: [removedS * S], alarmedAt: [] })
          expect(all.upMs + all.downMs + all.pausedMs + all.unknownMs + all.absentMs).toBe(forS * S)
        },
      ),
    )
  })
})
