/** What people do every day: none of it may alarm. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { docker } from '../support/docker.ts'
import type { Incident } from './incident.ts'
import { IMAGE, type Stage } from './stage.ts'

const shell = (script: string) => [IMAGE, 'sh', '-c', script]
/** Ends at once when told to. */
const obedient = shell('trap "exit 0" TERM; while :; do sleep 0.2; done')
/** Has to be killed to be stopped. */
const deaf = shell('trap "" TERM; while :; do sleep 0.2; done')

function quiet(
  title: string,
  options: readonly string[],
  act: (name: string, stage: Stage) => Promise<unknown>,
): Incident {
  return {
    title,
    play: async (stage) => {
      const name = stage.name('calm')
      await stage.run(name, ...options)
      await stage.quiet(1000)
      await act(name, stage)
      await stage.quiet(8000)
      return { containers: [name], says: [] }
    },
  }
}

/** A Compose project of one service; answers with the names of its containers. */
async function composed(
  stage: Stage,
  change: (compose: (...words: string[]) => Promise<string>, file: (env: string) => void) => Promise<void>,
) {
  const project = stage.name('project')
  const path = join(stage.folder, `${project}.yaml`)
  const file = (env: string) => {
    const service = {
      image: IMAGE,
      command: ['sleep', '600'],
      init: true,
      environment: { ENV: env },
      stop_grace_period: '2s',
    }
    writeFileSync(path, JSON.stringify({ services: { app: service }, networks: { default: { name: project } } }))
  }
  const compose = (...words: string[]) => docker('compose', '-p', project, '-f', path, ...words)
  const names = [1, 2].map((n) => `${project}-app-${n}`)
  try {
    file('1')
    await compose('up', '-d')
    await stage.quiet(1500)
    await change(compose, file)
    await stage.quiet(8000)
  } finally {
    await compose('down', '-t', '1')
  }
  await stage.quiet(7000)
  return { containers: names, says: [] }
}

export const calm: readonly Incident[] = [
  quiet('docker stop', obedient, (name) => docker('stop', name)),
  quiet('docker stop of a process that ignores TERM (137)', deaf, (name) => docker('stop', '-t', '1', name)),
  quiet('docker restart', obedient, (name) => docker('restart', '-t', '2', name)),
  quiet('docker rm -f', deaf, (name) => docker('rm', '-f', name)),
  quiet('stop and start by hand under a restart policy', ['--restart', 'always', ...obedient], async (name) => {
    await docker('stop', '-t', '2', name)
    await docker('start', name)
  }),
  quiet('pause and unpause', obedient, async (name, stage) => {
    await docker('pause', name)
    await stage.quiet(3000)
    await docker('unpause', name)
  }),
  quiet('a rename', obedient, async (name, stage) => {
    await docker('rename', name, stage.name('renamed'))
  }),
  quiet('a signal that ends nothing', ['--init', ...shell('trap "" HUP; while :; do sleep 0.2; done')], (name) =>
    docker('kill', '-s', 'HUP', name),
  ),
  quiet('limits changed while it runs', obedient, (name) => docker('update', '--cpus', '0.5', name)),
  quiet('a one-off job that exits with 0', shell('sleep 1'), async () => undefined),
  quiet(
    'a burst of CPU of 8 s',
    [IMAGE, 'node', '-e', 'const t=Date.now();while(Date.now()-t<8000);setInterval(()=>{},1e3)'],
    (_, stage) => stage.quiet(12_000),
  ),
  quiet(
    'a health check that fails once within its retries',
    ['--health-cmd', 'test ! -e /tmp/sick', '--health-interval', '2s', '--health-retries', '3', ...shell('sleep 600')],
    async (name, stage) => {
      await docker('exec', name, 'touch', '/tmp/sick')
      await stage.quiet(2500)
      await docker('exec', name, 'rm', '/tmp/sick')
    },
  ),
  {
    title: 'a deploy: compose up with a changed service',
    play: (stage) =>
      composed(stage, async (compose, file) => {
        file('2')
        await compose('up', '-d')
      }),
  },
  {
    title: 'scaled up and down',
    play: (stage) =>
      composed(stage, async (compose) => {
        await compose('up', '-d', '--scale', 'app=2')
        await stage.quiet(1500)
        await compose('up', '-d', '--scale', 'app=1')
      }),
  },
]
