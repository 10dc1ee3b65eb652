/** Reads the files that the monitor writes beside the log: metrics row by row, evidence whole. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** Calls `each` with every line of a file; a file that is not there has none. */
export async function eachLine(path: string, each: (line: string) => void): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there === null) return
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 })
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) each(line)
}

/** The whole lines in the last `bytes` of a file, oldest first. */
export async function lastLines(path: string, bytes: number): Promise<readonly string[]> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return []
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - bytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    return lines.slice(from === 0 ? 0 : 1, -1)
  } finally {
    await file.close()
  }
}

/** The text of a file of at most `bytes`; null when it is not there, or larger. */
export async function wholeText(path: string, bytes: number): Promise<string | null> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    return size > bytes ? null : await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
