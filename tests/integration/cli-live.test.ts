/** `plimsoll live` in a real terminal (tmux), against a scripted monitor: what a person sees, and what is left behind. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { container } from '../support/fake-fleet.ts'
import { type FakeMonitor, startFakeMonitor } from '../support/fake-monitor.ts'
import { until } from '../support/until.ts'

const root = new URL('../..', import.meta.url).pathname
const hasTmux = spawnSync('tmux', ['-V']).status === 0
// A server of its own for every start: one that is ending would take the next session down with it.
let starts = 0
const socket = () => `plimsoll-test-${process.pid}-${starts}`
const tmux = (...args: string[]) => execFileSync('tmux', ['-L', socket(), ...args], { encoding: 'utf8' })

if (!hasTmux && process.env.CI === 'true')
  throw new Error('tmux is missing, and CI leaves no test out: apt-get install tmux')
if (!hasTmux) process.stderr.write('LEFT OUT: plimsoll live in a terminal needs tmux (apt-get install tmux)\n')

const node = existsSync(`${root}node_modules/.bin/node`) ? `${root}node_modules/.bin/node` : process.execPath

/** What stands on the screen, clocks made equal. */
function screenNow(): string[] {
  const text = tmux('capture-pane', '-p', '-t', 'main').replaceAll(/\d\d:\d\d:\d\d/g, 'HH:MM:SS')
  return text.split('\n').map((line) => line.trimEnd())
}

async function shows(what: string | RegExp, deadlineMs = 10_000): Promise<string[]> {
  return await until(
    `the screen to show ${what}`,
    () => {
      const rows = screenNow()
      return rows.some((row) => (typeof what === 'string' ? row.includes(what) : what.test(row))) ? rows : null
    },
    deadlineMs,
  )
}

const press = (...keys: string[]) => tmux('send-keys', '-t', 'main', ...keys)

function start(size: { columns: number; rows: number }, url: string, env = ''): void {
  end()
  starts++
  const command = `env TZ=UTC LANG=C.UTF-8 ${env} MONITOR_URL=${url} ${node} ${root}cli/src/main.ts live; echo "ended with $?"; stty -a | grep -oE -- '-?(icanon|echo)\\b' | tr '\\n' ' '; exec cat`
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-s',
    'main',
    '-x',
    String(size.columns),
    '-y',
    String(size.rows),
    command,
  )
}

const end = () => spawnSync('tmux', ['-L', socket(), 'kill-server'])

/** The command under the pane's shell. */
const pid = () => {
  const shell = tmux('display-message', '-p', '-t', 'main', '#{pane_pid}').trim()
  return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim())
}

