/** Opens the door: the HTTP interface and the live connection on one port. */
import type { IncomingMessage } from 'node:http'
import type { Hello, Snapshot } from '@plimsoll/contracts/live'
import type { Log } from '@plimsoll/runtime/log'
import { PAGE_DIR } from './build.ts'
import { isHostAllowed, isOriginAllowed } from './core/hosts.ts'
import { type Live, openLive } from './io/live.ts'
import { type Answers, buildWeb } from './io/web.ts'

/** The port is taken, or may not be used. */
const EXIT_NO_PORT = 1

export interface DoorParts {
  readonly address: { readonly host: string; readonly port: number }
  readonly allowedHosts: readonly string[]
  readonly answers: Answers
  readonly hello: () => Hello
  readonly snapshot: () => Snapshot
  readonly log: Log
}

export interface Door {
  readonly live: Live
  close(): Promise<void>
}

/** Resolves once it is open; ends the process, with the reason, when the port is taken or may not be used. */
export async function openDoor({ address, allowedHosts, answers, hello, snapshot, log }: DoorParts): Promise<Door> {
  const onFault = (err: unknown) => log.error({ err }, 'a request failed')
  const web = await buildWeb(answers, { allowedHosts, pageDir: PAGE_DIR, onFault })
  const live = openLive({ server: web.server, hello, snapshot, refusal: refusalOf(allowedHosts) })
  const url = await web.listen(address).catch((cause: Error) => {
    const where = `${address.host}:${address.port}`
    log.fatal({ where, error: cause.message }, 'cannot listen here: see LISTEN_HOST and MONITOR_PORT')
    process.exit(EXIT_NO_PORT)
  })
  log.info({ url }, 'the page is served')
  return {
    live,
    close: async () => {
      await live.close()
      await web.close()
    },
  }
}

function refusalOf(allowedHosts: readonly string[]) {
  return ({ headers }: IncomingMessage): string | null => {
    if (!isHostAllowed(headers.host, allowedHosts)) return 'host not allowed'
    return isOriginAllowed(headers.origin, headers.host) ? null : 'origin not allowed'
  }
}
