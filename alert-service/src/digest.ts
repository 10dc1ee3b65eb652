/** Makes the digest when its time has come, and puts it into the outbox: from there it is as safe as an alert. */
import { join } from 'node:path'
import { metricsFile } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import { rowOf } from './core/csv-cells.ts'
import { type DigestKind, digestPeriodMs, periodEnd, type Report, reportOf } from './core/digest.ts'
import { enter, type LedgerLine, linesOf, newLedger } from './core/ledger.ts'
import { eachLine } from './io/monitor-files.ts'
import type { AlertSettings } from './settings.ts'
import type { Desk } from './take.ts'

const FACT = 'digest-until'
const DAY_MS = 24 * 60 * 60 * 1000
/** A digest that lists more alerts than this is read by nobody. */
const MAX_ALERTS = 1000

async function containersBetween(folder: string, from: EpochMs, to: EpochMs): Promise<readonly LedgerLine[]> {
  const ledger = newLedger()
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
    await eachLine(join(folder, metricsFile(day)), (line) => {
      const row = rowOf(line)
      if (row !== null && row.at >= from && row.at < to) enter(ledger, row)
    })
  }
  return linesOf(ledger)
}

async function make(desk: Desk, s: AlertSettings, kind: DigestKind, to: EpochMs): Promise<Report> {
  const from = to - digestPeriodMs(kind)
  const containers = await containersBetween(s.LOGS_DIR, from, to)
  const alerts = desk.store.alertsSince(from, MAX_ALERTS).filter(({ firing }) => firing !== null && firing.time < to)
  return reportOf({ kind, from, to, containers, alerts }, { now: to, publicUrl: s.PUBLIC_URL })
}

/**
 * Sends the digest of the newest complete period, once. The first start only notes the time: of the days before, the
 * service knows nothing.
 */
export async function digestIfDue(desk: Desk, s: AlertSettings, now: EpochMs): Promise<void> {
  if (s.DIGEST === 'off') return
  const { store } = desk
  const to = periodEnd(s.DIGEST, s.DIGEST_HOUR, now)
  const until = store.fact(FACT)
  if (until !== null && Number(until) >= to) return
  const report = until === null ? null : await make(desk, s, s.DIGEST, to)
  store.transaction(() => {
    store.saveFact(FACT, String(to))
    const [mail] = desk.channels
    if (report === null || mail === undefined) return
    for (const recipients of mail.copies) store.queue(mail.name, { entries: [], more: {}, recipients, report }, now)
  })
}
