import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asked } from './args.ts'
import { monitorAt } from './io/monitor.ts'
import { runAck, runSilence, runSilences, runUnsilence } from './run-say.ts'

const NOW = 1_795_261_000_000
const ID = '01KAHZ8M3Q4D7X2T9V5B6C1E0F'
const web = { id: ID, container: 'web', rule: 'high-*', from: NOW, until: NOW + 7_200_000, reason: 'a load\ntest' }

let server: Server
let answer: { status: number; body: unknown }
let heard: { method: string; url: string; body: string }[]
beforeEach(async () => {
  heard = []
  server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    heard.push({ method, url, body: (await request.toArray()).join('') })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => server.close())

const RUNS = { silence: runSilence, silences: runSilences, unsilence: runUnsilence, ack: runAck }

const printer = (text: string[], error: string[]) => ({
  text: (said: string) => void text.push(said),
  error: (said: string) => void error.push(said),
  styled: false,
  colour: false,
})

async function run(...words: string[]) {
  const what = asked(words)
  if (what.kind !== 'run') throw new Error(JSON.stringify(what))
  const text: string[] = []
  const error: string[] = []
  const out = printer(text, error)
  const monitor = monitorAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const { values, word } = what
  const code = await RUNS[what.command.name as keyof typeof RUNS]({ monitor, values, word, out, now: () => NOW })
  return { code, text: text.join(''), error: error.join('') }
}

describe('plimsoll silence', () => {
  it('asks for it, and says for how long and how to end it', async () => {
    answer = { status: 201, body: web }
    const said = await run('silence', 'web', '--rule', 'high-*', '--for', '2h', '--reason', 'a load test')
    expect(heard).toEqual([
      {
        method: 'POST',
        url: '/api/silences',
        body: '{"container":"web","rule":"high-*","for":"2h","reason":"a load test"}',
      },
    ])
    expect(said.text).toMatch(/^Silenced web, rule high-\* until \S+ \S+ \(2 h\): a load test\. To end it sooner: /)
    expect(said.text).toContain(`plimsoll unsilence ${ID}\n`)
    expect(said.code).toBe(0)
  })

  it('without a container it is for every one', async () => {
    answer = { status: 201, body: { ...web, container: null, rule: null } }
    expect((await run('silence', '--for', '2h', '--reason', 'x')).text).toMatch(/^Silenced everything until/)
  })

  it.each([
    ['how long', ['silence', 'web', '--reason', 'x'], '--for is missing'],
    ['why', ['silence', 'web', '--for', '2h'], '--reason is missing: why, for whoever wonders later'],
    ['which', ['unsilence'], 'ID is missing'],
    ['which alert', ['ack'], 'ALERT-ID is missing'],
  ])('wants to know %s', (_, words, said) => {
    expect(asked(words)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(said) })
  })

  it('a value the monitor refuses is told in its words, as wrong use', async () => {
    answer = { status: 400, body: { error: { code: 'bad-request', message: 'for: expected a duration' } } }
    const said = await run('silence', 'web', '--for', 'long', '--reason', 'x')
    expect(said).toEqual({ code: 64, text: '', error: 'plimsoll: for: expected a duration\n' })
  })
})

describe('plimsoll silences and unsilence', () => {
  it('a table, the ids alone, or that there are none', async () => {
    answer = { status: 200, body: { silences: [web] } }
    expect((await run('silences')).text).toMatch(new RegExp(`^ID .*REASON\n${ID}  web +high-\\*  2 h +a load test\n$`))
    expect((await run('silences', '--ids')).text).toBe(`${ID}\n`)
    answer = { status: 200, body: { silences: [] } }
    expect((await run('silences')).text).toBe('No silences.\n')
  })

  it('ends one, or says where the ids stand', async () => {
    answer = { status: 200, body: web }
    expect((await run('unsilence', ID)).text).toMatch(/^The silence of web, rule high-\* has ended\./)
    expect(heard[0]).toEqual({ method: 'DELETE', url: `/api/silences/${ID}`, body: '' })
    answer = { status: 404, body: { error: { code: 'not-found', message: 'no silence of this id is in force' } } }
    const said = await run('unsilence', 'x/y')
    expect(heard[1]?.url).toBe('/api/silences/x%2Fy')
    expect(said.code).toBe(1)
    expect(said.error).toBe(
      'plimsoll: no silence of this id is in force. plimsoll silences shows those that are, with their ids.\n',
    )
  })
})

describe('plimsoll ack', () => {
  const handled = { state: 'acknowledged', at: NOW, why: 'acknowledged: on it' }
  const alert = {
    id: ID,
    rule: 'high-cpu',
    severity: 'warning',
    container: 'web',
    host: 'h',
    firedAt: NOW,
    summary: 's',
  }

  it('says what it means', async () => {
    answer = { status: 200, body: { ...alert, handled } }
    const said = await run('ack', ID, '--note', 'on it')
    expect(heard[0]).toEqual({ method: 'POST', url: `/api/alerts/${ID}/acknowledge`, body: '{"reason":"on it"}' })
    expect(said.text).toBe('high-cpu of web: acknowledged: on it. It is not repeated; that it is over is still told.\n')
  })

  it('of none that fires is no success', async () => {
    answer = { status: 404, body: { error: { code: 'alert-not-found', message: 'no alert of this id fires' } } }
    const said = await run('ack', ID)
    expect(said.code).toBe(1)
    expect(said.error).toContain('plimsoll alerts --state firing shows those that do')
  })

  it('a monitor that is away is told as everywhere', async () => {
    server.close()
    server.closeAllConnections()
    const port = (server.address() as AddressInfo | null)?.port ?? 1
    const error: string[] = []
    const out = printer([], error)
    const monitor = monitorAt(`http://127.0.0.1:${port}`)
    expect(await runAck({ monitor, values: {}, word: ID, out, now: () => NOW })).toBe(69)
    expect(error.join('')).toContain('is away: ')
  })
})
