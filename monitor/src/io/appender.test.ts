import { execFileSync } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALERT_LOG, isRotated, metricsFile } from '@plimsoll/contracts/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Appender, type AppenderOptions } from './appender.ts'

const T0 = Date.UTC(2026, 10, 21, 11, 13, 55)
let dir = ''
let now = T0
const open: Appender[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-appender-'))
  now = T0
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((appender) => appender.close()))
  rmSync(dir, { recursive: true, force: true })
})

function appender(options: Partial<AppenderOptions> = {}): Appender {
  const usual = { dir, file: ALERT_LOG, maxBytes: null, daily: false, sync: true, maxQueued: 10_000, retryMs: 5 }
  const made = new Appender({ ...usual, now: () => now, ...options })
  open.push(made)
  return made
}

const text = (name = ALERT_LOG) => readFileSync(join(dir, name), 'utf8')
const rotated = () =>
  readdirSync(dir)
    .filter((name) => isRotated(name, ALERT_LOG))
    .sort()

async function written(to: Appender, ...lines: string[]): Promise<void> {
  for (const line of lines) to.append(line)
  expect(await to.flush(2000)).toBe(true)
}

/** Waits for a condition, never longer than a few seconds. */
async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 5000; !condition(); await new Promise((go) => setTimeout(go, 5))) {
    if (performance.now() > end) throw new Error('waited too long')
  }
}

