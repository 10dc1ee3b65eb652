/** The live connection to the monitor: typed events in, actions out. It reconnects by itself for as long as it lives. */
import type { ClientEvents, ServerEvents } from '@plimsoll/contracts/live'
import { io, type Socket } from 'socket.io-client'
import type { Action } from '../core/state.ts'

/** Opens the connection to the monitor that served the page. Answers with the way to end it. */
export function openSocket(dispatch: (action: Action) => void): () => void {
  const socket: Socket<ServerEvents, ClientEvents> = io({
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    timeout: 8000,
  })
  socket.on('disconnect', (reason) => {
    dispatch({ kind: 'lost', at: Date.now() })
    // After a disconnect that the server asked for, the client does not come back by itself.
    if (reason === 'io server disconnect') socket.connect()
  })
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
