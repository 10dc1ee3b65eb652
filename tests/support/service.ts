/** A service as a process of its own, without Compose. */
import { type ChildProcess, spawn } from 'node:child_process'

export interface Running {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves with the exit code, or with the signal's name, when the process has ended. */
  readonly ended: Promise<number | string>
}

/** Starts `node script`; `env` is laid over a bare environment, so that a developer's own settings change nothing. */
export function startService(script: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [script], {
    cwd: new URL('../..', import.meta.url).pathname,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/tmp', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  )
  return { child, stdout: () => out, stderr: () => err, ended }
}
