/** Incidents that must be told, each with its cause. */
import { docker, freePort } from '../support/docker.ts'
import type { Incident } from './incident.ts'
import { IMAGE, type Stage } from './stage.ts'

const shell = (script: string) => [IMAGE, 'sh', '-c', script]
const program = (script: string) => [IMAGE, 'node', '-e', script]

/** A run that ends by itself: `words` are its `docker run` options and command. */
function crash(title: string, words: readonly string[], cause: RegExp): Incident {
  return {
    title,
    play: async (stage) => {
      const name = stage.name('crash')
      await stage.run(name, ...words)
      await stage.line(name, 'container-down', 'firing')
      return { containers: [name], says: ['container-down firing'], words: cause, since: 'die' }
    },
  }
}

/** A server on a published port whose answers `answer` gives (an expression of `q`, `r` and the global `state`). */
async function server(stage: Stage, answer: string, labels: readonly string[] = []): Promise<string> {
  const name = stage.name('server')
  const port = await freePort()
  const script = `globalThis.state='good';process.on('SIGUSR2',()=>{state='bad'});process.on('SIGHUP',()=>{state='good'});require('http').createServer((q,r)=>{${answer}}).listen(8080)`
  const health = ['-l', `plimsoll.health.url=http://127.0.0.1:${port}/`, ...labels.flatMap((label) => ['-l', label])]
  await stage.run(name, '--init', '-p', `127.0.0.1:${port}:8080`, ...health, ...program(script))
  await stage.quiet(4000) // its first good answers end the time that a start may take
  return name
}

