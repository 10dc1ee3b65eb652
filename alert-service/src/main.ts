/** The alert service: follows the alert log and delivers. */
import { createLog } from '@plimsoll/runtime/log'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { stopGracefully } from '@plimsoll/runtime/stop'
import { createService } from './service.ts'
import { alertSettings } from './settings.ts'

async function main(): Promise<void> {
  const settings = settingsOrExit('alert-service', alertSettings)
  const log = createLog('alert-service', settings.LOG_LEVEL)
  const service = createService(settings, { log, now: Date.now, random: Math.random })
  stopGracefully(log, service.close)
  await service.web.listen({ host: settings.LISTEN_HOST, port: settings.ALERT_SERVICE_PORT })
  service.start()
}

if (import.meta.main) await main()
