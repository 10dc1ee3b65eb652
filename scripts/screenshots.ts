/**
 * `npm run screenshots -- http://localhost:8001`: pictures of the running page for the README and docs, at 1440 and 390
 * pixels, light and dark.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '../tests/support/browser.ts'

const out = new URL('../docs/screenshots/', import.meta.url).pathname
const SETTLE_MS = 3000
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

async function main(): Promise<void> {
  const url = process.argv[2] ?? 'http://localhost:8001'
  mkdirSync(out, { recursive: true })
  const browser = await launchBrowser()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of sizes) {
      const page = await browser.newPage({ viewport, colorScheme })
      for (const [view, hash] of Object.entries(views)) {
        await page.goto(`${url}/${hash}`)
        await page.getByRole('main').waitFor()
        // Another hash loads nothing that could be waited for: history and two rounds of numbers arrive within this.
        await page.waitForTimeout(SETTLE_MS)
        const file = join(out, `${view}-${colorScheme}-${viewport.width}.png`)
        await page.screenshot({ path: file })
        console.log(file)
      }
      await page.close()
    }
  }
  await browser.close()
}

/** The views worth a picture, by the address that opens them. */
const views: Readonly<Record<string, string>> = {
  fleet: '#/',
  container: '#/containers/monitored-app',
  log: '#/containers/monitored-app/logs',
  alerts: '#/alerts',
  host: '#/host',
}

await main()
