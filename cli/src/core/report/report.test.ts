import type { HistoryAnswer } from '@plimsoll/contracts/http'
import { describe, expect, it } from 'vitest'
import { alert, container, MiB, NOON } from '../../../../tests/support/fake-fleet.ts'
import { csvText } from '../../io/csv.ts'
import { asText } from '../tables.ts'
import { buildReport, type ReportInput } from './report.ts'
import { lineChart, linePath, stripChart } from './report-chart.ts'
import { escaped, reportHtml } from './report-html.ts'
import { reportData, reportRows } from './report-rows.ts'
import { reportLines } from './report-text.ts'
import { stressRunsOf } from './stress.ts'

const S = 1000
const FROM = NOON - 3600 * S

/** An hour of `web`: killed after 10 min for 23 s, stopped after 30 min for 61 s. */
const web: HistoryAnswer = {
  name: 'web',
  from: FROM,
  to: NOON,
  stepMs: 10 * S,
  at: Array.from({ length: 360 }, (_, i) => FROM + i * 10 * S),
  columns: {
    cpuPercent: Array.from({ length: 360 }, (_, i) => (i === 61 ? null : i === 100 ? 80 : 10)),
    memoryUsedBytes: Array.from({ length: 360 }, (_, i) => (100 + i / 6) * MiB),
    responseMs: Array.from({ length: 360 }, (_, i) => (i < 330 ? 12 : 1200)),
  },
  maxima: { cpuPercent: Array.from({ length: 360 }, (_, i) => (i === 100 ? 140 : 11)) },
  spans: [
    { from: FROM - 999 * S, to: FROM + 600 * S, condition: 'up', why: 'running' },
    { from: FROM + 600 * S, to: FROM + 623 * S, condition: 'down', why: 'killed by SIGKILL, exit code 137 (SIGKILL)' },
    { from: FROM + 623 * S, to: FROM + 1800 * S, condition: 'up', why: 'running' },
    { from: FROM + 1800 * S, to: FROM + 1861 * S, condition: 'down', why: 'stopped on purpose, exit code 0' },
    { from: FROM + 1861 * S, to: null, condition: 'up', why: 'running' },
  ],
}
const evil = '<img src=x onerror=alert(1)>"\'&\u001b[2J'
const bad: HistoryAnswer = { ...web, name: evil, columns: {}, maxima: {}, at: [], spans: [] }

const input: ReportInput = {
  host: 'web1',
  containers: [
    { view: null, history: bad },
    { view: container('web', {}, { memoryLimitBytes: 512 * MiB, restarts: 1 }), history: web },
  ],
  alerts: [
    alert('container-down', 'web', {
      severity: 'critical',
      firedAt: FROM + 600 * S,
      resolvedAt: FROM + 628 * S,
      summary: 'killed',
    }),
    alert('slow-response', 'web', { firedAt: FROM + 3300 * S, summary: evil }),
    alert('high-cpu', 'web', {
      firedAt: FROM + 700 * S,
      resolvedAt: FROM + 760 * S,
      suppressed: 'container-down',
      by: 'x',
    }),
    alert('high-cpu', 'web', { firedAt: FROM - 900 * S, resolvedAt: FROM - 800 * S }),
  ],
  events: [],
  delivery: null,
  stressRuns: [],
  missing: [],
}
const report = buildReport(input, FROM, NOON)
const [first] = report.containers

