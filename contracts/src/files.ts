/** The names of the files in `LOGS_DIR` that more than one service, or a person, relies on. */
import { compactTime, type EpochMs, isoDay } from './time.ts'

/** Written by the monitor alone, followed by the alert service. */
export const ALERT_LOG = 'container_alerts.log'
/** A readable status line per container every 10 s; its age tells whether the monitor lives. */
export const STATUS_LOG = 'container_monitor.log'
/** Evidence of an alert: `evidence/<id>.json`. */
export const EVIDENCE_DIR = 'evidence'
/** Mails that no server was set up for, one `.eml` file each. */
export const OUTBOX_DIR = 'outbox'

/** `01KAH….json`, the evidence of an alert, in `EVIDENCE_DIR`. The id is an alert's own: it was checked to be a ULID. */
export function evidenceFile(id: string): string {
  return `${id}.json`
}

/** `metrics-2026-11-21.csv`, the file of a UTC day. */
export function metricsFile(at: EpochMs): string {
  return `metrics-${isoDay(at)}.csv`
}

/** `container_alerts.log.20261121T111355Z`: where a rotated file goes. Later rotations sort after earlier ones. */
export function rotatedName(file: string, at: EpochMs): string {
  return `${file}.${compactTime(at)}`
}

const suffix = /^\.\d{8}T\d{6}Z(?:-\d+)?$/

/** Whether `name` is a rotated `file`. Two rotations in one second are told apart by `-1`, `-2`. */
export function isRotated(name: string, file: string): boolean {
  return name.startsWith(file) && suffix.test(name.slice(file.length))
}
