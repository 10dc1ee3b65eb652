import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker } from '../support/docker.ts'
import { defineStack } from '../support/stack.ts'

/** The services write as uid 1000; this is what they may do in a logs folder of somebody else. */
const asService = (folder: string, command: string) =>
  docker(
    'run',
    '--rm',
    '--user',
    '1000:1000',
    '--network',
    'none',
    '--volume',
    `${folder}:/logs`,
    '--entrypoint',
    'sh',
    'node:24-slim',
    '-c',
    `umask 002; ${command}`,
  )

describe('the logs folder is writable for the services, whoever made it', () => {
  let base: string
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'plimsoll-logs-'))
  })
  afterAll(() => rm(base, { recursive: true }))

  /** Runs the stack's own one-shot on a folder, as `docker compose up` does. */
  const init = async (folder: string) => {
    const here = await defineStack('logs-folder', { env: { LOGS_DIR: folder } })
    const ran = await here.compose('run', '--rm', 'logs-init')
    await here.compose('down', '--volumes')
    expect(ran.code, ran.stderr).toBe(0)
  }

  it('not there yet: it is made', async () => {
    const folder = join(base, 'not-yet')
    await init(folder)
    expect(await asService(folder, 'echo new > /logs/new.csv; stat -c "%u %g %a" /logs')).toBe('0 1000 2775')
  })

  const owners: readonly [string, number, number][] = [
    ['root', 0, 0o755],
    ['the user 1000', 1000, 0o755],
    ['another user', 12_345, 0o755],
    ['another user who keeps it private', 12_345, 0o700],
  ]
  it.each(owners)('made by %s', async (_who, uid, mode) => {
    const folder = join(base, `of-${uid}-${mode}`)
    await mkdir(folder)
    await writeFile(join(folder, 'container_alerts.log'), 'from before\n')
    await chown(join(folder, 'container_alerts.log'), uid, uid)
    await chmod(join(folder, 'container_alerts.log'), 0o644)
    await chown(folder, uid, uid)
    await chmod(folder, mode)
    await init(folder)
    await asService(folder, 'echo more >> /logs/container_alerts.log; mkdir -p /logs/outbox; echo new > /logs/new.csv')
    // Its owner still owns it, and everybody on the host can read what the services write.
    expect(await asService(folder, 'stat -c "%u %g %a" /logs /logs/new.csv; cat /logs/container_alerts.log')).toBe(
      `${uid} 1000 2775\n1000 1000 664\nfrom before\nmore`,
    )
  })
})
