/** Starts the target app: settings, parts, listen, and an orderly stop. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { createLog } from '@plimsoll/runtime/log'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { stopGracefully } from '@plimsoll/runtime/stop'
import { buildApp } from './app.ts'
import { createBallast } from './ballast.ts'
import { createBurners } from './burners.ts'
import { openDatabase } from './database.ts'
import { createDatabaseLoad } from './database-load.ts'
import { createLoads } from './loads.ts'
import { type Meter, meterOf } from './meter.ts'
import { createMetrics } from './metrics.ts'
import { connectionOf, targetSettings } from './settings.ts'

const now = () => performance.now()

function meterOfHere(): Meter {
  const processReading = () => {
    const { user, system } = process.cpuUsage()
    return { atMs: now(), cpuMs: (user + system) / 1000, memoryBytes: process.memoryUsage.rss() }
  }
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return meterOf({ readFile, cores: availableParallelism(), memoryBytes: totalmem(), process: processReading })
}

async function main(): Promise<void> {
  const settings = settingsOrExit('target-app', targetSettings)
  const log = createLog('target-app', settings.LOG_LEVEL)
  const database = openDatabase({
    connection: connectionOf(settings),
    poolSize: settings.DATABASE_POOL_SIZE,
    statementTimeoutMs: settings.STATEMENT_TIMEOUT,
    log,
  })
  const meter = meterOfHere()
  const loads = createLoads({
    meter,
    burners: createBurners(log),
    ballast: createBallast(meter),
    databaseLoad: createDatabaseLoad(database),
    bootId: randomUUID(),
    now,
  })
  const metrics = createMetrics({ withProcess: true })
  const app = buildApp({
    log,
    database,
    loads,
    limits: meter.limits,
    metrics,
    now,
    random: Math.random,
    newId: () => randomUUID(),
    crash: (exitCode) => process.exit(exitCode),
  })
  stopGracefully(log, async () => {
    await loads.close()
    await app.close()
    await database.close()
  })
  loads.start()
  const address = await app.listen({ host: settings.LISTEN_HOST, port: settings.TARGET_PORT })
  log.info({ address, ...meter.limits }, 'listening')
}

if (import.meta.main) await main()
