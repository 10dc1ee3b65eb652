/** The page in a real browser, against a monitor that plays accidents on request: what a person sees and can do. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Mock, startMock } from '../../dashboard-ui/dev/mock.ts'
import { chromiumPath, launchBrowser } from '../support/browser.ts'

const VIEWS = [
  '',
  '#/containers/monitored-app',
  '#/containers/registry',
  '#/containers/registry/logs',
  '#/alerts',
  '#/events',
  '#/host',
  '#/wall',
]

let browser: Browser
let context: BrowserContext
let mock: Mock
let page: Page
let complaints: string[]

beforeAll(async () => {
  execFileSync('npm', ['run', 'build', '--workspace', 'dashboard-ui'], { stdio: 'pipe' })
  browser = await launchBrowser()
})

afterAll(() => browser?.close())

beforeEach(async () => {
  mock = await startMock(0)
  await opened({})
})

afterEach(async () => {
  await context?.close()
  await mock?.stop()
})

async function opened(options: Parameters<Browser['newContext']>[0], hash = ''): Promise<void> {
  await context?.close()
  complaints = []
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  page = await context.newPage()
  // A refused style or script, a failed request, an exception: nothing of it may happen.
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${mock.url}/${hash}`)
}

/** A shared machine may be busy: a second is no deadline. */
const soon = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: 12_000 })
const status = () => page.getByRole('status')
const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

