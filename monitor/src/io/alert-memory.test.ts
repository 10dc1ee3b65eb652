import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Book, toSaved } from '../core/alert-book.ts'
import { isSavedBook } from '../core/saved-book.ts'
import { ended, playAll, running } from '../core/series-notation.ts'
import { AlertMemory, BOOK_FILE, loadBook } from './alert-memory.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-memory-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const { book } = playAll([running(0), ended(1000)])
const file = () => join(dir, BOOK_FILE)

function memory(saved: () => Book = () => book, more: { urgentMs?: number; idleMs?: number } = {}): AlertMemory {
  return new AlertMemory({ dir, saved: () => toSaved(saved(), 1), ...more })
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 3000; !condition(); await new Promise((go) => setTimeout(go, 2))) {
    if (performance.now() > end) throw new Error('waited too long')
  }
}

describe('the memory of alerts', () => {
  it('comes back as it was, and leaves nothing else behind', async () => {
    const kept = memory()
    kept.changed(true)
    await kept.close()
    expect(await loadBook(dir, isSavedBook)).toEqual({ kind: 'book', saved: toSaved(book, 1) })
    expect(readdirSync(dir)).toEqual([BOOK_FILE])
  })

  it('is written soon when an alert changed, and once for many changes', async () => {
    let asked = 0
    const kept = memory(
      () => {
        asked++
        return book
      },
      { urgentMs: 5, idleMs: 60_000 },
    )
    for (let i = 0; i < 100; i++) kept.changed(false)
    kept.changed(true)
    kept.changed(true)
    await until(() => existsSync(file()))
    expect(asked).toBe(1)
    await kept.close()
    expect(asked).toBe(2)
  })

  it('of a first start is none', async () => expect(await loadBook(dir, isSavedBook)).toEqual({ kind: 'none' }))

  it.each([
    '{"version":1,"bo',
    '{"version":2,"savedAt":1,"book":{}}',
    '[]',
    JSON.stringify({ ...toSaved(book, 1), book: { ...book, alerts: [{}] } }),
  ])('%#: a file that is no book is set aside, and said', async (text) => {
    writeFileSync(file(), text)
    const loaded = await loadBook(dir, isSavedBook)
    expect(loaded).toMatchObject({ kind: 'bad', problem: expect.stringContaining('kept as') })
    expect(readFileSync(`${file()}.unreadable`, 'utf8')).toBe(text)
  })

  it('says why it cannot be kept, and stops in time all the same', async () => {
    writeFileSync(join(dir, 'in-the-way'), '')
    const kept = new AlertMemory({ dir: join(dir, 'in-the-way'), saved: () => toSaved(book, 1), urgentMs: 1 })
    kept.changed(true)
    await until(() => kept.error !== null)
    expect(kept.error).toMatch(/EEXIST|ENOTDIR/)
    await kept.close()
  })
})
