/** A whole Plimsoll stack of a test's own: own project, names, ports and logs folder, gone afterwards with all it made. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docker, freePort, type Ran, run } from './docker.ts'

const root = new URL('../..', import.meta.url).pathname

export interface Stack {
  readonly project: string
  readonly monitor: string
  readonly target: string
  readonly url: string
  readonly targetUrl: string
  readonly logsDir: string
  /** `docker compose …` of this stack; answers with what came of it. */
  compose(...args: string[]): Promise<Ran>
  /** A file of the logs folder, empty while it does not exist. */
  log(name: string): Promise<string>
  down(): Promise<void>
}

export interface StackOptions {
  readonly env?: Readonly<Record<string, string>>
  /** More Compose files, laid over docker-compose.yaml. */
  readonly overrides?: readonly string[]
}

/** The stack's description; nothing is started yet. `name` tells stacks of one test run apart. */
export async function defineStack(name: string, options: StackOptions = {}): Promise<Stack> {
  const project = `plimsoll-test-${name}-${process.pid}`
  const [monitorPort, targetPort] = [await freePort(), await freePort()]
  const logsDir = options.env?.LOGS_DIR ?? (await mkdtemp(join(tmpdir(), `${project}-`)))
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: project,
    // A developer's own .env must not change what a test sees.
    COMPOSE_DISABLE_ENV_FILE: '1',
    MONITOR_NAME: `${project}-monitor`,
    TARGET_NAME: `${project}-app`,
    MONITOR_PORT: String(monitorPort),
    TARGET_PORT: String(targetPort),
    LOGS_DIR: logsDir,
    ...options.env,
  }
  const files = ['docker-compose.yaml', ...(options.overrides ?? [])].flatMap((file) => ['--file', join(root, file)])
  const compose = (...args: string[]) =>
    run('docker', ['compose', '--project-directory', root, ...files, ...args], { env, cwd: root, timeoutMs: 600_000 })
  return {
    project,
    monitor: env.MONITOR_NAME,
    target: env.TARGET_NAME,
    url: `http://127.0.0.1:${monitorPort}`,
    targetUrl: `http://127.0.0.1:${targetPort}`,
    logsDir: env.LOGS_DIR,
    compose,
    log: (file) => readFile(join(logsDir, file), 'utf8').catch(() => ''),
    down: async () => {
      await compose('--profile', 'stress', 'down', '--volumes', '--remove-orphans', '--timeout', '3', '--rmi', 'local')
      await rm(logsDir, { recursive: true, force: true })
    },
  }
}

/** Builds and starts the stack as the README says; throws with Compose's own words when it does not come up healthy. */
export async function up(stack: Stack): Promise<void> {
  const ran = await stack.compose('up', '--detach', '--build', '--wait')
  if (ran.code === 0) return
  const logs = await stack.compose('logs', '--tail', '30')
  throw new Error(`docker compose up: exit ${ran.code}\n${ran.stderr.slice(-3000)}\n${logs.stdout.slice(-6000)}`)
}

/** Runs a throw-away container of the test's own and answers with its name; label it so that `clear` finds it. */
export async function container(stack: Stack, name: string, ...args: string[]): Promise<string> {
  const full = `${stack.project}-${name}`
  await docker('run', '--detach', '--label', `plimsoll.test=${stack.project}`, '--name', full, ...args)
  return full
}

/** Removes every container made by `container`. */
export async function clear(stack: Stack): Promise<void> {
  const ids = await docker('ps', '--all', '--quiet', '--filter', `label=plimsoll.test=${stack.project}`)
  if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n'))
}
