/** The engine's API asked directly, as a second opinion on what the monitor says. */
import { request } from 'node:http'

/** `GET path` on the engine's socket, parsed. */
export function engineGet(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: '/var/run/docker.sock', path, timeout: 20_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve(JSON.parse(text))
          : reject(new Error(`${path}: ${answer.statusCode} ${text}`)),
      )
    })
    asked.on('timeout', () => asked.destroy(new Error(`${path}: no answer in 20 s`)))
    asked.on('error', reject)
    asked.end()
  })
}