describe.runIf(hasTmux)('plimsoll live in a terminal', () => {
  let fake: FakeMonitor
  let ticking: NodeJS.Timeout
  beforeAll(async () => {
    fake = await startFakeMonitor()
    ticking = setInterval(fake.tick, 500)
  })
  afterAll(async () => {
    clearInterval(ticking)
    end()
    await fake.stop()
  })

  it('at 80 x 24 shows every column, and keeps to the width', async () => {
    start({ columns: 80, rows: 24 }, fake.url)
    await shows('monitor 1.4 % CPU')
    const rows = await shows('worker-1')
    expect(rows.slice(0, 9)).toEqual([
      'Plimsoll web1 · Docker 28.3.0 · 8 cores · 16.0 GiB               ● live HH:MM:SS',
      '5 containers, 4 running · ▲ 1 critical △ 1 warning   monitor 1.4 % CPU, 88.0 MiB',
      'host  CPU ██▋···┃· 34.1%  MEM ████▌··┃ 56.3%  load 2.10  engine ██████┃▏ 90.0%',
      '  NAME              STATE↓        CPU            MEM             NET   RESP  RST',
      '▲ migrate           exited 137      –              –               –           0',
      '△ worker-1          running    187.5% █┃█████▌  350M ██████┃▎   120k           3',
      '  evil              running      0.5% ┃·······  6.0M ······┃·      –           0',
      '  postgres          healthy      3.1% ┃·······  181M ······┃·      –           0',
      '  web               healthy     12.3% ▉··┃····  212M ███▎··┃·   2.4k   12ms    0',
    ])
    expect(rows[23]).toBe('q quit  ? help  / filter  Enter detail  a alerts  sort: s c m n i t r')
  })

  it('follows the terminal to 160 x 50 and shows more there', async () => {
    tmux('resize-window', '-t', 'main', '-x', '160', '-y', '50')
    const rows = await shows('IMAGE')
    expect(rows[3]).toBe(
      '  NAME                           STATE↓        CPU                  MEM                  MEM% NET IN    OUT DISK R      W   RESP     UP  RST IMAGE',
    )
    expect(rows[5]).toBe(
      '△ worker-1                       running    187.5% ██┃██████████▏  350M ███████████┃▊·  91.1%   120k      0      –      –         1h00m    3 example/worker-1:1…',
    )
    expect(rows[49]).toMatch(/^q quit/)
    tmux('resize-window', '-t', 'main', '-x', '80', '-y', '24')
    await shows(/RST$/)
  })

  it('sorts, filters, and opens a container and the alerts by key', async () => {
    press('c')
    await shows('↓CPU')
    press('/')
    press('post')
    await until('one row', () => screenNow().filter((row) => /^.. (web|evil|migrate)/.test(row)).length === 0)
    press('Enter')
    await shows('filter: post')
    press('Enter')
    const detail = await shows('none in the last 15 min')
    expect(detail[3]).toBe('postgres  shop / postgres')
    press('a')
    await shows('2 firing, 1 over')
    press('Escape')
    await shows('filter: post')
    press('Escape')
    await shows('migrate')
    press('?')
    await shows('Ctrl-L')
    press('?')
    press('s')
    await shows('STATE↓')
  })

  it('what a container is called cannot move the cursor or set the title', async () => {
    const title = () => tmux('display-message', '-p', '-t', 'main', '#{pane_title}').trim()
    const before = title()
    const { numbers: _, ...view } = container('x\u001b]2;owned\u0007\u001b[9Hy', {}, { no: 99 })
    fake.io.emit('container', view)
    const rows = await shows('x�]2;owned')
    expect(rows[23]).toMatch(/^q quit/)
    expect(title()).toBe(before)
  })

  it('says when the monitor is away, keeps what it knew, and is live again by itself', async () => {
    const { port } = fake
    await fake.stop()
    const rows = await shows('is away')
    expect(rows.join('\n')).toContain('worker-1')
    await shows('● away for')
    fake = await startFakeMonitor(port)
    await shows('● live', 15_000)
  })

  it.each([
    ['q', () => press('q'), 0],
    ['Ctrl-C', () => press('C-c'), 0],
    ['SIGTERM', () => process.kill(pid(), 'SIGTERM'), 143],
    ['a crash', () => fake.io.emit('snapshot', {} as never), 70],
  ])('gives the terminal back after %s', async (_, leave, code) => {
    start({ columns: 80, rows: 24 }, fake.url)
    await shows('worker-1')
    expect(tmux('display-message', '-p', '-t', 'main', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim()).toBe(
      '1 0 0',
    )
    leave()
    const rows = await shows(`ended with ${code}`)
    expect(rows.join('\n')).not.toContain('worker-1')
    const modes = tmux('display-message', '-p', '-t', 'main', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim()
    expect(modes).toBe('0 1 1')
    await shows(/^icanon echo/)
  })

  it('without colours nothing on the screen is coloured', async () => {
    start({ columns: 80, rows: 24 }, fake.url, 'NO_COLOR=1')
    await shows('worker-1')
    const raw = tmux('capture-pane', '-p', '-e', '-t', 'main')
    expect(raw).not.toMatch(new RegExp(`${String.fromCharCode(27)}\\[(?:[0-9;]*;)?[34][0-7]m`))
    expect(raw).toMatch(new RegExp(`${String.fromCharCode(27)}\\[(?:0;)?7m`))
  })
})
