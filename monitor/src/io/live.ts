/**
 * The live connection to the pages (socket.io). A message is serialised once, whoever listens; ticks are volatile, so
 * that a slow browser loses frames and the server no memory.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { ClientEvents, Hello, ServerEvents, Snapshot } from '@plimsoll/contracts/live'
import { Server } from 'socket.io'

/** More pages than this are no people. */
const MAX_VIEWERS = 200
/** The page sends nothing; what is larger than a handshake is no page of ours. */
const MAX_MESSAGE_BYTES = 10_000

export interface LiveParts {
  readonly server: HttpServer
  readonly hello: () => Hello
  readonly snapshot: () => Snapshot
  /** Why a request is refused; `null` to let it in. CORS does not cover WebSockets: the origin is checked here. */
  readonly refusal: (request: IncomingMessage) => string | null
}

type Say = { readonly [K in keyof Omit<ServerEvents, 'hello' | 'snapshot'>]: ServerEvents[K] }

export interface Live extends Say {
  /** Says hello again to all: what is said in it has changed. */
  greet(): void
  viewers(): number
  close(): Promise<void>
}

export function openLive({ server, hello, snapshot, refusal }: LiveParts): Live {
  const io = new Server<ClientEvents, ServerEvents>(server, {
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: 5_000,
    allowRequest: (request, answer) => {
      const full = io.engine.clientsCount >= MAX_VIEWERS ? 'too many pages are open' : null
      const why = refusal(request) ?? full
      answer(why, why === null)
    },
  })
  io.on('connection', (socket) => {
    socket.emit('hello', hello())
    socket.emit('snapshot', snapshot())
  })
  return {
    greet: () => io.emit('hello', hello()),
    viewers: () => io.engine.clientsCount,
    tick: (tick) => io.volatile.emit('tick', tick),
    container: (view) => io.emit('container', view),
    alert: (alert) => io.emit('alert', alert),
    event: (event) => io.emit('event', event),
    engine: (engine) => io.emit('engine', engine),
    delivery: (delivery) => io.emit('delivery', delivery),
    // Closes the HTTP server too.
    close: async () => {
      io.disconnectSockets(true)
      await io.close()
    },
  }
}
