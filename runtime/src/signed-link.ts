/**
 * Links in mails that acknowledge an alert: signed (HMAC-SHA256 over the alert and the end of their time) with a key that
 * the alert service and the monitor share as a file. Whoever holds the key can acknowledge, and nothing else.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Log } from './log.ts'

/** A week: who comes back from a holiday uses the page. */
export const LINK_VALID_MS = 7 * 24 * 60 * 60 * 1000
export const KEY_FILE = 'link.key'
const KEY_BYTES = 32

/** `wrong`: not signed by this key for this alert, or no link of ours at all. `expired`: ours, and too old. */
export type LinkVerdict = 'good' | 'expired' | 'wrong'

function signature(key: Uint8Array, id: string, until: string): Buffer {
  return createHmac('sha256', key).update(`plimsoll acknowledge\n${id}\n${until}`).digest()
}

/** The link that acknowledges the alert `id` for `LINK_VALID_MS`. `publicUrl` has no slash at its end. */
export function acknowledgeLink(key: Uint8Array, publicUrl: string, id: string, now: EpochMs): string {
  const until = String(Math.floor((now + LINK_VALID_MS) / 1000))
  return `${publicUrl}/ack/${encodeURIComponent(id)}?until=${until}&sig=${signature(key, id, until).toString('hex')}`
}

/** What a link is worth; `until` and `sig` are as they stand in the address. Signatures are compared in constant time. */
export function checkLink(
  key: Uint8Array,
  id: string,
  { until, sig }: { readonly until: unknown; readonly sig: unknown },
  now: EpochMs,
): LinkVerdict {
  if (typeof until !== 'string' || !/^\d{1,12}$/.test(until)) return 'wrong'
  if (typeof sig !== 'string' || !/^[0-9a-f]{64}$/.test(sig)) return 'wrong'
  if (!timingSafeEqual(signature(key, id, until), Buffer.from(sig, 'hex'))) return 'wrong'
  return Number(until) * 1000 > now ? 'good' : 'expired'
}

function isThere(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
}

/** Under another name until it is whole on disk: the other service must never read half a key. */
function makeKey(path: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeSync(file, randomBytes(KEY_BYTES))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    linkSync(draft, path)
  } catch (cause) {
    if (!isThere(cause)) throw cause
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The key in `dir`, made by whoever asks first. Throws where it can be neither made nor read, or is damaged. */
export function sharedKey(dir: string): Uint8Array {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, KEY_FILE)
  makeKey(path)
  const key = readFileSync(path)
  if (key.length === KEY_BYTES) return key
  throw new Error(`${path} is damaged: delete it and restart the monitor and the alert service`)
}

/** The key, or `null` after a warning: without links both services still do all else. */
export function sharedKeyOrNull(dir: string, log: Log): Uint8Array | null {
  try {
    return sharedKey(dir)
  } catch (err) {
    const error = err instanceof Error ? err.message : String(err)
    log.warn({ error }, 'no acknowledge links in mails: make SHARED_DIR a folder that both services can write')
    return null
  }
}