describe('the report of a scripted hour', () => {
  it('has its uptime to the second, and each outage with its reason', () => {
    expect(first?.name).toBe('web')
    expect(first?.uptime).toMatchObject({ upMs: 3516 * S, downMs: 84 * S, plannedMs: 61 * S, unknownMs: 0, starts: 2 })
    const text = asText(reportLines(report))
    expect(text).toMatch(/web +running +97\.666 % +00:58:36 +00:01:24 +00:01:01 +00:00:00 +2 +1\n/)
    expect(text).toContain('00:00:23: killed by SIGKILL, exit code 137 (SIGKILL)')
    expect(text).toContain('00:01:01 planned: stopped on purpose, exit code 0')
  })

  it('has p50, p95 and the highest sample of CPU and response', () => {
    expect(first?.cpuPercent).toEqual({ p50: 10, p95: 10, max: 140, count: 359 })
    expect(first?.responseMs).toMatchObject({ p50: 12, p95: 1200, max: 1200 })
  })

  it('counts the alerts that were firing in it, and no others', () => {
    expect(report.tally).toEqual({
      fired: 3,
      critical: 1,
      stillFiring: 1,
      suppressed: 1,
      byRule: [
        { rule: 'slow-response', count: 1, firingMs: 300 * S },
        { rule: 'high-cpu', count: 1, firingMs: 60 * S },
        { rule: 'container-down', count: 1, firingMs: 28 * S },
      ],
    })
  })

  it('names what grows, since its last start only', () => {
    expect(report.growers).toHaveLength(1)
    expect(report.growers[0]?.bytesPerHour).toBeCloseTo(60 * MiB, -3)
    expect(report.growers[0]?.overMs).toBeLessThanOrEqual(1739 * S)
  })

  it('a container nothing is known of has no uptime instead of 0 %', () => {
    const gone = report.containers.find(({ name }) => name === evil)
    expect(gone).toMatchObject({ state: 'removed', cpuPercent: null, growth: null, restarts: null })
    expect(gone?.uptime).toMatchObject({ percent: null, unknownMs: 3600 * S })
  })

  it('of an end before an alert ended calls it still firing', () => {
    expect(buildReport(input, FROM, FROM + 610 * S).tally).toMatchObject({ fired: 1, stillFiring: 1 })
  })

  it('lists the stress runs in it', () => {
    const aims = [{ label: 'CPU', unit: '%', mean: 86.04, share: 98.2 }]
    const run = { level: 'cpu-intensive', secondsRun: 60, end: 'done', aims, http: { perSecond: 41.2, p95: 12.4 } }
    const file = JSON.stringify([
      { ...run, startedAt: '2026-11-21T11:20:00.000Z' },
      { ...run, startedAt: '2026-11-21T09:00:00.000Z' },
    ])
    const stressRuns = stressRunsOf(file)
    expect(stressRuns).toHaveLength(2)
    if (typeof stressRuns === 'string') return
    const whole = buildReport({ ...input, stressRuns }, FROM, NOON)
    const said = 'cpu-intensive for 1 min: CPU 86.0 %, 98 % in its band; 41 requests a second, p95 12 ms'
    expect(asText(reportLines(whole))).toContain(said)
    expect(reportHtml(whole, 'UTC', NOON)).toContain(said)
    expect(whole.stressRuns).toHaveLength(1)
  })

  it('says what is wrong with a file that is no stress report', () => {
    expect(stressRunsOf('{')).toBe('it is not JSON')
    expect(stressRunsOf('[{"level":1}]')).toMatch(/^it is not a report of the stress generator \(0\.level: /)
  })

  it('says what it could not ask for', () => {
    const holes = buildReport({ ...input, missing: ['db: no answer within 10 s'] }, FROM, NOON)
    expect(asText(reportLines(holes))).toContain('Missing: db: no answer within 10 s')
    expect(reportHtml(holes, 'UTC', NOON)).toContain('Missing: db: no answer within 10 s')
  })
})

describe('the HTML report', () => {
  const html = reportHtml(report, 'UTC', NOON)

  it('is one file: no script, nothing from elsewhere', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<[^>]*\b(src|href)=|url\(|@import/i)
    expect(html).toContain("default-src 'none'")
  })

  it('shows text of others as text', () => {
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;�[2J')
  })

  it('charts levels with their mark, and the strip', () => {
    expect(html.match(/<svg/g)?.length).toBe(5)
    expect(html).toContain('class="mark"')
    expect(html.match(/<rect class="down"/g)).toHaveLength(2)
  })

  it('escapes whatever would end an attribute or begin a tag', () => {
    expect(escaped(`a<b>"c'&\n`)).toBe('a&lt;b&gt;&quot;c&#39;&amp; ')
  })
})

describe('a chart', () => {
  const range = { from: 0, to: 100 }
  it('breaks its line at a gap', () => {
    const at = [0, 10, 20, 30, 60]
    expect(linePath({ at, values: [1, 1, null, 1, 1], stepMs: 10 }, range, 2)).toBe(
      'M0 35h0.8L60 35M180 35h0.8M360 35h0.8',
    )
  })

  it('of thousands of values keeps its peaks', () => {
    const values = Array.from({ length: 5000 }, (_, i) => (i === 2500 ? 100 : 1))
    const path = linePath({ at: values.map((_, i) => i / 50), values, stepMs: 1 / 50 }, range, 100)
    expect(path).toContain(' 0')
    expect(path.length).toBeLessThan(6000)
  })

  it('of nothing is empty, and a mark far above is not drawn', () => {
    expect(lineChart({ at: [], values: [], stepMs: 1 }, range, null)).toContain('d=""')
    expect(lineChart({ at: [1], values: [1], stepMs: 1 }, range, 100)).not.toContain('mark')
  })

  it('shows an outage of a second in a day', () => {
    expect(stripChart([{ from: 50, to: 50.001, condition: 'down', why: '' }], range)).toContain('width="1.5"')
  })
})

describe('the report for other programs', () => {
  it('CSV: a row a container, seconds and bytes, unknown as an empty cell, no formulas', () => {
    const hostile = buildReport(
      { ...input, containers: [{ view: container('web', {}, { image: '=cmd()' }), history: web }] },
      FROM,
      NOON,
    )
    const [head, row] = csvText(reportRows(hostile)).split('\n')
    const cells = Object.fromEntries((head ?? '').split(',').map((name, i) => [name, (row ?? '').split(',')[i]]))
    expect(cells).toMatchObject({
      container: 'web',
      image: "'=cmd()",
      up_seconds: '3516',
      down_seconds: '84',
      memory_percent_p50: '',
      alerts: '3',
    })
  })

  it('JSON: everything but the rows of the charts', () => {
    const data = JSON.parse(JSON.stringify(reportData(report)))
    expect(data.containers[0].uptime.outages).toHaveLength(2)
    expect(data.containers[0].history).toBeUndefined()
  })
})