describe('an appender', () => {
  it('writes lines whole and in order, and says nothing is wrong', async () => {
    const to = appender()
    await written(to, ...Array.from({ length: 1000 }, (_, i) => `line ${i}`))
    expect(text()).toBe(Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(''))
    expect([to.error, to.waiting]).toEqual([null, 0])
  })

  it('makes files that the group can write, whatever the umask', async () => {
    const before = process.umask(0o077)
    try {
      await written(appender(), 'x')
      expect(statSync(join(dir, ALERT_LOG)).mode & 0o777).toBe(0o664)
    } finally {
      process.umask(before)
    }
  })

  it('goes on where the file of the last run ends', async () => {
    writeFileSync(join(dir, ALERT_LOG), 'old\n')
    await written(appender(), 'new')
    expect(text()).toBe('old\nnew\n')
  })

  it('does not let a torn line swallow the next', async () => {
    writeFileSync(join(dir, ALERT_LOG), 'whole\ntor')
    await written(appender(), 'new', 'newer')
    expect(text()).toBe('whole\ntor\nnew\nnewer\n')
  })

  it('rotates before a line would pass the size, by rename and create, each file with its own name', async () => {
    const to = appender({ maxBytes: 10 })
    await written(to, '12345678', '23456789', '34567890')
    expect(rotated()).toEqual([`${ALERT_LOG}.20261121T111355Z`, `${ALERT_LOG}.20261121T111355Z-1`])
    expect([...rotated(), ALERT_LOG].map((name) => text(name))).toEqual(['12345678\n', '23456789\n', '34567890\n'])
  })

  it('a line longer than the size goes into a file of its own, whole', async () => {
    await written(appender({ maxBytes: 10 }), 'a', 'a line that is longer', 'b')
    expect(rotated()).toHaveLength(2)
    expect(text()).toBe('b\n')
  })

  it('rotates with the UTC day, also after a night in which it did not run', async () => {
    const to = appender({ daily: true })
    await written(to, 'today')
    now += 86_400_000
    await written(to, 'tomorrow')
    expect([text(rotated()[0]), text()]).toEqual(['today\n', 'tomorrow\n'])
    await to.close()
    now = Date.now() + 86_400_000 // the file's own time is that of the disk
    await written(appender({ daily: true }), 'later')
    expect(text()).toBe('later\n')
  })

  it('finds out within a second that the file was deleted or renamed, and makes it anew', async () => {
    const to = appender()
    await written(to, 'one')
    renameSync(join(dir, ALERT_LOG), join(dir, 'taken.log'))
    now += 1000
    await written(to, 'two')
    expect([text('taken.log'), text()]).toEqual(['one\n', 'two\n'])
    unlinkSync(join(dir, ALERT_LOG))
    now += 1000
    await written(to, 'three')
    expect(text()).toBe('three\n')
  })

  it('makes the folder when it is not there', async () => {
    await written(appender({ dir: join(dir, 'logs') }), 'x')
    expect(readFileSync(join(dir, 'logs', ALERT_LOG), 'utf8')).toBe('x\n')
  })

  it('says why it cannot write, keeps the lines, and writes them when it can', async () => {
    const blocked = join(dir, 'logs')
    writeFileSync(blocked, 'a file where the folder should be')
    const to = appender({ dir: blocked })
    to.append('one')
    to.append('two')
    await until(() => to.error !== null)
    expect(to.error).toMatch(/ENOTDIR.*; 2 waiting/)
    unlinkSync(blocked)
    await until(() => to.waiting === 0)
    expect([readFileSync(join(blocked, ALERT_LOG), 'utf8'), to.error]).toEqual(['one\ntwo\n', null])
  })

  it('keeps so many lines and no more, the newest, and says how many are lost', async () => {
    const blocked = join(dir, 'logs')
    writeFileSync(blocked, '')
    const to = appender({ dir: blocked, maxQueued: 3, retryMs: 60_000 })
    for (let i = 0; i < 5; i++) to.append(`line ${i}`)
    await until(() => to.error !== null)
    expect(to.error).toMatch(/3 waiting, 2 lost/)
  })

  it('stops in time when nothing can be written', async () => {
    const blocked = join(dir, 'logs')
    writeFileSync(blocked, '')
    const to = appender({ dir: blocked, retryMs: 60_000 })
    to.append('x')
    const started = performance.now()
    await to.close(100)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('a CSV file per day, each with its header, one of other columns set aside', async () => {
    writeFileSync(join(dir, metricsFile(T0)), 'time,cpu\n1,2\n')
    const to = appender({ file: metricsFile, header: 'time,cpu,memory\n' })
    await written(to, '1,2,3\n4,5,6')
    now += 86_400_000
    await written(to, '7,8,9')
    await to.close()
    await written(appender({ file: metricsFile, header: 'time,cpu,memory\n' }), '8,8,8')
    expect(Object.fromEntries(readdirSync(dir).map((name) => [name, text(name)]))).toEqual({
      'metrics-2026-11-21.csv.20261121T111355Z': 'time,cpu\n1,2\n',
      'metrics-2026-11-21.csv': 'time,cpu,memory\n1,2,3\n4,5,6\n',
      'metrics-2026-11-22.csv': 'time,cpu,memory\n7,8,9\n8,8,8\n',
    })
  })
})

function tmpfs(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'plimsoll-test', dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a full disk', () => {
  it('tears no line for its reader: what waited follows whole and in order', async ({ skip }) => {
    if (!tmpfs()) skip('LEFT OUT: a full disk needs root and mount(8)')
    try {
      const ballast = join(dir, 'ballast')
      writeFileSync(ballast, Buffer.alloc(56 * 1024))
      const to = appender()
      const lines = Array.from({ length: 100 }, (_, i) => `line ${i} ${'x'.repeat(200)}`)
      for (const line of lines) to.append(line)
      await until(() => to.error !== null)
      expect(to.error).toMatch(/^disk full.*; \d+ waiting$/)
      const stuck = to.waiting
      to.append('the last')
      expect(to.waiting).toBe(stuck + 1)
      unlinkSync(ballast)
      await until(() => to.waiting === 0)
      await until(() => to.error === null)
      const read = text().split('\n')
      const whole = read.filter((line) => lines.includes(line) || line === 'the last')
      expect(whole).toEqual([...lines, 'the last'])
      // A torn piece stands alone on its line; an empty line is the end of the file.
      const torn = read.filter((line) => !whole.includes(line) && line !== '')
      for (const piece of torn) expect(lines.some((line) => line.startsWith(piece))).toBe(true)
    } finally {
      await Promise.all(open.splice(0).map((appender) => appender.close()))
      execFileSync('umount', [dir])
    }
  })
})
