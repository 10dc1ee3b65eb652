/** The settings of the target app. */
import { duration, line, port, wholeNumber } from '@plimsoll/contracts/setting-kinds'
import { declare, type SettingsOf } from '@plimsoll/contracts/settings'
import { sharedSettings } from '@plimsoll/contracts/shared-settings'
import type { ClientConfig } from 'pg'
import * as v from 'valibot'

const postgresUrl = v.pipe(
  v.string(),
  v.trim(),
  v.check((text) => /^postgres(ql)?:\/\/[^\s/]/.test(text) && URL.canParse(text), 'expected a postgres:// address'),
)

export const targetSettings = declare({
  LISTEN_HOST: {
    doc: 'Address the target app listens on; it has no login and makes load for whoever asks, so keep it local',
    fallback: '127.0.0.1',
    parse: line(),
  },
  TARGET_PORT: { doc: 'Port of the target app', fallback: '8080', parse: port() },
  DATABASE_URL: {
    doc: 'Address of the target app’s Postgres; the PG* settings count when it is absent',
    fallback: null,
    parse: postgresUrl,
    secret: true,
  },
  PGHOST: { doc: 'Postgres host', fallback: 'postgres', parse: line() },
  PGPORT: { doc: 'Postgres port', fallback: '5432', parse: port() },
  PGUSER: { doc: 'Postgres user', fallback: 'plimsoll', parse: line() },
  PGPASSWORD: { doc: 'Postgres password', fallback: 'plimsoll', parse: line(), secret: true },
  PGDATABASE: { doc: 'Postgres database', fallback: 'plimsoll', parse: line() },
  DATABASE_POOL_SIZE: {
    doc: 'Connections the target app keeps to Postgres at most',
    fallback: '20',
    parse: wholeNumber({ min: 1, max: 50 }),
  },
  STATEMENT_TIMEOUT: {
    doc: 'After how long Postgres ends a query of the target app',
    fallback: '5s',
    parse: duration({ min: '100ms', max: '60s' }),
    unit: 's',
  },
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
})

/** How to connect: by `DATABASE_URL` when it is given, else by the single settings. */
export function connectionOf(settings: SettingsOf<typeof targetSettings>): ClientConfig {
  if (settings.DATABASE_URL !== null) return { connectionString: settings.DATABASE_URL }
  return {
    host: settings.PGHOST,
    port: settings.PGPORT,
    user: settings.PGUSER,
    password: settings.PGPASSWORD,
    database: settings.PGDATABASE,
  }
}
