// Asks the service in this container for /health: exit 0 when it answers 200. Plain node:http, because this runs every
// 30 s and fetch alone would double what it costs.
import http from 'node:http'

const request = http.get({ host: '127.0.0.1', port: process.argv[2], path: '/health', timeout: 4000 }, (answer) => {
  let text = ''
  answer.on('data', (chunk) => {
    if (text.length < 1000) text += chunk
  })
  answer.on('end', () => {
    process.stdout.write(`${answer.statusCode} ${text.slice(0, 1000)}\n`)
    process.exitCode = answer.statusCode === 200 ? 0 : 1
  })
})
request.on('timeout', () => request.destroy(new Error('no answer in 4 s')))
request.on('error', (error) => {
  process.stdout.write(`${error.message}\n`)
  process.exitCode = 1
})
