import { readFileSync } from 'node:fs'
import { NO_NUMBERS } from '@plimsoll/contracts/metrics'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { judge } from './judge.ts'
import type { Observation } from './observation.ts'
import { rulesFrom } from './rule-file.ts'
import { RULES, type Rules } from './rules.ts'
import { playAll, probed, running, said, startBook, subject, T0, valuesOf } from './series-notation.ts'

function rulesOf(yaml: string): Rules {
  const read = rulesFrom(parse(yaml))
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.rules
}

function problemsOf(yaml: string): readonly string[] {
  const read = rulesFrom(parse(yaml))
  return read.ok ? [] : read.problems
}

const file = (rules: string) => `version: 1\nrules:\n${rules.replace(/^/gm, '  ')}`

/** One value every 10 s. */
const samples = (series: string, metric: 'cpuPercent' | 'pids', who = subject): (readonly [number, Observation])[] =>
  valuesOf(series).map((value, i) => {
    const numbers = { ...NO_NUMBERS, [metric]: value }
    return [i * 10_000, { kind: 'sample', subject: who, at: T0 + i * 10_000, numbers }] as const
  })

describe('a rules file', () => {
  it.each(['', '# nothing\n', 'version: 1', 'version: 1\nrules:\n'])('%j changes nothing', (yaml) => {
    expect(rulesOf(yaml)).toEqual(RULES)
  })

  it('changes a rule of the table, and only what it says', () => {
    const rules = rulesOf(file('high-cpu: { above: 70, for: 1m, severity: critical }'))
    expect(rules['high-cpu']).toEqual({
      ...RULES['high-cpu'],
      insteadOfSetting: 70,
      forMs: 60_000,
      severity: 'critical',
      clearBelow: { ratio: 0.9 },
    })
    expect(rules['high-memory']).toBe(RULES['high-memory'])
    const { events } = playAll(samples('75x8 65', 'cpuPercent'), startBook(), rules)
    expect(said(events)).toBe('high-cpu firing@60s')
    expect(events[0]).toMatchObject({ severity: 'critical', threshold: 70 })
  })

  it('wins over the setting, and the container’s own label over it', () => {
    const rules = rulesOf(file('high-cpu: { above: 70 }'))
    const own = { ...subject, labelled: ['cpuPercent'] as const }
    expect(said(playAll(samples('75x5', 'cpuPercent'), startBook(), rules).events)).toBe('high-cpu firing@20s')
    expect(said(playAll(samples('75x5', 'cpuPercent', own), startBook(), rules).events)).toBe('')
  })

  it.each(['off', 'false'])('turns a rule off with %s', (word) => {
    const rules = rulesOf(file(`high-cpu: ${word}`))
    expect(playAll(samples('99x9', 'cpuPercent'), startBook(), rules).events).toEqual([])
  })

  it('has own rules on any metric, for the containers it names', () => {
    const rules = rulesOf(
      file('many-processes: { metric: pids, above: 200, for: 10s, samples: 2, containers: [web*] }'),
    )
    const { events } = playAll(samples('300x2 10x3', 'pids'), startBook(), rules)
    expect(said(events)).toBe('many-processes firing@10s many-processes resolved@40s')
    expect(events[0]?.summary).toBe('pids 300 for 10 s, threshold 200')
    const other = { ...subject, name: 'db' }
    expect(playAll(samples('300x3', 'pids', other), startBook(), rules).events).toEqual([])
  })

  it('p95 of latency over 5 min above 800 ms, beside the shorter rule', () => {
    const rules = rulesOf(file('api-slow: { metric: responseMs, percentile: 95, over: 5m, above: 800 }'))
    const answers = valuesOf('20x100 900x20 20x10').map((ms, i) => probed(i * 2000, ms))
    const { events } = playAll([running(0, -60_000), ...answers], startBook(), rules)
    expect(said(events)).toMatch(/^api-slow firing@21\ds$/)
    expect(events[0]?.summary).toBe('p95 of responses 900 ms over 5 min, threshold 800 ms')
  })

  it('can change while alerts fire: what has no rule any more ends with that sentence', () => {
    const { book } = playAll(samples('99x4', 'cpuPercent'))
    const [, events] = judge(book, { kind: 'time', at: T0 + 31_000 }, T0 + 31_000, rulesOf(file('high-cpu: off')))
    expect(events.map((event) => event.summary)).toEqual(['the rule was taken out; lasted 11 s'])
  })
})

describe('what is wrong in a rules file is told, all together', () => {
  it.each([
    ['rules: {}', ['expected version: 1, then rules:']],
    ['version: 2', ['expected version: 1, then rules:']],
    ['[]', ['expected version: 1, then rules:']],
    [file('high-cpu: { above: much }'), ['rules.high-cpu: above: expected a number']],
    [file('high-cpu: { abvoe: 3 }'), ['rules.high-cpu: abvoe: is not known here']],
    [file('high-cpu: { for: 2 days }'), [/rules\.high-cpu: for: expected a duration from 0s to 1h/]],
    [file('high-cpu: { severity: info }'), ['rules.high-cpu: severity: expected critical or warning']],
    [file('high-cpu: { above: 50, clear-below: 60 }'), ['rules.high-cpu: clear-below (60) is higher than above (50)']],
    [file('container-down: { above: 1 }'), [/rules\.container-down: has no threshold/]],
    [file('mine: { metric: cpu, above: 1 }'), [/rules\.mine: metric: expected one of: cpuPercent, /]],
    [file('mine: { metric: pids }'), ['rules.mine: above: is missing']],
    [
      file('mine: { metric: pids, above: 1, over: 5m }'),
      ['rules.mine: percentile and over are for the metric responseMs'],
    ],
    [
      file('mine: { metric: pids, above: 1, containers: ["a/b"] }'),
      [/rules\.mine: containers\.0: expected a container name/],
    ],
    [file('constructor: { metric: pids, above: 1 }'), [/rules\.constructor: expected a name of small letters/]],
    [file('Mine: { metric: pids, above: 1 }'), [/rules\.Mine: expected a name/]],
    [file('high-cpu: { above: x }\nmine: 3'), [/rules\.high-cpu/, /rules\.mine/]],
  ])('%j', (yaml, problems) => {
    const found = problemsOf(yaml)
    expect(found).toHaveLength(problems.length)
    for (const [i, problem] of problems.entries()) expect(found[i]).toMatch(problem)
  })

  it('is bounded', () => {
    const many = Array.from({ length: 200 }, (_, i) => `r${i}-x: { metric: pids, above: 1 }`).join('\n')
    expect(problemsOf(file(many))).toEqual(['rules: more than 100'])
  })
})

describe('config/alerts.yaml, as it is shipped', () => {
  const shipped = readFileSync(new URL('../../../config/alerts.yaml', import.meta.url), 'utf8')

  it('changes nothing', () => expect(rulesOf(shipped)).toEqual(RULES))

  it('shows examples that work when the # is taken off', () => {
    const examples = shipped
      .replace(/^ {2}# (?=[a-z -].*[:\]]| {2})/gm, '  ')
      .replace(/^ {2}#?\s*$|^ {2}(A rule|#).*$/gm, '')
    expect(Object.keys(rulesOf(examples))).toEqual(
      expect.arrayContaining(['high-cpu', 'many-processes', 'near-its-cpu-limit', 'api-slow']),
    )
    expect(rulesOf(examples)).not.toHaveProperty('cpu-throttled')
  })
})
