/** The chats and receivers, against real HTTP servers. */
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AlertStage, keyOf } from '../../tests/support/alert-stage.ts'
import { type FakeHook, startFakeHook } from '../../tests/support/fake-hook.ts'
import { until } from '../../tests/support/until.ts'

// Real servers and files on a machine that may be busy: a deadline, not a duration.
vi.setConfig({ testTimeout: 30_000 })

let hook: FakeHook
let stage: AlertStage

beforeEach(async () => {
  hook = await startFakeHook()
  stage = new AlertStage()
})
afterEach(async () => {
  await stage.end()
  await hook.close()
})

const all = () => ({
  SLACK_WEBHOOK_URL: `${hook.url}/slack`,
  TEAMS_WEBHOOK_URL: `${hook.url}/teams`,
  DISCORD_WEBHOOK_URL: `${hook.url}/discord`,
  NTFY_URL: `${hook.url}/my-topic`,
  NTFY_TOKEN: 'tk_secret',
  WEBHOOK_URL: `${hook.url}/hook`,
  WEBHOOK_SECRET: 'shared',
  ALERTMANAGER_URL: hook.url,
})
const PATHS = ['/slack', '/teams', '/discord', '/', '/hook', '/api/v2/alerts']
const postTo = (path: string) => hook.posts.find((post) => post.path === path)
const bodyOf = (path: string) => JSON.parse(postTo(path)?.body ?? 'null')

describe('every channel that is set up', () => {
  it('gets the alert in its own form, with the delivery key in it, and nothing in it can ping anyone', async () => {
    stage.start(all())
    const event = stage.alert({ container: '@everyone<!channel>*x*', summary: 'down & <out>' })
    stage.write(event)
    await until('all posts', () => PATHS.every((path) => postTo(path) !== undefined))
    for (const path of PATHS) expect(postTo(path)?.body, path).toContain(keyOf(event))
    expect(bodyOf('/slack').text).toBe('CRITICAL @everyone&lt;!channel&gt;*x*: down &amp; &lt;out&gt;')
    expect(bodyOf('/discord')).toMatchObject({ allowed_mentions: { parse: [] }, username: 'Plimsoll' })
    expect(bodyOf('/teams').attachments[0].content.body[0]).toMatchObject({ color: 'Attention', wrap: true })
    expect(bodyOf('/')).toMatchObject({ topic: 'my-topic', priority: 5 })
    expect(postTo('/')?.headers.authorization).toBe('Bearer tk_secret')
    expect(bodyOf('/api/v2/alerts')[0].labels).toMatchObject({
      alertname: event.rule,
      severity: 'critical',
      host: 'h1',
    })
  })

  it('webhook: is the body of an Alertmanager, signed', async () => {
    stage.start(all())
    const event = stage.alert()
    stage.write(event, { ...event, state: 'resolved', time: event.time + 1000, summary: 'running again' })
    await until('its end', () => hook.posts.filter(({ path }) => path === '/hook').length === 2)
    const [first, second] = hook.posts.filter(({ path }) => path === '/hook')
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [{ status: 'firing', fingerprint: event.id, endsAt: '0001-01-01T00:00:00Z' }],
    })
    expect(JSON.parse(second?.body ?? '')).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved' }] })
    const sum = createHmac('sha256', 'shared').update(`${first?.headers['x-plimsoll-timestamp']}.${first?.body}`)
    expect(first?.headers['x-plimsoll-signature']).toBe(`sha256=${sum.digest('hex')}`)
  })

  it('gets what its route says', async () => {
    stage.start({ ...all(), ROUTES: 'slack=critical,discord=all:db*' })
    stage.write(stage.alert({ severity: 'warning', container: 'db-1' }), stage.alert({ container: 'web' }))
    await until('both in the webhook', () => hook.posts.filter(({ path }) => path === '/hook').length === 2)
    await until('all told', () => stage.service.status().channels.every(({ queued }) => queued === 0))
    expect(hook.posts.filter(({ path }) => path === '/slack')).toHaveLength(1)
    expect(bodyOf('/slack').text).toContain('web')
    expect(hook.posts.filter(({ path }) => path === '/discord')).toHaveLength(1)
    expect(bodyOf('/discord').content).toContain('db-1')
  })
})

describe('a channel in trouble', () => {
  it('waits as long as it is asked to', async () => {
    hook.answer((_, n) => (n === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 }))
    stage.start({ SLACK_WEBHOOK_URL: `${hook.url}/slack` })
    const started = performance.now()
    stage.write(stage.alert())
    await until('the second try', () => hook.posts.length === 2)
    expect(performance.now() - started).toBeGreaterThan(1000)
  })

  it('holds up no other, and says what to do without giving its address away', async () => {
    hook.answer(({ path }) => ({ status: path.startsWith('/slack') ? 404 : 200, body: 'no_service' }))
    stage.start({ SLACK_WEBHOOK_URL: `${hook.url}/slack/secret`, DISCORD_WEBHOOK_URL: `${hook.url}/discord` })
    stage.write(stage.alert())
    await until('discord', () => postTo('/discord') !== undefined)
    const slack = () => stage.service.status().channels.find(({ name }) => name === 'slack')
    await until('slack is blocked', () => slack()?.state === 'blocked')
    expect(slack()).toMatchObject({ queued: 1, advice: expect.stringContaining('SLACK_WEBHOOK_URL') })
    expect(JSON.stringify([stage.service.status(), stage.said])).not.toContain('secret')
  })
})

it('a route for a channel that does not exist is refused by name', () => {
  expect(() => stage.start({ ROUTES: 'slak=critical' })).toThrow(
    /ROUTES="slak=critical": expected channels among mail, slack/,
  )
  expect(() => stage.start({ ROUTES: 'slack=urgent' })).toThrow(/expected all or critical/)
  expect(() => stage.start({ NTFY_URL: 'https://ntfy.sh/' })).toThrow(/expected a server and a topic/)
})