// Without a browser these are left out and counted as skipped; in CI they fail instead.
describe.runIf(chromiumPath() !== null || process.env.CI === 'true')('the page', () => {
  it('shows all containers with live numbers within a second or two, under a policy that allows nothing inline', async () => {
    await status().getByText('live', { exact: true }).waitFor()
    await soon(() => row('shop-postgres-1').textContent()).toMatch(/healthy.*\d+\.\d %.*MiB/)
    await row('shop-worker-1').scrollIntoViewIfNeeded()
    const before = await row('shop-worker-1').textContent()
    await soon(() => row('shop-worker-1').textContent()).not.toBe(before)
    expect(complaints).toEqual([])
  })

  it('shows the watched container first, with dials that carry their mark and a strip of its outages', async () => {
    await page.getByRole('heading', { name: 'monitored-app' }).waitFor()
    const dials = page.getByRole('img', { name: /^(CPU|Memory): \d+\.\d %, mark at (40|80) %$/ })
    await soon(() => dials.count()).toBe(2)
    const outage = page.getByRole('button', { name: /^away \d\d:\d\d:\d\d – \d\d:\d\d:\d\d \(23 s\): killed/ }).first()
    await outage.focus()
    await soon(() => page.locator('.strip-said').textContent()).toMatch(/killed \(SIGKILL\)/)
  })

  it('opens a container from its row, and the address shows a colleague the same', async () => {
    await page.getByRole('link', { name: 'media-transcoder-1' }).click()
    await page.getByRole('heading', { level: 1, name: 'media-transcoder-1' }).waitFor()
    await page.getByRole('link', { name: '1h' }).click()
    const address = page.url()
    expect(address).toContain('#/containers/media-transcoder-1?range=1h')
    await opened({}, address.slice(address.indexOf('#')))
    await page.getByRole('heading', { level: 1, name: 'media-transcoder-1' }).waitFor()
    await soon(() => page.getByRole('link', { name: '1h' }).getAttribute('aria-current')).toBe('true')
  })

  it('filters, shows only troubled ones, and stopped ones when asked', async () => {
    await row('registry').waitFor()
    expect(await row('old-wiki').count()).toBe(0)
    await page.getByRole('button', { name: /^Stopped/ }).click()
    await row('old-wiki').waitFor()
    await page.getByRole('button', { name: /^Troubled/ }).click()
    await soon(() => row('registry').count()).toBe(0)
    await row('media-library-1').waitFor()
    await page.getByRole('button', { name: /^Troubled/ }).click()
    await page.getByRole('searchbox').fill('postgres')
    await soon(() => page.locator('.fleet tbody tr:not(.group)').count()).toBe(1)
  })

  it('says that it is stale since when, and heals without a reload', async () => {
    await status().getByText('live', { exact: true }).waitFor()
    await context.setOffline(true)
    mock.play('restart')
    await status()
      .getByText(/^stale since \d\d:\d\d:\d\d$/)
      .waitFor({ timeout: 15_000 })
    await context.setOffline(false)
    await status().getByText('live', { exact: true }).waitFor({ timeout: 20_000 })
  })

  it('says so when the connection stands but no numbers come', async () => {
    await status().getByText('live', { exact: true }).waitFor()
    mock.play('mute')
    await status()
      .getByText(/^stale since/)
      .waitFor({ timeout: 15_000 })
    mock.play('speak')
    await status().getByText('live', { exact: true }).waitFor({ timeout: 10_000 })
  })

  it('tells what to do when the engine is away', async () => {
    await status().getByText('live', { exact: true }).waitFor()
    mock.play('engine-down')
    await page.getByText('systemctl start docker').waitFor()
    mock.play('engine-up')
    await page.getByText('systemctl start docker').waitFor({ state: 'detached' })
  })

  it('tells what to do first when there are no containers', async () => {
    await row('registry').waitFor()
    mock.play('empty')
    await page.getByRole('heading', { name: 'No containers yet' }).waitFor()
  })

  it('says what to do when all of them are stopped', async () => {
    await row('registry').waitFor()
    mock.play('stopped')
    await page.getByText('None runs; 2 are stopped.').waitFor()
    await page.getByRole('button', { name: 'Show them' }).click()
    await row('old-wiki').waitFor()
  })

  it('offers a reload when the monitor comes back as another build', async () => {
    await row('registry').waitFor()
    mock.play('new-build')
    await page.getByRole('button', { name: 'Reload' }).waitFor({ timeout: 15_000 })
  })

  it('tells of what fires in the tab', async () => {
    await soon(() => page.title()).toMatch(/^▲ .* · Plimsoll$/)
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('./icon-critical.svg')
  })

  it('can be used with the keyboard alone', async () => {
    await row('registry').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' })
    await page.keyboard.press('/')
    await page.keyboard.type('redis')
    await soon(() => page.locator('.fleet tbody tr:not(.group)').count()).toBe(1)
    await page.keyboard.press('Tab')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'shop-redis-1' }).waitFor()
    await page.keyboard.press('2')
    await soon(() => page.url()).toContain('range=1h')
    await page.keyboard.press('Escape')
    await soon(() => page.url()).not.toContain('range')
    await page.keyboard.press('a')
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor()
  })

  it('goes anywhere by a few letters', async () => {
    await row('registry').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('postg')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'shop-postgres-1' }).waitFor()
  })

  it('gives what is shown as CSV', async () => {
    await opened({}, '#/containers/registry')
    await page.getByText(/0\.01 of 8 cores/).waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
    expect(file.suggestedFilename()).toBe('registry.csv')
    expect(readFileSync(await file.path(), 'utf8')).toMatch(/^time,cpu_percent,.*\r\n2\d{3}-/)
  })

  it('zooms all charts and the address to what is dragged over', async () => {
    await opened({}, '#/containers/monitored-app')
    const plot = page.getByRole('img', { name: /^CPU and memory: CPU highest \d/ })
    await soon(() => page.locator('.piece').count()).toBeGreaterThan(2)
    const box = await plot.boundingBox()
    if (box === null) throw new Error('the chart is not shown')
    await page.mouse.move(box.x + box.width * 0.4, box.y + 80)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 80, { steps: 4 })
    await page.mouse.up()
    await soon(() => page.url()).toMatch(/from=\d+&to=\d+/)
    await page.getByRole('link', { name: 'back to live' }).click()
    await soon(() => page.url()).not.toMatch(/from=/)
  })

  it('shows an alert on one page, with the minutes around it', async () => {
    await opened({}, '#/alerts')
    await page
      .getByRole('table', { name: 'Earlier alerts' })
      .getByRole('link', { name: 'container-down' })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'container-down' }).waitFor()
    await page
      .getByRole('button', { name: /^away .*killed/ })
      .first()
      .waitFor()
    await page.getByText('running again for 5 s, was away for 23.5 s').waitFor()
    await page.getByText('it had run for 3 h 2 min').waitFor()
    await page.getByText('Failed to connect to localhost port 8080').waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    await page.getByLabel('because').fill('we know')
    await page.getByRole('button', { name: 'Silence', exact: true }).click()
    await page.getByText('Silenced. It is still recorded').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor()
    await page.getByText('we know').waitFor()
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByText('we know').waitFor({ state: 'detached' })
  })

  it('shows the log as it is written, in colours that obey nothing, and can be paused and searched', async () => {
    await opened({}, '#/containers/monitored-app')
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    const lines = page.getByRole('list', { name: 'Lines, oldest first' }).getByRole('listitem')
    await lines.first().waitFor()
    const red = page.locator('.log .fg-1').first()
    expect(await red.textContent()).toBe('error')
    expect(await page.getByText('would clear the screen').first().textContent()).toContain('\\u202e')
    const newest = () => lines.last().textContent()
    const before = await newest()
    await soon(newest).not.toBe(before)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('postgres')
    await soon(async () => new Set(await lines.allTextContents()).size).toBeGreaterThan(3)
    for (const text of await lines.allTextContents()) expect(text).toContain('postgres')
  })

  it('needs no sideways scrolling at 390 px', async () => {
    for (const hash of VIEWS) {
      await opened({ viewport: { width: 390, height: 844 } }, hash)
      await page.getByRole('heading').first().waitFor()
      await soon(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    }
  })

  it.each(['light', 'dark'] as const)('has no accessibility violation that axe can find, %s', async (colorScheme) => {
    for (const hash of VIEWS) {
      await opened({ colorScheme }, hash)
      await page
        .getByText(/\d\.\d+ %|\d+ %|died/)
        .first()
        .waitFor()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${hash} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual(
        [],
      )
    }
  })
})
