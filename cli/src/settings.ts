/** The settings of the command. */
import { httpUrl } from '@plimsoll/contracts/setting-kinds'
import { declare } from '@plimsoll/contracts/settings'

export const cliSettings = declare({
  MONITOR_URL: {
    doc: 'Where the command plimsoll reaches the monitor',
    fallback: 'http://127.0.0.1:8001',
    parse: httpUrl(),
  },
})
