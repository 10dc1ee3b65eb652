/**
 * `npm start`: the monitor and the alert service on this machine, without Compose. Builds the page when it is missing
 * or older than its sources, starts both, and ends both when one ends or Ctrl+C is pressed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const page = join(root, 'dashboard-ui/dist/index.html')

function newest(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))
}

function buildPage(): void {
  const sources = Math.max(newest(join(root, 'dashboard-ui/src')), newest(join(root, 'contracts/src')))
  if (existsSync(page) && statSync(page).mtimeMs > sources) return
  process.stderr.write('plimsoll: building the page\n')
  const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (built.status !== 0) process.exit(built.status ?? 1)
}

function service(name: string, env: NodeJS.ProcessEnv): ChildProcess {
  const folder = process.env.STATE_DIR ?? '.state'
  const shared = process.env.SHARED_DIR ?? join(folder, 'shared')
  return spawn(process.execPath, [join(root, name, 'src/main.ts')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, STATE_DIR: join(folder, name), SHARED_DIR: shared },
  })
}

function main(): void {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
  buildPage()
  const alertPort = process.env.ALERT_SERVICE_PORT ?? '8002'
  const children = [
    service('alert-service', {}),
    service('monitor', { ALERT_SERVICE_URL: process.env.ALERT_SERVICE_URL ?? `http://127.0.0.1:${alertPort}` }),
  ]
  const stop = (signal: NodeJS.Signals) => {
    for (const child of children) child.kill(signal)
  }
  // Both hear Ctrl+C from the terminal themselves; a SIGTERM to npm reaches this process alone.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => stop('SIGTERM'))
  for (const child of children) {
    child.on('exit', (code) => {
      process.exitCode ||= code ?? 1
      stop('SIGTERM')
    })
  }
}

main()
