import type { AlertEvent } from '@plimsoll/contracts/alert'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Parcel } from './channel.ts'
import { headersOf } from './mail.ts'
import type { Entry } from './memory.ts'
import { messageOf, SUBJECT_CHARS } from './message.ts'

const NOW = Date.parse('2026-11-21T02:31:10Z')
const context = { now: NOW, publicUrl: 'http://watch.example' }

const entry = (over: Partial<AlertEvent> = {}, repeat = 0): Entry => ({
  event: {
    time: NOW - 1000,
    severity: 'critical',
    state: 'firing',
    container: 'monitored-app',
    rule: 'container-down',
    summary: 'down: exit code 137 (SIGKILL)',
    value: null,
    threshold: null,
    host: 'web1',
    id: '01KAH000000000000000000001',
    ...over,
  },
  repeat,
  why: 'critical: told at once',
})
const parcel = (...entries: Entry[]): Parcel => ({ entries, more: {}, recipients: [] })
const subject = (...entries: Entry[]) => messageOf(parcel(...entries), context).subject
const other = '01KAH000000000000000000002'

describe('the subject says it all', () => {
  it.each<[string, Entry[], string]>([
    ['one alert', [entry()], 'CRITICAL monitored-app: down: exit code 137 (SIGKILL)'],
    [
      'its end',
      [entry({ state: 'resolved', summary: 'running again after 21 min' })],
      'Resolved monitored-app: running again after 21 min',
    ],
    ['told again', [entry({}, 1)], 'Still CRITICAL monitored-app: down: exit code 137 (SIGKILL)'],
    ['about the host', [entry({ container: null, summary: 'CPU 91 %' })], 'CRITICAL host web1: CPU 91 %'],
    [
      'begun and over, delivered late',
      [entry({ time: NOW - 1_500_000 }), entry({ time: NOW - 600_000, state: 'resolved', summary: 'back' })],
      '[late] Over monitored-app: container-down: down: exit code…',
    ],
    [
      'one critical among others',
      [entry({ summary: 'down' }), entry({ severity: 'warning', id: other })],
      'CRITICAL monitored-app: down (+1 more)',
    ],
    ['several', [entry(), entry({ id: other, container: 'db' })], '2 alerts, 2 CRITICAL: monitored-app, db'],
  ])('%s', (_, entries, expected) => {
    expect(subject(...entries)).toBe(expected)
  })

  it('in at most 60 characters and one line, whatever a container is called or prints', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (container, summary) => {
        const text = subject(entry({ container: container || 'x', summary }))
        expect([...text].length).toBeLessThanOrEqual(SUBJECT_CHARS)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
      }),
    )
  }, 20_000)
})

