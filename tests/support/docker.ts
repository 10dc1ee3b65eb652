/** The docker command line, for tests: what a user would type, with its output or a failure that shows it. */
import { type ExecFileException, execFile } from 'node:child_process'
import { createServer } from 'node:net'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command and answers with what came of it, whatever its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number } = {},
): Promise<Ran> {
  const { env = process.env, cwd = process.cwd(), timeoutMs = 120_000 } = options
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr: error?.killed ? `${stderr}\nended after ${timeoutMs / 1000} s` : stderr })
    }
    execFile(command, [...args], { env, cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, done)
  })
}

/** `docker …`: its stdout without the last newline; throws with its stderr when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const ran = await run('docker', args)
  if (ran.code !== 0) throw new Error(`docker ${args.join(' ')}: exit ${ran.code}\n${ran.stderr}`)
  return ran.stdout.trimEnd()
}

/** A TCP port on 127.0.0.1 that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
