/** The alert service: follows the alert log and delivers. */
import { createLog, type Log } from '@plimsoll/runtime/log'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { stopGracefully } from '@plimsoll/runtime/stop'
import { createService, type Service } from './service.ts'
import { type AlertSettings, alertSettings } from './settings.ts'

/** The service, or exit 1 after one line that says what to do: a stack trace helps nobody at 3 a.m. */
function createdOrExit(settings: AlertSettings, log: Log): Service {
  try {
    return createService(settings, { log, now: Date.now, random: Math.random })
  } catch (err) {
    log.fatal(err instanceof Error ? err.message : String(err))
    process.exit(1)
  }
}

async function main(): Promise<void> {
  const settings = settingsOrExit('alert-service', alertSettings)
  const log = createLog('alert-service', settings.LOG_LEVEL)
  const service = createdOrExit(settings, log)
  stopGracefully(log, service.close)
  await service.web.listen({ host: settings.LISTEN_HOST, port: settings.ALERT_SERVICE_PORT })
  service.start()
}

if (import.meta.main) await main()