describe('the message', () => {
  it('tells an outage as one story, and says that it is late', () => {
    const { text } = messageOf(
      parcel(
        entry({ time: Date.parse('2026-11-21T02:10:00Z') }),
        entry({ time: Date.parse('2026-11-21T02:25:00Z'), state: 'resolved', summary: 'running again' }),
      ),
      context,
    )
    expect(text).toContain('2026-11-21 02:10:00 UTC – 2026-11-21 02:25:00 UTC (15 min)')
    expect(text).toContain('It began with: down: exit code 137 (SIGKILL)')
    expect(text).toContain('Delivered late, at 2026-11-21 02:31:10 UTC.')
  })

  it('escapes every value in its HTML', () => {
    const hostile = '"><script>alert(1)</script>'
    const { html } = messageOf(parcel(entry({ container: hostile, summary: hostile, rule: hostile, host: hostile })), {
      ...context,
      publicUrl: `http://x/${hostile}`,
    })
    expect(html).not.toContain('<script')
    expect(html).not.toContain(hostile)
  })

  it('has a link that acknowledges while it fires, beside the one to the dashboard', () => {
    const linked = { ...context, acknowledgeLink: (id: string) => `http://watch.example/ack/${id}?until=1&sig="2` }
    const { text, html } = messageOf(parcel(entry()), linked)
    expect(text).toContain(`  Acknowledge: http://watch.example/ack/${entry().event.id}?until=1&sig="2`)
    expect(html).toContain('Show on the dashboard</a> · <a href="http://watch.example/ack/')
    expect(html).toContain('?until=1&amp;sig=&quot;2">Acknowledge</a>')
  })

  it.each<[string, Entry[]]>([
    ['is over', [entry({ state: 'resolved' })]],
    ['began and is over', [entry(), entry({ state: 'resolved' })]],
    ["is the alert service's own", [entry({ rule: 'monitor-silent', container: null })]],
  ])('has no such link for what %s', (_, entries) => {
    const linked = { ...context, acknowledgeLink: () => 'http://watch.example/ack/' }
    const { text, html } = messageOf(parcel(...entries), linked)
    expect(text + html).not.toContain('/ack/')
  })

  it('shows what others printed as text, in both parts', () => {
    const facts = new Map([
      [entry().event.id, [{ title: 'Its last log lines', text: '', printed: ['<img src=x>', 'two'] }]],
    ])
    const message = messageOf(parcel(entry()), { ...context, facts })
    expect(message.html).toContain('<pre>&lt;img src=x&gt;\ntwo</pre>')
    expect(message.text).toContain('  Its last log lines:\n    | <img src=x>\n    | two')
  })

  it('tells thirty in full and the others by container and rule, with every line in the attached log', () => {
    const ids = Array.from({ length: 100 }, (_, n) => String(n).padStart(26, '0'))
    const entries = ids.map((id, n) =>
      entry({ id, severity: 'warning', rule: 'high-cpu', container: n % 2 ? 'a' : 'b' }),
    )
    const message = messageOf(parcel(...entries), context)
    expect(message.text).toContain(
      '35 × Warning a, high-cpu: down: exit code 137 (SIGKILL) (since 2026-11-21 02:31:09 UTC)',
    )
    expect(message.log?.trimEnd().split('\n')).toHaveLength(100)
    expect(message.subject).toBe('100 alerts: b, a')
  })

  it('tells many of one Compose project as that project, and they stand together', () => {
    const of = (n: number, container: string, project?: string) =>
      entry({ id: String(n).padStart(26, '0'), severity: 'warning', container, ...(project ? { project } : {}) })
    const entries = [of(1, 'a', 'shop'), of(2, 'x'), of(3, 'b', 'shop'), of(4, 'c', 'shop'), of(5, 'd', 'blog')]
    const message = messageOf(parcel(...entries), context)
    expect(message.subject).toBe('5 alerts: shop: 3 containers, x, d')
    expect(message.text).toMatch(/^shop: 3 containers \(a, b, c\)\n/)
    expect(message.html).toContain('shop: 3 containers (a, b, c)')
    expect(message.stories.map(({ container }) => container)).toEqual(['a', 'b', 'c', 'x', 'd'])
  })

  it('counts what it does not list', () => {
    const { text, subject: line } = messageOf({ ...parcel(entry()), more: { 'web high-cpu firing': 9800 } }, context)
    expect(text).toContain('And 9800 more lines, counted by kind:\n  9800 × web high-cpu firing')
    expect(line).toBe('9801 alerts, 1 CRITICAL: monitored-app')
  })

  it('carries its delivery keys, and hangs on the thread of its alert', () => {
    const firing = headersOf(messageOf(parcel(entry()), context))
    expect(firing).toMatchObject({
      'X-Plimsoll-Alert': '01KAH000000000000000000001.firing.0',
      References: '<01KAH000000000000000000001@plimsoll>',
    })
    expect(firing).not.toHaveProperty('In-Reply-To')
    expect(headersOf(messageOf(parcel(entry({ state: 'resolved' })), context))).toMatchObject({
      'X-Plimsoll-Alert': '01KAH000000000000000000001.resolved.0',
      References: '<01KAH000000000000000000001@plimsoll>',
      'In-Reply-To': '<01KAH000000000000000000001@plimsoll>',
    })
  })
})
