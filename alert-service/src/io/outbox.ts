/** Where mail goes while no mail server is set up: one `.eml` file a message, which any mail program opens. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailServer } from '../core/mail.ts'

/** Writes the file whole or not at all: synced under another name, then renamed. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(folder, `.${name}.${randomUUID()}.tmp`)
  const file = await open(unfinished, 'wx', 0o664)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, join(folder, name))
}

/** The same mail sent again replaces itself. */
export function createOutbox(folder: string): MailServer {
  return {
    async send({ raw, name }) {
      const file = `${name}.eml`
      try {
        await mkdir(folder, { recursive: true })
        await writeWhole(folder, file, raw)
        return { ok: true, answer: `written to ${file}` }
      } catch (cause) {
        const error = cause instanceof Error ? cause.message : String(cause)
        const advice = `make ${folder} writable for the service, or set up a mail server`
        return { ok: false, failure: 'retry', error, advice, retryAfterMs: null }
      }
    },
    close: () => {},
  }
}

/** Deletes what is older than `before`; answers how many. A folder that is not there holds nothing. */
export async function pruneOutbox(folder: string, before: number): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  let deleted = 0
  for (const name of names.filter((n) => n.endsWith('.eml') || n.endsWith('.tmp'))) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (mtimeMs >= before) continue
    await unlink(path).catch(() => {})
    deleted++
  }
  return deleted
}
