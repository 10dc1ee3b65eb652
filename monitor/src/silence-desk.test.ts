import { tmpdir } from 'node:os'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { describe, expect, it } from 'vitest'
import type { Book } from './core/alert-book.ts'
import { ended, playAll, running, T0 } from './core/series-notation.ts'
import { type Answers, buildWeb } from './io/web.ts'
import { type Listener, speechTo } from './silence-desk.ts'

const story = playAll([running(0, -60_000), ended(10_000)])
const [fired] = story.events

/** The interface over a book in which an alert fires. */
async function web() {
  let book: Book = story.book
  let now = T0 + 20_000
  const events: AlertEvent[] = []
  const listener: Listener = {
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
  const answers = { speech: speechTo(listener, () => now) } as unknown as Answers
  const app = await buildWeb(answers, { allowedHosts: [], pageDir: tmpdir(), onFault: () => undefined })
  const ask = (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) =>
    app.inject({
      method,
      url,
      headers: { host: 'localhost:8001', ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  return { ask, events, pass: (ms: number) => (now += ms) }
}

describe('silences over HTTP', () => {
  it('are made, listed and ended', async () => {
    const { ask, events } = await web()
    const made = await ask('POST', '/api/silences', { container: 'web', for: '2h', reason: 'moving house' })
    expect(made.statusCode).toBe(201)
    expect(made.json()).toMatchObject({
      container: 'web',
      rule: null,
      until: T0 + 20_000 + 7_200_000,
      reason: 'moving house',
    })
    expect(events).toMatchObject([{ state: 'silenced', id: fired?.id, by: made.json().id }])
    expect((await ask('GET', '/api/silences')).json()).toEqual({ silences: [made.json()] })
    expect((await ask('DELETE', `/api/silences/${made.json().id}`)).statusCode).toBe(200)
    expect((await ask('GET', '/api/silences')).json()).toEqual({ silences: [] })
    expect((await ask('DELETE', `/api/silences/${made.json().id}`)).json().error.code).toBe('not-found')
  })

  it('end by themselves', async () => {
    const { ask, pass } = await web()
    await ask('POST', '/api/silences', { for: '1m', reason: 'x' })
    pass(60_000)
    expect((await ask('GET', '/api/silences')).json()).toEqual({ silences: [] })
  })

  it.each([
    [{}, 'for: is missing'],
    [{ for: '2h' }, 'reason: is missing'],
    [{ for: '2h', reason: '  ' }, 'reason: says why'],
    [{ for: '10s', reason: 'x' }, 'for: expected a duration from 1m to 30d'],
    [{ for: '2h', reason: 'x', container: 'a b' }, 'container: expected a name'],
    [{ for: '2h', reason: 'x', containers: 'web' }, 'containers: is not known here'],
    [[], 'for: is missing'],
  ])('%j is refused with what is wrong', async (body, message) => {
    const { ask } = await web()
    const answer = await ask('POST', '/api/silences', body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.message).toContain(message)
  })

  it('another site may neither silence nor acknowledge', async () => {
    const { ask, events } = await web()
    const elsewhere = { origin: 'http://evil.example' }
    for (const [method, url] of [
      ['POST', '/api/silences'],
      ['POST', `/api/alerts/${fired?.id}/acknowledge`],
      ['DELETE', '/api/silences/x'],
    ] as const) {
      const answer = await ask(method, url, { for: '2h', reason: 'x' }, elsewhere)
      expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'origin-not-allowed'])
    }
    expect(events).toEqual([])
    const own = await ask('POST', '/api/silences', { for: '2h', reason: 'x' }, { origin: 'http://localhost:8001' })
    expect(own.statusCode).toBe(201)
  })
})

describe('an acknowledgement over HTTP', () => {
  it('is written under the alert’s id, once', async () => {
    const { ask, events } = await web()
    const url = `/api/alerts/${fired?.id}/acknowledge`
    const answer = await ask('POST', url, { reason: 'on it' })
    expect(answer.json()).toMatchObject({
      id: fired?.id,
      handled: { state: 'acknowledged', why: 'acknowledged: on it' },
    })
    expect((await ask('POST', url)).statusCode).toBe(200)
    expect(events).toMatchObject([{ state: 'acknowledged', id: fired?.id }])
  })

  it('of an alert that does not fire is refused', async () => {
    const { ask } = await web()
    const answer = await ask('POST', '/api/alerts/01KAH0000000000000000000AB/acknowledge')
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'alert-not-found'])
  })
})
