import { tmpdir } from 'node:os'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { acknowledgeLink, LINK_VALID_MS } from '@plimsoll/runtime/signed-link'
import { describe, expect, it } from 'vitest'
import { linksTo } from './ack-desk.ts'
import { ackPage } from './core/ack-page.ts'
import { alertsOf, type Book } from './core/alert-book.ts'
import { ended, playAll, running, T0 } from './core/series-notation.ts'
import { type Answers, buildWeb } from './io/web.ts'
import type { Listener } from './silence-desk.ts'

const story = playAll([running(0, -60_000), ended(10_000)])
const id = story.events[0]?.id ?? ''
const key = new Uint8Array(32).fill(7)
const START = T0 + 20_000
const linkTo = (alert: string) => acknowledgeLink(key, '', alert, START)

/** The interface over a book in which an alert fires. */
async function web(linkKey: Uint8Array | null = key, alerts = story.book.alerts) {
  let book: Book = { ...story.book, alerts }
  let now = START
  const events: AlertEvent[] = []
  const bridge: Listener = {
    get book() {
      return book
    },
    say: (say) => {
      const said = say(book, now)
      if (said === null) return null
      book = said.book
      events.push(...said.events)
      return said.answer
    },
  }
  const answers = { links: linksTo({ bridge, linkKey, now: () => now }) } as unknown as Answers
  const app = await buildWeb(answers, { allowedHosts: [], pageDir: tmpdir(), onFault: () => undefined })
  const ask = (method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}) =>
    app.inject({ method, url, headers: { host: 'localhost:8001', ...headers } })
  return { ask, events, book: () => book, pass: (ms: number) => (now += ms) }
}
/** What a browser sends with the form: under our referrer policy its origin is `null`. */
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'null' }

describe('an acknowledge link', () => {
  it('asks, and changes nothing however often it is opened', async () => {
    const { ask, events, book } = await web()
    for (let i = 0; i < 3; i++) {
      const answer = await ask('GET', linkTo(id))
      expect(answer.statusCode).toBe(200)
      expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      expect(answer.body).toContain('<form method="post"><button type="submit">Acknowledge</button></form>')
      expect(answer.body).toContain(story.book.alerts[0]?.summary)
    }
    expect(events).toEqual([])
    expect(book().alerts).toEqual(story.book.alerts)
  })

  it('acknowledges once when its form is sent, and says so', async () => {
    const { ask, events } = await web()
    expect((await ask('POST', linkTo(id), form)).body).toContain('<h1>Acknowledged</h1>')
    const again = await ask('POST', linkTo(id), form)
    expect([again.statusCode, again.body]).toEqual([200, expect.stringContaining('<h1>Already acknowledged</h1>')])
    expect(again.body).toContain('acknowledged: mail link')
    expect((await ask('GET', linkTo(id))).body).not.toContain('<form')
    expect(events).toMatchObject([{ state: 'acknowledged', id, summary: 'acknowledged: mail link' }])
  })

  it.each<[string, string, number]>([
    ['tampered with', linkTo(id).replace(/.$/, (c) => (c === '0' ? '1' : '0')), 403],
    ['for longer than it was signed', linkTo(id).replace(/until=\d/, 'until=9'), 403],
    ['of another alert', linkTo('01KAH000000000000000000009').replace('01KAH000000000000000000009', id), 403],
    ['with nothing signed', `/ack/${id}`, 403],
    ['with two signatures', `${linkTo(id)}&sig=0`, 403],
    ['to an alert that is not known', linkTo('01KAH000000000000000000009'), 404],
  ])('%s tells nothing and does nothing', async (_, url, status) => {
    const { ask, events } = await web()
    for (const method of ['GET', 'POST'] as const) {
      const answer = await ask(method, url, form)
      expect(answer.statusCode).toBe(status)
      expect(answer.body).not.toContain('<form')
      expect(answer.body).not.toContain(story.book.alerts[0]?.summary)
    }
    expect(events).toEqual([])
  })

  it('is gone after a week', async () => {
    const { ask, events, pass } = await web()
    pass(LINK_VALID_MS)
    expect((await ask('GET', linkTo(id))).statusCode).toBe(410)
    expect((await ask('POST', linkTo(id), form)).statusCode).toBe(410)
    expect(events).toEqual([])
  })

  it('says that an alert is over', async () => {
    const alerts = alertsOf(story.book).map((alert) => ({ ...alert, resolvedAt: START, resolvedSummary: 'back' }))
    const { ask, events } = await web(key, alerts)
    const answer = await ask('POST', linkTo(id), form)
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('How it ended: back')])
    expect(events).toEqual([])
  })

  it('is never valid without a key', async () => {
    expect((await (await web(null)).ask('GET', linkTo(id))).statusCode).toBe(403)
  })

  it('is answered under our own names only, and lets no other request pass from elsewhere', async () => {
    const { ask, events } = await web()
    expect((await ask('POST', linkTo(id), { ...form, host: 'evil.example' })).statusCode).toBe(403)
    expect((await ask('POST', `/api/alerts/${id}/acknowledge`, { origin: 'null' })).statusCode).toBe(403)
    expect(events).toEqual([])
  })
})

describe('its page', () => {
  it('escapes what containers choose, and has nothing inline that the policy forbids', () => {
    const hostile = `"><script>alert('1')</script>`
    const [alert] = alertsOf(story.book)
    if (alert === undefined) throw new Error('the story has an alert')
    const { html } = ackPage({
      kind: 'asked',
      alert: { ...alert, container: hostile, summary: hostile, rule: hostile },
    })
    expect(html).not.toMatch(/<script|<style|style=|\son[a-z]+=/)
    expect(html).toContain('&quot;&gt;&lt;script&gt;')
  })
})
