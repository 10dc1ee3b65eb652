/** An engine that can be away: a unix socket of the test's own that passes everything on to the real one while it is open. */
import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  /** For DOCKER_HOST. */
  readonly host: string
  open(): Promise<void>
  /** Cuts every connection and takes the socket away, as an engine that is stopped does. */
  close(): Promise<void>
}

export function engineRelay(path: string, engine = '/var/run/docker.sock'): Relay {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer((near) => {
    const far = connect(engine)
    keep(near)
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  return {
    host: `unix://${path}`,
    open: () => new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(path, { force: true })
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}
