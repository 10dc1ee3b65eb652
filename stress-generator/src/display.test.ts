import { describe, expect, it } from 'vitest'
import { bandBar, createDisplay, panelLines, progressLine } from './display.ts'
import type { Progress } from './drive.ts'
import { PROFILES } from './profiles.ts'
import { percentile } from './report.ts'
import { parseScenario } from './scenario.ts'
import { judge, NO_SCORES } from './score.ts'
import { NO_COMMANDS } from './steer.ts'
import { reasonOf, wantedOf } from './target.ts'

const unknown = {
  cpu: null,
  memory: null,
  memoryGrowth: null,
  queries: null,
  healthMs: null,
  healthFailing: null,
  serverErrors: null,
}

const progress = (elapsedMs: number, more: Partial<Progress> = {}): Progress => ({
  level: 'high',
  phase: PROFILES.high.phases[0],
  elapsedMs,
  totalMs: 60_000,
  values: { ...unknown, cpu: 64.91, memory: 9.04, healthMs: 3.2 },
  http: { answers: 960, serverErrors: 1, failures: 0, perSecond: 80, p50: 4.2, p95: 12, p99: 31 },
  scores: NO_SCORES,
  trouble: null,
  restarts: 0,
  ...more,
})

describe('progress', () => {
  it('shows what is achieved against what is aimed at', () => {
    expect(progressLine(progress(12_300))).toBe(
      'high 12/60 s · CPU 64.9 % (aim 60–70) · memory 9.0 % · http 80.0/s, p50 4.20 ms, p95 12 ms, p99 31 ms; 5xx 1, failed 0 · health 3.20 ms',
    )
  })

  it('shows what is unknown as such, and why the target does not answer', () => {
    expect(progressLine(progress(0, { values: unknown }))).toContain('CPU – % (aim 60–70)')
    expect(progressLine(progress(5000, { trouble: 'connect ECONNREFUSED' }))).toBe(
      'high 5/60 s · target: connect ECONNREFUSED',
    )
  })

  it('is a line every 5 s where there is no terminal, and begins anew with each step', () => {
    const written: string[] = []
    const display = createDisplay({ isTTY: false, columns: () => null, write: (text) => written.push(text) })
    for (const second of [0, 1, 2, 3, 4, 5, 6, 9, 10, 0, 1]) display.show(progress(second * 1000))
    expect(written.map((line) => /(\d+)\/60/.exec(line)?.[1])).toEqual(['0', '5', '10', '0'])
    expect(written.join('')).not.toContain('\u001b')
  })

  it('is a panel in a terminal: time, each aim on its scale, rate and times, health', () => {
    const { phase } = progress(0)
    const [aim] = phase.aims
    if (aim === undefined) throw new Error('no aim')
    const scores = judge(NO_SCORES, { phase, aim, band: aim }, 64.9)
    expect(panelLines(progress(30_000, { scores }), 100)).toEqual([
      'high 30/60 s  ███████████████░░░░░░░░░░░░░░░',
      '  CPU               64.9 %  ──────────────────═●══────────  in band 100 %',
      '  http 80.0/s, p50 4.20 ms, p95 12 ms, p99 31 ms; 5xx 1, failed 0',
      '  health 3.20 ms, memory 9.0 %',
    ])
  })

  it('has a panel no wider than the terminal, with the reason when the target is away', () => {
    const lines = panelLines(progress(5000, { trouble: 'connect ECONNREFUSED 127.0.0.1:8080' }), 40)
    for (const line of lines) expect(line.length).toBeLessThan(40)
    expect(lines.at(-1)).toContain('target: connect ECONNREFUSED')
  })

  it('writes the panel over itself, and clears it for what stays', () => {
    const written: string[] = []
    const display = createDisplay({ isTTY: true, columns: () => 80, write: (text) => written.push(text) })
    display.show(progress(1000))
    display.show(progress(2000))
    display.say('done')
    expect(written).toEqual([
      expect.stringContaining('1/60'),
      '\u001b[4A\r\u001b[J',
      expect.stringContaining('2/60'),
      '\u001b[4A\r\u001b[J',
      'done\n',
    ])
  })

  it.each([
    [{ measure: 'cpu', min: 80, max: 100 }, 91, '─────────═●═'],
    [{ measure: 'cpu', min: 10, max: 20 }, null, '─══─────────'],
    [{ measure: 'cpu', min: 10, max: 20 }, 250, '─══────────●'],
    [{ measure: 'queries', min: 160, max: 240 }, 200, '─────═●══───'],
  ] as const)('draws %j at %s as %s', (aim, value, bar) => expect(bandBar(aim, value, 12)).toBe(bar))
})

describe('what is asked of the target', () => {
  it('is one lease for each kind of load, under our own ids', () => {
    const commands = {
      ...NO_COMMANDS,
      cpuPercent: 33.333,
      cpuWorkers: 2,
      memoryBytes: 1024 * 1024,
      queriesPerSecond: 120,
    }
    const wanted = wantedOf('me.1.', PROFILES.extreme.phases[0], commands)
    expect(wanted.map(({ id, path }) => [id, path])).toEqual([
      ['me.1.cpu', '/load/cpu'],
      ['me.1.memory', '/load/memory'],
      ['me.1.db', '/load/db'],
    ])
    expect(wanted[0]?.body).toEqual({ percent: 33.33, workers: 2 })
    expect(wanted[1]?.body).toEqual({ megabytes: 1 })
  })

  it('is nothing where nothing is commanded', () => {
    expect(wantedOf('me.1.', PROFILES.extreme.phases[0], NO_COMMANDS)).toEqual([])
  })
})

describe('reasonOf', () => {
  it('digs out what fetch hides', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:8080')
    expect(reasonOf(new TypeError('fetch failed', { cause: new AggregateError([refused]) }))).toBe(refused.message)
    expect(reasonOf(new DOMException('x', 'TimeoutError'))).toBe('no answer in time')
  })
})

describe('a scenario', () => {
  it('is a list of steps', () => {
    const steps = [
      { level: 'low', seconds: 30 },
      { level: 'oom', seconds: 20 },
    ]
    expect(parseScenario(JSON.stringify(steps))).toEqual({ ok: true, steps })
  })

  it.each([
    ['{', /^not JSON/],
    ['{}', /^expected a list of steps/],
    ['[]', /^expected at least one step/],
    ['[{"level":"mega","seconds":3}]', /^0\.level: expected one of: low, medium/],
    ['[{"level":"low","seconds":0}]', /^0\.seconds/],
    ['[{"level":"low"}]', /^0\.seconds/],
  ])('%s is refused with the reason', (text, problem) => {
    expect(parseScenario(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })
})

it('percentile is by nearest rank, and unknown for nothing', () => {
  expect(percentile([], 95)).toBeNull()
  expect(percentile([7], 99)).toBe(7)
  expect(percentile([3, 1, 2, 4], 50)).toBe(2)
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([50, 95, 99].map((share) => percentile(hundred, share))).toEqual([50, 95, 99])
})
