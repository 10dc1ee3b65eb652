/** The files that people see: the logs with how they rotate, the rules file, and how each of them is. */
import { ALERT_LOG, metricsFile, STATUS_LOG } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from '@plimsoll/runtime/log'
import { Appender } from './io/appender.ts'
import { csvHeader } from './io/csv.ts'
import { EvidenceFiles } from './io/evidence-files.ts'
import { followRules, type RulesFile } from './io/rules-file.ts'

/** Kept in memory while the disk does not take them. Alerts are few and matter; rows are many and old soon. */
const MAX_QUEUED = { alerts: 10_000, rows: 500 }
const CLOSE_WITHIN_MS = 600
const LOOK_AT_RULES_MS = 2000

export interface Files {
  readonly alerts: Appender
  readonly status: Appender
  readonly csv: Appender
  readonly evidence: EvidenceFiles
  readonly rules: RulesFile
  readonly sinks: () => readonly { readonly name: string; readonly error: string | null }[]
  readonly close: () => Promise<void>
}

export async function openFiles(options: {
  readonly dir: string
  readonly maxBytes: number
  readonly rulesFile: string
  readonly log: Log
  readonly now: () => EpochMs
}): Promise<Files> {
  const { dir, maxBytes, rulesFile, log, now } = options
  const say = (sentence: string) => log.info({ file: rulesFile }, sentence)
  const rules = await followRules({ path: rulesFile, everyMs: LOOK_AT_RULES_MS, say })
  const rows = { dir, maxQueued: MAX_QUEUED.rows, sync: false, now }
  const alerts = new Appender({
    ...rows,
    file: ALERT_LOG,
    maxBytes,
    daily: false,
    sync: true,
    maxQueued: MAX_QUEUED.alerts,
  })
  const status = new Appender({ ...rows, file: STATUS_LOG, maxBytes, daily: true })
  const csv = new Appender({ ...rows, file: metricsFile, maxBytes: null, daily: false, header: csvHeader() })
  const evidence = new EvidenceFiles(dir)
  return {
    alerts,
    status,
    csv,
    evidence,
    rules,
    sinks: () => [
      { name: ALERT_LOG, error: alerts.error },
      { name: STATUS_LOG, error: status.error },
      { name: 'metrics CSV', error: csv.error },
      { name: 'evidence', error: evidence.error },
      { name: 'rules file', error: rules.error },
    ],
    close: async () => {
      rules.stop()
      await Promise.all([alerts, status, csv].map((file) => file.close(CLOSE_WITHIN_MS)))
    },
  }
}
