/** Screenshots of an alert mail for the docs, in a real browser: phone and desk, light and dark. `node scripts/mail-screenshots.ts` */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { CSV_COLUMNS } from '@plimsoll/contracts/csv'
import { EVIDENCE_DIR, metricsFile } from '@plimsoll/contracts/files'
import { isoTime } from '@plimsoll/contracts/time'
import { messageOf } from '../alert-service/src/core/message.ts'
import { shownFor } from '../alert-service/src/witness.ts'
import { launchBrowser } from '../tests/support/browser.ts'

const firedAt = Date.UTC(2026, 10, 21, 11, 13, 55)
const event: AlertEvent = {
  time: firedAt,
  severity: 'critical',
  state: 'firing',
  container: 'monitored-app',
  rule: 'container-oom',
  summary: 'killed: out of memory at its own limit of 256 MiB',
  value: 268435456,
  threshold: 268435456,
  host: 'web1',
  id: '01KAH0Z4K3N8Q6T2R5W7Y9B1D3',
}
const warning: AlertEvent = {
  ...event,
  time: firedAt - 40_000,
  severity: 'warning',
  rule: 'high-cpu',
  summary: 'CPU 96.4 % is above 40 % for 15 s',
  value: 96.4,
  threshold: 40,
  id: '01KAH0Z4K3N8Q6T2R5W7Y9B1D2',
}

/** A quarter of an hour of a container that fills its memory, with a gap in which nobody measured. */
function metrics(): string {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const row: Readonly<Record<string, string>> = {
      time: isoTime(firedAt - (90 - i) * 10_000),
      container: 'monitored-app',
      state: 'running',
      cpu_percent: String(Math.round((12 + (i > 60 ? 84 : 6 * Math.sin(i / 4))) * 10) / 10),
      memory_percent: String(Math.min(100, Math.round(30 + (i > 40 ? (i - 40) * 1.45 : i / 10)))),
    }
    return i > 22 && i < 30 ? '' : CSV_COLUMNS.map(({ header }) => row[header] ?? '').join(',')
  })
  return rows.filter((row) => row !== '').join('\n')
}

/** What the monitor wrote beside the critical line, in the contract's form. */
const evidence = {
  v: 1,
  end: { why: 'killed, exit code 137 (SIGKILL)', ranMs: 7_380_000 },
  oom: { verdict: 'own-limit', limitBytes: 268_435_456, lastUsedBytes: 266_100_000 },
  health: null,
  probe: { ok: false, url: 'http://monitored-app:8080/health', detail: 'connection refused' },
  logs: {
    lines: [
      'GET /memory?megabytes=200 200 41 ms',
      'GET /memory?megabytes=220 200 44 ms',
      'FATAL ERROR: heap out of memory',
    ].map((text) => ({ at: null, stream: 'stdout', text })),
  },
  before: null,
  neighbours: {
    byCpu: [{ name: 'postgres', cpuPercent: 21.4 }],
    byMemory: [{ name: 'postgres', memoryUsedBytes: 48_234_496 }],
  },
  machine: {
    cpuPercent: 61.2,
    memoryPercent: 54.1,
    memoryAvailableBytes: 3_900_000_000,
    disks: [{ name: '/', percent: 41, availableBytes: 28_400_000_000 }],
  },
  made: { image: 'plimsoll/target-app:0.1.0', restarts: 1 },
  dependents: [{ name: 'shop-frontend', state: 'running' }],
}

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-mail-'))
writeFileSync(join(folder, metricsFile(firedAt)), `${metrics()}\n`)
mkdirSync(join(folder, EVIDENCE_DIR))
writeFileSync(join(folder, EVIDENCE_DIR, `${event.id}.json`), JSON.stringify(evidence))
const entries = [warning, event].map((one) => ({ event: one, repeat: 0, why: '' }))
const { pictures, facts, attachments } = await shownFor(folder, entries, firedAt + 1000)
const context = { now: firedAt + 1000, publicUrl: 'http://localhost:8001', pictures, facts }
const { html } = messageOf({ entries, more: {}, recipients: [] }, context)
const shown = attachments.reduce(
  (page, { cid, content }) =>
    page.replaceAll(`cid:${cid}`, `data:image/png;base64,${Buffer.from(content).toString('base64')}`),
  html,
)
const target = new URL('../docs/screenshots/', import.meta.url).pathname
mkdirSync(target, { recursive: true })
const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 700]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    await page.setContent(shown)
    await page.screenshot({ path: join(target, `mail-${width}-${colorScheme}.png`), fullPage: true })
    await page.close()
  }
}
await browser.close()
rmSync(folder, { recursive: true })
