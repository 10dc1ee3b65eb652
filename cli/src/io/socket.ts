/** The live connection to the monitor: typed events in, actions out. It reconnects by itself until it is closed. */
import type { ClientEvents, ServerEvents } from '@plimsoll/contracts/live'
import { io, type Socket } from 'socket.io-client'
import type { Action } from '../core/state.ts'

const RECONNECT_MS = { first: 250, most: 3000 }
const DEADLINE_MS = 8000

/** Connects to the monitor at `url` and answers with the way to end it. */
export function openSocket(url: string, dispatch: (action: Action) => void): () => void {
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    transports: ['websocket'],
    reconnectionDelay: RECONNECT_MS.first,
    reconnectionDelayMax: RECONNECT_MS.most,
    timeout: DEADLINE_MS,
  })
  const lost = (why: string | null) => dispatch({ kind: 'lost', at: Date.now(), why })
  socket.on('disconnect', (reason) => {
    lost(reason === 'ping timeout' ? 'it does not answer' : null)
    // After a disconnect that the server asked for, the client does not come back by itself.
    if (reason === 'io server disconnect') socket.connect()
  })
  socket.on('connect_error', (error) => lost(reasonOf(error)))
  socket.on('hello', (hello) => dispatch({ kind: 'hello', hello }))
  socket.on('snapshot', (snapshot) => dispatch({ kind: 'snapshot', snapshot }))
  socket.on('tick', (tick) => dispatch({ kind: 'tick', tick }))
  socket.on('container', (view) => dispatch({ kind: 'container', view }))
  socket.on('alert', (alert) => dispatch({ kind: 'alert', alert }))
  socket.on('event', (event) => dispatch({ kind: 'event', event }))
  socket.on('engine', (engine) => dispatch({ kind: 'engine', engine }))
  socket.on('delivery', (delivery) => dispatch({ kind: 'delivery', delivery }))
  return () => socket.close()
}

/** "websocket error" says nothing; the error of the connection below it does, where there is one. */
function reasonOf(error: Error): string | null {
  const inner = (error as Error & { description?: { error?: Error; message?: string } }).description
  const text = inner?.error?.message || inner?.message || error.message
  if (/ECONNREFUSED/.test(text)) return 'connection refused'
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'no such host'
  return text === 'websocket error' || text === '' ? null : text
}
