/** The log of a service: JSON lines on stderr, readable lines where stderr is a terminal. stdout is left to people. */
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type Log = Logger

export function createLog(service: string, level: string): Log {
  const options = { name: service, level, base: { name: service } }
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }))
  return pino(
    options,
    pretty({ destination: 2, sync: true, ignore: 'pid,hostname,name', translateTime: 'SYS:HH:MM:ss' }),
  )
}
