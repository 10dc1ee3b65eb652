/**
 * `npm run incidents`: plays what happens to containers on the real engine, each time with what must and what must not
 * be said, and prints the table. Exits 1 when one of them was not told right.
 */
import { docker } from '../support/docker.ts'
import { type Incident, judge, type Verdict } from './incident.ts'
import { loud } from './loud.ts'
import { calm } from './quiet.ts'
import { IMAGE, Stage } from './stage.ts'

/** So many at one time: more would load the machine until its own delays are measured. */
const AT_ONCE = 4

async function main(): Promise<void> {
  const stage = new Stage()
  const verdicts: Verdict[] = []
  try {
    const before = await beforehand(stage)
    await stage.watch()
    const left: Incident[] = [before, ...loud, ...calm].filter(isWanted)
    const play = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const verdict = await judge(stage, next)
        verdicts.push(verdict)
        print(verdict)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, play))
    const restart = { title: 'the monitor killed, and what happened meanwhile', play: whileAway }
    if (isWanted(restart)) {
      const verdict = await judge(stage, restart)
      verdicts.push(verdict)
      print(verdict)
    }
  } finally {
    await stage.end()
  }
  summary(verdicts)
  process.exitCode = verdicts.every(({ ok }) => ok) ? 0 : 1
}

/** `npm run incidents -- oom` plays those whose title has the word. */
function isWanted({ title }: Incident): boolean {
  const [word] = process.argv.slice(2)
  return word === undefined || title.includes(word)
}

/** What was already so when the monitor came is no news. */
async function beforehand(stage: Stage): Promise<Incident> {
  const [crashed, sick] = [stage.name('crashed-before'), stage.name('sick-before')]
  await stage.run(crashed, IMAGE, 'sh', '-c', 'exit 1')
  await stage.run(
    sick,
    '--health-cmd',
    'false',
    '--health-interval',
    '1s',
    '--health-retries',
    '1',
    IMAGE,
    'sleep',
    '600',
  )
  await stage.quiet(4000)
  const play = async () => {
    await stage.quiet(8000)
    return { containers: [crashed, sick], says: [] }
  }
  return { title: 'first sight of what crashed or was ill before', play }
}

async function whileAway(stage: Stage) {
  const [back, lost, hit] = [stage.name('back'), stage.name('lost'), stage.name('hit')]
  for (const name of [back, lost, hit]) await stage.run(name, IMAGE, 'sh', '-c', 'sleep 600')
  for (const name of [back, lost]) {
    await docker('kill', name)
    await stage.line(name, 'container-down', 'firing')
  }
  await stage.stopWatching('SIGKILL')
  await docker('start', back)
  await docker('rm', lost)
  await docker('kill', hit)
  await stage.watch()
  await stage.line(back, 'container-down', 'resolved')
  await stage.line(hit, 'container-down', 'firing')
  await stage.line(lost, 'container-down', 'resolved', 40_000)
  const down = 'container-down firing'
  const says = [down, down, down, 'container-down resolved', 'container-down resolved']
  const inOrder = stage.linesOf([back, lost, hit]).map((event) => `${event.rule} ${event.state}`)
  // Which of the three is told of first after the restart does not matter; that each is told once does.
  return { containers: [back, lost, hit], says: inOrder.toSorted().join() === says.toSorted().join() ? inOrder : says }
}

function print({ ok, title, told, detectMs }: Verdict): void {
  const time = detectMs === null ? '' : `${detectMs.toFixed(0)} ms`
  console.log(`${ok ? 'right' : 'WRONG'}  ${time.padStart(7)}  ${title}: ${told}`)
}

function summary(verdicts: readonly Verdict[]): void {
  const times = verdicts.flatMap(({ detectMs }) => (detectMs === null ? [] : [detectMs])).toSorted((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]?.toFixed(0) ?? '–'
  const right = verdicts.filter(({ ok }) => ok).length
  const extra = verdicts.reduce((sum, verdict) => sum + verdict.extra, 0)
  console.log(
    `\n${right} of ${verdicts.length} right, ${extra} extra alerts; engine’s event to alert: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  )
}

await main()
