import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EVIDENCE_DIR } from '@plimsoll/contracts/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ulid } from '../core/ulid.ts'
import { EvidenceFiles } from './evidence-files.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const DAY = 86_400_000
const idAt = (at: number, n = 0) => ulid(at, '0123456789ab', n)
const ID = idAt(NOON)

let logs: string
let files: EvidenceFiles
const folder = () => join(logs, EVIDENCE_DIR)

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'plimsoll-evidence-'))
  files = new EvidenceFiles(logs)
})
afterEach(() => rmSync(logs, { recursive: true }))

describe('evidence on the disk', () => {
  it('is a file of the alert’s name that the group may write, in a folder that hands its group on', async () => {
    expect(await files.write(ID, () => 'text')).toBe(true)
    expect(readdirSync(folder())).toEqual([`${ID}.json`])
    expect(await files.read(ID)).toBe('text')
    expect(statSync(join(folder(), `${ID}.json`)).mode & 0o777).toBe(0o664)
    expect(statSync(folder()).mode & 0o7777).toBe(0o2775)
  })

  it('written again takes the place of what was there, whole', async () => {
    await files.write(ID, () => 'first, and long')
    const before = statSync(join(folder(), `${ID}.json`)).ino
    await files.write(ID, () => 'second')
    expect(await files.read(ID)).toBe('second')
    expect(statSync(join(folder(), `${ID}.json`)).ino).not.toBe(before)
  })

  it('of many alerts at once is all written, each text made when it is its turn', async () => {
    let [made, done, most] = [0, 0, 0]
    const all = Array.from({ length: 100 }, (_, i) =>
      files
        .write(idAt(NOON, i), () => {
          most = Math.max(most, ++made - done)
          return 'x'
        })
        .then((written) => {
          done++
          return written
        }),
    )
    expect((await Promise.all(all)).every(Boolean)).toBe(true)
    expect(readdirSync(folder())).toHaveLength(100)
    expect(most).toBeLessThanOrEqual(8)
  })

  it('is not read where the id is none, the file is too long, or there is nothing', async () => {
    writeFileSync(join(logs, 'secret.json'), 'x')
    expect(await files.read('../secret')).toBeNull()
    expect(await files.read(ID)).toBeNull()
    await files.write(ID, () => 'x'.repeat(2 * 1024 * 1024))
    expect(await files.read(ID)).toBeNull()
  })
})

describe('a disk that does not take it', () => {
  it('is told of, and what could not be written is written once it does', async () => {
    writeFileSync(folder(), 'a file where the folder should be')
    expect(await files.write(ID, () => 'late')).toBe(false)
    expect(files.error).toMatch(/ENOTDIR|EEXIST|not a directory/)
    await files.retry()
    expect(files.error).not.toBeNull()
    rmSync(folder())
    await files.retry()
    expect(files.error).toBeNull()
    expect(await files.read(ID)).toBe('late')
  })

  it('does not keep a storm of what it did not take', async () => {
    writeFileSync(folder(), '')
    await Promise.all(Array.from({ length: 60 }, (_, i) => files.write(idAt(NOON, i), () => 'x')))
    rmSync(folder())
    await files.retry()
    expect(readdirSync(folder())).toHaveLength(20)
  })

  it('text that cannot be made is a failure like others, never a rejection', async () => {
    expect(
      await files.write(ID, () => {
        throw new Error('no text')
      }),
    ).toBe(false)
    expect(files.error).toBe('no text')
  })
})

describe('tidying', () => {
  it('deletes what is past its time and what was never finished, and nothing else', async () => {
    mkdirSync(folder())
    const [old, young] = [idAt(NOON - 15 * DAY), idAt(NOON - DAY)]
    for (const name of [`${old}.json`, `${young}.json`, `${young}.json.new`, 'notes.txt'])
      writeFileSync(join(folder(), name), 'x')
    const gone = await files.tidy({ now: NOON, keepMs: 14 * DAY })
    expect([...gone].sort()).toEqual([`${old}.json`, `${young}.json.new`].sort())
    expect(readdirSync(folder()).sort()).toEqual([`${young}.json`, 'notes.txt'].sort())
  })

  it('without a folder has nothing to do', async () => {
    expect(await files.tidy({ now: NOON, keepMs: 1 })).toEqual([])
  })
})
