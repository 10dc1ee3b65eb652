import { parseIsoTime } from '@plimsoll/contracts/time'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Observation } from './observation.ts'
import { isQuietAt, type QuietHours } from './quiet-hours.ts'
import { rulesFrom } from './rule-file.ts'
import type { Rules } from './rules.ts'
import { ended, playAll, probed, running, said, startBook, subject, T0, tick } from './series-notation.ts'

const at = (iso: string): number => parseIsoTime(iso) ?? Number.NaN

function read(quiet: string) {
  return rulesFrom(parse(`version: 1\nrules: { slow-response: { above: 100 } }\nquiet:\n  - ${quiet}`))
}

function rulesOf(quiet: string): Rules {
  const found = read(quiet)
  if (!found.ok) throw new Error(found.problems.join())
  return found.rules
}

function hoursOf(quiet: string): QuietHours {
  const hours = rulesOf(quiet)['high-cpu']?.heldDuring?.[0]
  if (hours === undefined) throw new Error('none')
  return hours
}

describe('when it is quiet', () => {
  // 2026-11-21 is a Saturday; Berlin is an hour ahead of UTC then.
  const weekend = hoursOf('{ days: [sat, sun], from: "22:00", to: "07:00", timezone: Europe/Berlin, reason: asleep }')

  it.each([
    ['2026-11-21T20:59:00Z', false, 'just before'],
    ['2026-11-21T21:00:00Z', true, 'Saturday 22:00 in Berlin'],
    ['2026-11-22T05:59:00Z', true, 'Sunday 06:59'],
    ['2026-11-22T06:00:00Z', false, 'Sunday 07:00'],
    ['2026-11-23T05:59:00Z', true, 'Monday 06:59, since Sunday'],
    ['2026-11-23T21:30:00Z', false, 'Monday night'],
    ['2026-11-21T05:00:00Z', false, 'Saturday morning, of Friday night'],
  ])('%s: %s (%s)', (iso, quiet) => expect(isQuietAt(weekend, at(iso))).toBe(quiet))

  it('goes by the clock on the wall, summer and winter', () => {
    const nights = hoursOf('{ from: "22:00", to: "07:00", timezone: Europe/Berlin, reason: asleep }')
    expect(isQuietAt(nights, at('2026-07-01T04:59:00Z'))).toBe(true)
    expect(isQuietAt(nights, at('2026-07-01T05:00:00Z'))).toBe(false)
    expect(isQuietAt(nights, at('2026-12-01T05:59:00Z'))).toBe(true)
  })

  it('without times it is the whole day, without a zone UTC', () => {
    const sundays = hoursOf('{ days: [sun], reason: asleep }')
    expect(
      ['2026-11-21T23:59:59Z', '2026-11-22T00:00:00Z', '2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z'].map((iso) =>
        isQuietAt(sundays, at(iso)),
      ),
    ).toEqual([false, true, true, false])
  })
})

describe('quiet hours in a rules file', () => {
  it.each([
    ['{ from: "22:00", to: "07:00" }', 'quiet.0.reason: is missing'],
    ['{ from: "25:00", reason: x }', 'quiet.0.from: expected a time of the day'],
    ['{ timezone: Mars/Olympus, reason: x }', 'quiet.0.timezone: expected a time zone'],
    ['{ days: [someday], reason: x }', 'quiet.0.days.0: expected days'],
    ['{ rules: [hihg-*], reason: x }', 'quiet.0.rules: there is no rule hihg-*'],
    ['{ reasons: x }', 'quiet.0.'],
  ])('%s is a mistake', (quiet, problem) => {
    const found = read(quiet)
    expect(found.ok ? '' : found.problems.join('\n')).toContain(problem)
  })
})

// T0 is 2026-11-21T11:36:40Z: quiet until 11:38, 80 s later.
const UNTIL_80_S = 'from: "11:00", to: "11:38"'
const slow: (readonly [number, Observation])[] = [
  running(0, -60_000),
  ...Array.from({ length: 60 }, (_, i) => probed(i * 2000, 500)),
]

