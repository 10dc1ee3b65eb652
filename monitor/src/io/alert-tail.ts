/**
 * Reads the end of the alert log at start, over rotated files, for `core/recall.ts`.
 * Joining: `recall(book, await readAlertTail(dir))`, before the first line is appended.
 */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { decode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG, isRotated } from '@plimsoll/contracts/files'
import type { Logged } from '../core/recall.ts'

const MAX_BYTES = 4 * 1024 * 1024

/** The events of the last 4 MiB of the log. Lines that are none are passed over. Throws when a file cannot be read. */
export async function readAlertTail(dir: string, maxBytes = MAX_BYTES): Promise<Logged> {
  const names = await readdir(dir).catch((): string[] => [])
  const rotated = names.filter((name) => isRotated(name, ALERT_LOG)).toSorted(byRotation)
  const files = names.includes(ALERT_LOG) ? [...rotated, ALERT_LOG] : rotated
  if (files.length === 0) return { events: [], completeSince: null }
  let left = maxBytes
  let whole = true
  const texts: string[] = []
  for (const name of files.toReversed()) {
    const last = await lastBytes(join(dir, name), left)
    texts.unshift(last.text)
    left -= Buffer.byteLength(last.text)
    whole = last.whole
    if (!whole || left <= 0) break
  }
  const events = texts.join('\n').split('\n').flatMap(eventIn)
  const all = whole && texts.length === files.length
  return { events, completeSince: all ? 0 : (events[0]?.time ?? null) }
}

/** `…Z`, `…Z-1`, `…Z-2`, `…Z-10`. */
function byRotation(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

async function lastBytes(path: string, bytes: number): Promise<{ text: string; whole: boolean }> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, bytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    const text = buffer.toString('utf8', 0, bytesRead)
    // Cut anywhere: the first line may be half of one.
    return length === size ? { text, whole: true } : { text: text.slice(text.indexOf('\n') + 1), whole: false }
  } finally {
    await handle.close()
  }
}

function eventIn(line: string): AlertEvent[] {
  const decoded = line === '' ? null : decode(line)
  return decoded?.ok === true ? [decoded.event] : []
}
