/** Stored history on a real engine: over a kill of the monitor, a container created anew, and one that is gone. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainersAnswer, HistoryAnswer, LogsAnswer } from '@plimsoll/contracts/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker, freePort } from '../support/docker.ts'
import { type Running, startService } from '../support/service.ts'
import { clear, container, defineStack, type Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const BUCKET_MS = 10_000

let stack: Stack
let dir = ''
let port = 0
let monitor: Running

const start = () => {
  const env = {
    MONITOR_PORT: String(port),
    LOGS_DIR: join(dir, 'logs'),
    STATE_DIR: join(dir, 'state'),
    SAMPLE_INTERVAL: '1s',
  }
  monitor = startService('monitor/src/main.ts', env)
}
async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
const history = (name: string, query = '') => get<HistoryAnswer>(`/api/containers/${name}/history?points=600&${query}`)
const knownTimes = ({ at, columns }: HistoryAnswer) => at.filter((_, i) => columns.cpuPercent?.[i] != null)

beforeAll(async () => {
  stack = await defineStack('history')
  port = await freePort()
  dir = join(tmpdir(), `${stack.project}-${port}`)
})
afterAll(async () => {
  monitor?.child.kill()
  await monitor?.ended
  await clear(stack)
  await stack.down()
})

describe('history outlives', () => {
  it('kill -9 of the monitor (10 s at most are missing), a re-created service, and a removed container', async () => {
    const labels = ['project=test', 'service=web', 'container-number=1'].flatMap((label) => [
      '--label',
      `com.docker.compose.${label}`,
    ])
    const idle = ['--entrypoint', 'sh', 'node:24-slim', '-c', 'echo "hello out"; echo "hello err" >&2; sleep 600']
    const web = await container(stack, 'web', ...labels, ...idle)
    const gone = await container(stack, 'gone', ...idle)
    start()
    const lived = await until(
      'more than two buckets of samples',
      async () => {
        const times = knownTimes(await history(web))
        return (times.at(-1) ?? 0) - (times[0] ?? 0) > 2.5 * BUCKET_MS ? times : null
      },
      60_000,
    )
    const lastSeen = lived.at(-1) ?? 0
    monitor.child.kill('SIGKILL')
    await monitor.ended

    await docker('rm', '--force', web, gone)
    const anew = await container(stack, 'web-anew', ...labels, ...idle)
    start()
    const answer = await until(
      'samples of the new container',
      async () => {
        const found = await history(anew)
        return (knownTimes(found).at(-1) ?? 0) > lastSeen + BUCKET_MS ? found : null
      },
      60_000,
    )
    const times = knownTimes(answer)
    const before = times.filter((at) => at <= lastSeen)
    expect(before[0]).toBeLessThanOrEqual(lived[0] ?? 0)
    // A row tells of the 10 s from its time on.
    expect(lastSeen - ((before.at(-1) ?? 0) + BUCKET_MS)).toBeLessThanOrEqual(BUCKET_MS)
    expect(answer.columns.cpuPercent).toContain(null)
    for (const [i, at] of answer.at.entries()) expect(at).toBeGreaterThan(answer.at[i - 1] ?? 0)
    for (const [i, { from }] of answer.spans.entries()) if (i > 0) expect(from).toBe(answer.spans[i - 1]?.to)

    const { removed } = await get<ContainersAnswer>('/api/containers?removed=1')
    const names = removed?.map(({ name }) => name) ?? []
    expect(names).toContain(gone)
    expect(names).not.toContain(web)
    expect(knownTimes(await history(gone, `from=${lived[0] ?? 0}`)).length).toBeGreaterThan(1)
  })

  it('and what a container wrote can be read, both streams', async () => {
    const { lines } = await get<LogsAnswer>(`/api/containers/${stack.project}-web-anew/logs?tail=10`)
    expect(lines.map(({ stream, text }) => `${stream}: ${text}`).sort()).toEqual([
      'stderr: hello err',
      'stdout: hello out',
    ])
  })
})