describe('what fires in quiet hours', () => {
  const play = (quiet: string, steps = slow) => playAll(steps, startBook(), rulesOf(quiet)).events

  it('is written with the reason, and told as an alert of its own when they end', () => {
    const events = play(`{ ${UNTIL_80_S}, reason: "asleep\\nat home" }`)
    expect(said(events)).toBe('slow-response firing@8s slow-response resolved@80s slow-response firing@80s')
    expect(events.map(({ suppressed, by }) => [suppressed, by])).toEqual([
      ['quiet hours: asleep at home', 'quiet-hours'],
      ['quiet hours: asleep at home', 'quiet-hours'],
      [undefined, undefined],
    ])
    expect(events[2]?.id).not.toBe(events[0]?.id)
  })

  it('and is over before they end, is not told at all', () => {
    const well = Array.from({ length: 60 }, (_, i) => probed(i * 2000, i < 10 ? 500 : 20))
    const events = play(`{ ${UNTIL_80_S}, reason: x }`, [running(0, -60_000), ...well])
    expect(events.map(({ state }) => state)).toEqual(['firing', 'resolved'])
    expect(events.every(({ suppressed }) => suppressed === 'quiet hours: x')).toBe(true)
  })

  it.each([
    ['another container', 'containers: [db-*]'],
    ['another rule', 'rules: [high-*]'],
  ])('is told at once when they are for %s', (_, scope) => {
    expect(play(`{ ${UNTIL_80_S}, ${scope}, reason: x }`)[0]?.suppressed).toBeUndefined()
  })

  it('is told at once when it is critical, unless they say otherwise', () => {
    const crash = [running(0, -60_000), ended(10_000), tick(100_000)]
    expect(said(play(`{ ${UNTIL_80_S}, reason: x }`, crash))).toBe('container-down firing@10s')
    const events = play(`{ ${UNTIL_80_S}, critical: true, reason: x }`, crash)
    expect(events.map(({ suppressed }) => suppressed)).toEqual(['quiet hours: x', 'quiet hours: x', undefined])
  })

  it('of the monitor itself is held back too, where they name no containers', () => {
    const full = [1000, { kind: 'sink', at: T0 + 1000, name: 'csv', error: 'disk full' }] as const
    const told = (quiet: string) => play(quiet, [full, tick(100_000)]).map(({ suppressed }) => suppressed)
    expect(told(`{ ${UNTIL_80_S}, reason: x }`)).toEqual(['quiet hours: x', 'quiet hours: x', undefined])
    expect(told(`{ ${UNTIL_80_S}, containers: ["*"], reason: x }`)).toEqual([undefined])
  })

  it('goes on being held back over quiet hours that follow', () => {
    const both =
      'version: 1\nquiet:\n  - { from: "11:00", to: "11:38", reason: a }\n  - { from: "11:38", to: "12:00", reason: b }'
    const found = rulesFrom(parse(both))
    if (!found.ok) throw new Error(found.problems.join())
    const slower = slow.map(
      ([ms, one]) =>
        [ms, one.kind === 'probe' ? { ...one, result: { ...one.result, responseMs: 5000 } } : one] as const,
    )
    expect(playAll(slower, startBook(), found.rules).events.map(({ state }) => state)).toEqual(['firing'])
  })

  it('and still flaps when they end, is told as flapping', () => {
    const health = (ms: number, word: 'healthy' | 'unhealthy') =>
      [ms, { kind: 'health', subject, at: T0 + ms, health: word, output: null }] as const
    const flips = Array.from({ length: 20 }, (_, i) => health(i * 5000, i % 2 === 0 ? 'unhealthy' : 'healthy'))
    const events = play(`{ ${UNTIL_80_S}, critical: true, reason: x }`, [running(0, 0), ...flips])
    const heard = events.filter(({ suppressed }) => suppressed === undefined)
    expect(said(heard)).toBe('flapping firing@80s')
    const [id] = heard.map((event) => event.id)
    expect(events.filter(({ time }) => time > T0 + 81_000).every(({ by }) => by === id)).toBe(true)
  })

  it('whoever depends on what is held back is held back without an end and a beginning each half minute', () => {
    const db = { ...slowSubject('db') }
    const web = { ...slowSubject('web'), dependsOn: ['db'] }
    const end = { planned: false, exitCode: 1, signal: null, oomKilled: false, why: 'exited by itself, exit code 1' }
    const steps: (readonly [number, Observation])[] = [
      [0, { kind: 'running', subject: db, at: T0 - 60_000 }],
      [0, { kind: 'running', subject: web, at: T0 - 60_000 }],
      [1000, { kind: 'ended', subject: db, end: { ...end, at: T0 + 1000 } }],
      [2000, { kind: 'ended', subject: web, end: { ...end, at: T0 + 2000 } }],
      tick(70_000),
    ]
    const events = play('{ from: "11:00", to: "11:38", critical: true, containers: [db], reason: x }', steps)
    expect(events.map(({ container, state, suppressed }) => `${container} ${state} ${suppressed}`)).toEqual([
      'db firing quiet hours: x',
      'web firing dependency-down',
    ])
  })
})

function slowSubject(name: string) {
  const thresholds = { cpuPercent: 80, memoryPercent: 80, responseMs: 1000 }
  return { name, id: name.repeat(10), thresholds, severity: null, expectedUp: true }
}