export const loud: readonly Incident[] = [
  {
    title: 'docker kill is a kill, and a start ends it',
    play: async (stage) => {
      const name = stage.name('killed')
      await stage.run(name, ...shell('sleep 600'))
      await docker('kill', name)
      await stage.line(name, 'container-down', 'firing')
      await docker('start', name)
      await stage.line(name, 'container-down', 'resolved')
      const says = ['container-down firing', 'container-down resolved']
      return { containers: [name], says, words: /SIGKILL/, since: 'die' }
    },
  },
  crash('a process that exits with 1', shell('sleep 1; exit 1'), /exit code 1$/),
  crash('a kill from inside', ['--init', ...shell('sleep 1; kill -9 $$')], /exit code 137 \(SIGKILL\)/),
  crash('a segmentation fault', ['--init', ...shell('sleep 1; kill -SEGV $$')], /SIGSEGV/),
  crash(
    'a program that ends where it was to stay up',
    ['-l', 'plimsoll.expect=up', ...shell('sleep 1')],
    /exit code 0/,
  ),
  crash('an exit code in a label is not believed', ['-l', 'exitCode=0', ...shell('sleep 1; exit 7')], /exit code 7/),
  {
    title: 'a container that cannot start',
    play: async (stage) => {
      const name = stage.name('nostart')
      await docker('create', '--name', name, '--entrypoint', '/no/such/program', IMAGE)
      await docker('start', name).catch(() => undefined)
      await stage.line(name, 'container-down', 'firing')
      return { containers: [name], says: ['container-down firing'], words: /start/ }
    },
  },
  {
    title: 'a crash of a container that is removed at once',
    play: async (stage) => {
      const name = stage.name('gone')
      await stage.run(name, '--rm', ...shell('sleep 1; exit 3'))
      await stage.line(name, 'container-down', 'resolved')
      return { containers: [name], says: ['container-down firing', 'container-down resolved'], words: /exit code 3/ }
    },
  },
  {
    title: 'out of memory at its own limit is one alert',
    play: async (stage) => {
      const name = stage.name('oom')
      const eat = 'const a=[];setInterval(()=>a.push(Buffer.alloc(4e6,1)),50)'
      await stage.run(name, '-m', '64m', '--memory-swap', '64m', ...program(eat))
      await stage.line(name, 'container-oom', 'firing', 40_000)
      await stage.line(name, 'container-down', 'firing')
      const mayAlso = ['high-memory']
      return {
        containers: [name],
        says: ['container-oom firing'],
        mayAlso,
        words: /out of memory.*exit code 137/,
        since: 'die',
      }
    },
  },
  {
    title: 'a child killed for memory while the container lives on',
    play: async (stage) => {
      const name = stage.name('child')
      const eat = 'const a=[];setInterval(()=>a.push(Buffer.alloc(4e6,1)),50)'
      await stage.run(name, '-m', '64m', '--memory-swap', '64m', ...shell(`node -e "${eat}"; sleep 600`))
      await stage.line(name, 'container-oom', 'firing', 40_000)
      await stage.quiet(2000)
      return {
        containers: [name],
        says: ['container-oom firing'],
        mayAlso: ['high-memory'],
        words: /lives on/,
        since: 'oom',
      }
    },
  },
  {
    title: 'a restart loop is named as one',
    play: async (stage) => {
      const name = stage.name('loop')
      await stage.run(name, '--restart', 'always', ...shell('sleep 1; exit 3'))
      await stage.line(name, 'container-restart-loop', 'firing', 40_000)
      await stage.quiet(5000)
      return {
        containers: [name],
        says: ['container-restart-loop firing'],
        mayAlso: ['container-down'],
        words: /exit code 3/,
      }
    },
  },
  {
    title: 'the image’s health check says unhealthy, then healthy',
    play: async (stage) => {
      const name = stage.name('sick')
      const check = ['--health-cmd', 'test ! -e /tmp/sick || (echo too sick; exit 1)', '--health-interval', '1s']
      await stage.run(name, ...check, '--health-retries', '2', ...shell('sleep 600'))
      await stage.quiet(3000)
      await docker('exec', name, 'touch', '/tmp/sick')
      await stage.line(name, 'container-unhealthy', 'firing')
      await docker('exec', name, 'rm', '/tmp/sick')
      await stage.line(name, 'container-unhealthy', 'resolved')
      const says = ['container-unhealthy firing', 'container-unhealthy resolved']
      return { containers: [name], says, words: /too sick/ }
    },
  },
  {
    title: 'a health target that answers 503, then 200',
    play: async (stage) => {
      const name = await server(stage, `r.statusCode=state==='good'?200:503;r.end('x')`)
      await docker('kill', '-s', 'USR2', name)
      await stage.line(name, 'health-check-failed', 'firing')
      await docker('kill', '-s', 'HUP', name)
      await stage.line(name, 'health-check-failed', 'resolved')
      const says = ['health-check-failed firing', 'health-check-failed resolved']
      return { containers: [name], says, words: /503/ }
    },
  },
  {
    title: 'a health target that hangs',
    play: async (stage) => {
      const name = await server(stage, `if(state==='good')r.end('x')`)
      await docker('kill', '-s', 'USR2', name)
      await stage.line(name, 'health-check-failed', 'firing', 30_000)
      return { containers: [name], says: ['health-check-failed firing'], words: /timeout after 1 s/ }
    },
  },
  {
    title: 'slow answers',
    play: async (stage) => {
      const name = await server(stage, `setTimeout(()=>r.end('x'),state==='good'?0:400)`, [
        'plimsoll.response.threshold=200ms',
      ])
      await docker('kill', '-s', 'USR2', name)
      await stage.line(name, 'slow-response', 'firing', 30_000)
      return {
        containers: [name],
        says: ['slow-response firing'],
        words: /p95 of responses .* over 30 s, threshold 200 ms/,
      }
    },
  },
  {
    title: 'a busy loop, and its end',
    play: async (stage) => {
      const name = stage.name('busy')
      const spin = 'const t=Date.now();while(Date.now()-t<30000);setInterval(()=>{},1000)'
      await stage.run(name, '-l', 'plimsoll.cpu.threshold=1', '--cpu-shares', '4096', ...program(spin))
      await stage.line(name, 'high-cpu', 'firing', 40_000)
      await stage.line(name, 'high-cpu', 'resolved', 60_000)
      return { containers: [name], says: ['high-cpu firing', 'high-cpu resolved'], words: /threshold 1 %/ }
    },
  },
  {
    title: 'memory close to the limit',
    play: async (stage) => {
      const name = stage.name('full')
      await stage.run(name, '-m', '256m', ...program('globalThis.a=Buffer.alloc(215e6,1);setInterval(()=>{},1000)'))
      await stage.line(name, 'high-memory', 'firing', 40_000)
      return { containers: [name], says: ['high-memory firing'], words: /of 256 MiB/ }
    },
  },
  {
    title: 'a database that dies takes its dependents’ alerts along',
    play: async (stage) => {
      const db = stage.name('db')
      await stage.run(db, ...shell('sleep 600'))
      const web = await server(stage, `r.statusCode=state==='good'?200:503;r.end('x')`, [`plimsoll.depends-on=${db}`])
      await docker('kill', db)
      await docker('kill', '-s', 'USR2', web)
      await stage.line(web, 'health-check-failed', 'firing')
      return { containers: [db, web], says: ['container-down firing'], words: /depends on it/, since: 'die' }
    },
  },
]
