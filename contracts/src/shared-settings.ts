/** Settings that more than one service reads, declared once so that they cannot disagree. */
import { duration, httpUrl, line, oneOf } from './setting-kinds.ts'
import { declare } from './settings.ts'

export const sharedSettings = declare({
  LOGS_DIR: {
    doc: 'Folder of the CSV files, the status log, the alert log, evidence and the mail outbox',
    fallback: 'logs',
    parse: line(),
  },
  STATE_DIR: {
    doc: 'Folder of what a service must remember over a restart; one per service',
    fallback: '.state',
    parse: line(),
  },
  SHARED_DIR: {
    doc: 'Folder of what the monitor and the alert service share: the key of the acknowledge links in mails',
    fallback: '.state/shared',
    parse: line(),
  },
  PUBLIC_URL: {
    doc: 'Where people reach the dashboard; links in messages point there',
    fallback: 'http://localhost:8001',
    parse: httpUrl(),
  },
  LOG_LEVEL: {
    doc: 'How much the service logs to stderr: error, warn, info or debug',
    fallback: 'info',
    parse: oneOf(['error', 'warn', 'info', 'debug']),
  },
  LOG_RETENTION: {
    doc: 'How long rotated logs, CSV files, evidence and the mail outbox are kept',
    fallback: '14d',
    parse: duration({ min: '1h', max: '3650d' }),
    unit: 's',
  },
})
