/** How long a critical line takes from being written to being accepted by Amazon SES: `node bench/delivery.ts [alerts]`. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import { startFakeSes } from '../tests/support/fake-ses.ts'
import { startService } from '../tests/support/service.ts'
import { until } from '../tests/support/until.ts'

const alerts = Number(process.argv[2] ?? 500)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
const logs = join(folder, 'logs')
mkdirSync(logs)
writeFileSync(join(logs, ALERT_LOG), '')
const ses = await startFakeSes()
const service = startService('alert-service/src/main.ts', {
  LOGS_DIR: logs,
  STATE_DIR: join(folder, 'state'),
  ALERT_SERVICE_PORT: '0',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL_SES: ses.url,
  SENDER_EMAIL: 'plimsoll@example.com',
  RECIPIENT_EMAILS: 'ops@example.com',
  ALERT_COOLDOWN: '0',
  MONITOR_SILENCE: '0',
  MESSAGES_PER_HOUR: '100000',
})
await until('its start', () => service.stderr().includes('alerts go to'))

const tookMs: number[] = []
for (let n = 1; n <= alerts; n++) {
  const id = String(n).padStart(26, '0')
  const what = { severity: 'critical', state: 'firing', rule: 'container-down', summary: 'down', host: 'h1' } as const
  const writtenAt = Date.now()
  const started = performance.now()
  const line = encode({ time: writtenAt, ...what, container: `c${n}`, value: null, threshold: null, id })
  appendFileSync(join(logs, ALERT_LOG), `${line}\n`)
  while (ses.accepted.length < n) await new Promise((resolve) => setImmediate(resolve))
  tookMs.push(performance.now() - started)
  // Not on a beat with the service's own.
  await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60))
}
service.child.kill('SIGTERM')
await service.ended
await ses.close()
rmSync(folder, { recursive: true })

const sorted = tookMs.toSorted((a, b) => a - b)
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(1)
const table = `# A critical alert: from its line to the mail server

From the line written to the mail accepted by a server that speaks SES, on this machine, through the real AWS client and the
service in a process of its own; ${alerts} alerts one after another; ${new Date().toISOString().slice(0, 10)}. The load average was ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores.

| p50 ms | p90 ms | p99 ms | worst ms |
|---|---|---|---|
| ${[0.5, 0.9, 0.99, 1].map((share) => at(share)).join(' | ')} |
`
console.log(table)
mkdirSync(new URL('results', import.meta.url), { recursive: true })
writeFileSync(new URL('results/delivery.md', import.meta.url), table)
