/**
 * What an open page costs the reader's machine and the wire, against a mock monitor that ticks every second:
 *
 *   node bench/page.ts [--seconds 60] [--heap-minutes 0]
 *
 * Needs a built page (`npm run build`) and a Chromium. Prints a table and writes it to bench/results/page.md.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { startMock } from '../dashboard-ui/dev/mock.ts'
import { launchBrowser } from '../tests/support/browser.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, 'heap-minutes': { type: 'string', default: '0' } },
})
const seconds = Number(values.seconds)
const heapMinutes = Number(values['heap-minutes'])
const SETTLE_MS = 6000

const cases = [
  { what: '100 containers, the fleet', count: 100, hash: '' },
  { what: '100 containers, one with its charts', count: 100, hash: '#/containers/monitored-app' },
  { what: '1 000 containers, the fleet', count: 1000, hash: '' },
] as const

interface Measured {
  readonly firstMs: number
  readonly busyPercent: number
  readonly scriptPercent: number
  readonly longestMs: number
  readonly bytesPerSecond: number
  readonly heapBytes: readonly [number, number]
}

async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** CPU time of the thread in microseconds: what others on this machine do does not count. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** The tasks of the page's main thread over `seconds`, each with its CPU time in milliseconds; those with script apart. */
async function tasksOf(session: CDPSession, page: Page): Promise<{ tasks: number[]; scriptMs: number }> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: unknown[] }) => events.push(...(value as TraceEvent[]))
  session.on('Tracing.dataCollected', collect)
  const traceConfig = { includedCategories: ['toplevel', 'devtools.timeline'] }
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig })
  await page.waitForTimeout(seconds * 1000)
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  const thread = events.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const own = events.filter(({ ph, pid, tid }) => ph === 'X' && pid === thread?.pid && tid === thread?.tid)
  const msOf = (name: string) => own.filter((event) => event.name === name).map(({ tdur = 0 }) => tdur / 1000)
  const scriptMs = msOf('FunctionCall').reduce((sum, ms) => sum + ms, 0)
  return { tasks: msOf('ThreadControllerImpl::RunTask'), scriptMs }
}

async function firstNumbers(page: Page, url: string): Promise<number> {
  const started = performance.now()
  await page.goto(url)
  await page
    .getByText(/\d+\.\d %/)
    .first()
    .waitFor()
  return performance.now() - started
}

async function measure(browser: Browser, count: number, hash: string): Promise<Measured> {
  const mock = await startMock(0, count)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    bytes += response.payloadData.length
  })
  const firstMs = await firstNumbers(page, `${mock.url}/${hash}`)
  await page.waitForTimeout(SETTLE_MS)
  const heapBefore = await heap(session)
  bytes = 0
  const { tasks, scriptMs } = await tasksOf(session, page)
  const bytesPerSecond = bytes / seconds
  if (heapMinutes > 0) await page.waitForTimeout(heapMinutes * 60_000)
  const heapAfter = await heap(session)
  await page.close()
  await mock.stop()
  const busyMs = tasks.reduce((sum, ms) => sum + ms, 0)
  const [busyPercent, scriptPercent] = [busyMs / seconds / 10, scriptMs / seconds / 10]
  return {
    firstMs,
    busyPercent,
    scriptPercent,
    longestMs: Math.max(...tasks),
    bytesPerSecond,
    heapBytes: [heapBefore, heapAfter],
  }
}

function bundleBytes(): number {
  const dist = new URL('../dashboard-ui/dist/assets/', import.meta.url)
  return readdirSync(dist).reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0)
}

const mega = (bytes: number) => (bytes / 1e6).toFixed(1)
const browser = await launchBrowser()
const rows: string[] = []
for (const { what, count, hash } of cases) {
  const one = await measure(browser, count, hash)
  const heaps = one.heapBytes.map(mega).join(' → ')
  rows.push(
    `| ${what} | ${one.firstMs.toFixed(0)} ms | ${one.busyPercent.toFixed(1)} % | ${one.scriptPercent.toFixed(1)} % | ${one.longestMs.toFixed(0)} ms | ${(one.bytesPerSecond / 1000).toFixed(1)} kB/s | ${heaps} MB |`,
  )
}
await browser.close()
const table = `# The open page: what it costs

\`node bench/page.ts --seconds ${seconds}\` on ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}, headless Chromium without a GPU
(painting is part of the main thread's time), a tick every second. Busy and longest task are CPU time of the page's main thread. Script and style: ${(bundleBytes() / 1000).toFixed(0)} kB gzip.

| what | first numbers | main thread busy | of it script | longest task | on the wire | heap, start → end |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
console.log(table)
mkdirSync(new URL('results', import.meta.url), { recursive: true })
writeFileSync(new URL('results/page.md', import.meta.url), table)
