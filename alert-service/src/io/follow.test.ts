/** The tail against a model: random scripts of what a writer, a rotation and a crash can do, on real files. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALERT_LOG, rotatedName } from '@plimsoll/contracts/files'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Place } from '../core/tail.ts'
import { Follower } from './follow.ts'

/** Long enough that a line is longer than the mark, short enough that some are too long. */
const MAX_LINE = 300
const CHUNK = 1024
const RUNS = 5000

type Action =
  | { readonly do: 'write'; readonly size: number }
  /** The beginning of a line; whatever is written next to this file goes on with it. */
  | { readonly do: 'partial'; readonly size: number }
  | { readonly do: 'rename'; readonly create: boolean }
  | { readonly do: 'copy-truncate' }
  | { readonly do: 'truncate' }
  | { readonly do: 'delete'; readonly create: boolean }
  | { readonly do: 'read'; readonly times: number }
  | { readonly do: 'restart' }

const size = fc.oneof({ arbitrary: fc.nat(40), weight: 8 }, { arbitrary: fc.nat(600), weight: 1 })
const actions: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: size.map((n): Action => ({ do: 'write', size: n })), weight: 8 },
  { arbitrary: size.map((n): Action => ({ do: 'partial', size: n })), weight: 2 },
  { arbitrary: fc.boolean().map((create): Action => ({ do: 'rename', create })), weight: 2 },
  { arbitrary: fc.constant<Action>({ do: 'copy-truncate' }), weight: 2 },
  { arbitrary: fc.constant<Action>({ do: 'truncate' }), weight: 1 },
  { arbitrary: fc.boolean().map((create): Action => ({ do: 'delete', create })), weight: 1 },
  { arbitrary: fc.integer({ min: 1, max: 4 }).map((times): Action => ({ do: 'read', times })), weight: 6 },
  { arbitrary: fc.constant<Action>({ do: 'restart' }), weight: 2 },
)

/** What was written to one life of the log, and whether all of it must be read. */
interface Life {
  readonly content: string
  readonly certain: boolean
}

const bytesOf = (text: string) => Buffer.byteLength(text)
const linesOf = (content: string): (string | null)[] =>
  content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (bytesOf(line) > MAX_LINE ? null : line))

class Play {
  readonly folder: string
  readonly got: (string | null)[] = []
  readonly lives: Life[] = []
  #content = ''
  #follower: Follower
  #place: Place | null = null
  #count = 0
  #rotations = 0

  constructor(folder: string) {
    this.folder = folder
    this.#follower = this.#follow()
    // The very first look, which takes what lies about as history.
    this.#read(1)
  }

  get #log(): string {
    return join(this.folder, ALERT_LOG)
  }

  #follow(): Follower {
    return new Follower({ folder: this.folder, file: ALERT_LOG, maxLineBytes: MAX_LINE, chunkBytes: CHUNK })
  }

  #append(text: string): void {
    appendFileSync(this.#log, text)
    this.#content += text
  }

  /** Every line is another one, and holds characters of one to four bytes. */
  #line(bytes: number): string {
    return `${++this.#count}:ü€😀${'x'.repeat(bytes)}`
  }

  #ends(certain: boolean): void {
    this.lives.push({ content: this.#content, certain })
    this.#content = ''
  }

  /** A name of our own rotation; some fall into the same second. */
  #rotated(): string {
    const second = Math.floor(this.#rotations++ / 3) * 1000
    const name = rotatedName(ALERT_LOG, Date.UTC(2026, 0, 1) + second)
    const twins = readdirSync(this.folder).filter((other) => other.startsWith(name)).length
    return join(this.folder, twins === 0 ? name : `${name}-${twins}`)
  }

  /** At most `times` looks, or until there is no more. */
  #read(times: number): boolean {
    for (let i = 0; i < times; i++) {
      const { lines, place, caughtUp } = this.#follower.read(this.#place)
      this.#place = place
      this.got.push(...lines.map(({ text }) => text))
      if (caughtUp) return true
    }
    return false
  }

  step(action: Action): void {
    switch (action.do) {
      case 'write':
        this.#append(`${this.#line(action.size)}\n`)
        return
      case 'partial':
        this.#append(this.#line(action.size))
        return
      case 'rename':
        if (!existsSync(this.#log)) return
        renameSync(this.#log, this.#rotated())
        this.#ends(true)
        if (action.create) writeFileSync(this.#log, '')
        return
      case 'copy-truncate':
        if (!existsSync(this.#log)) return
        copyFileSync(this.#log, this.#rotated())
        truncateSync(this.#log)
        this.#ends(true)
        return
      case 'truncate':
        if (!existsSync(this.#log)) return
        truncateSync(this.#log)
        this.#ends(false)
        return
      case 'delete':
        if (!existsSync(this.#log)) return
        unlinkSync(this.#log)
        this.#ends(false)
        if (action.create) writeFileSync(this.#log, '')
        return
      case 'read':
        this.#read(action.times)
        return
      case 'restart':
        this.#follower.close()
        this.#follower = this.#follow()
        return
    }
  }

  /** Reads all there is. Fails when reading does not come to an end. */
  drain(): void {
    this.#append('the end\n')
    this.#ends(true)
    if (!this.#read(2000)) throw new Error('reading does not come to an end')
    this.#follower.close()
  }
}

/**
 * What was got must be all lines of each life in order; of a destroyed one, a beginning of them. Lines that are too
 * long look alike, so more than one explanation may have to be followed: `ends` are the places they lead to.
 */
function isExplained({ got, lives }: Play): boolean {
  let ends = new Set([0])
  for (const { content, certain } of lives) {
    const lines = linesOf(content)
    const next = new Set<number>()
    for (const start of ends) {
      const agreeing = lines.findIndex((line, i) => got[start + i] !== line)
      const length = agreeing === -1 ? lines.length : agreeing
      if (!certain) for (let i = 0; i <= length; i++) next.add(start + i)
      else if (length === lines.length) next.add(start + length)
    }
    ends = next
  }
  return ends.has(got.length)
}

describe('following a log through rotations, truncations and restarts', () => {
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'plimsoll-tail-'))
  let runs = 0
  afterAll(() => rmSync(root, { recursive: true }))

  it(`loses nothing, repeats nothing and keeps the order, in ${RUNS} random scripts`, () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 40 }), (script) => {
        const folder = mkdtempSync(join(root, 'case-'))
        const play = new Play(folder)
        for (const action of script) play.step(action)
        play.drain()
        rmSync(folder, { recursive: true })
        runs++
        expect({ got: play.got, lives: play.lives, explained: isExplained(play) }).toMatchObject({ explained: true })
      }),
      { numRuns: RUNS },
    )
    expect(runs).toBeGreaterThanOrEqual(RUNS)
  }, 120_000)
})

describe('a first start', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-tail-'))
    return () => rmSync(folder, { recursive: true })
  })

  it('begins with the log as it is, and leaves what was rotated before alone', () => {
    writeFileSync(join(folder, rotatedName(ALERT_LOG, 0)), 'old\n')
    writeFileSync(join(folder, ALERT_LOG), 'new\n')
    const follower = new Follower({ folder, file: ALERT_LOG, maxLineBytes: MAX_LINE, chunkBytes: CHUNK })
    const got: (string | null)[] = []
    let place: Place | null = null
    for (let i = 0; i < 5; i++) {
      const reading = follower.read(place)
      place = reading.place
      got.push(...reading.lines.map(({ text }) => text))
    }
    follower.close()
    expect(got).toEqual(['new'])
  })
})
