/** Deletes what `core/retention.ts` names. Joining: `await applyRetention(...)` at start and about once an hour. */
import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ALERT_LOG, STATUS_LOG } from '@plimsoll/contracts/files'
import { expired, type Retention } from '../core/retention.ts'

export interface Removed {
  readonly deleted: readonly string[]
  /** Why some could not be deleted; `null` when all could. Never throws. */
  readonly error: string | null
}

/** Deletes rotated logs and CSV files in `dir` that are past their time. */
export async function applyRetention(dir: string, by: Retention): Promise<Removed> {
  const deleted: string[] = []
  try {
    const names = await readdir(dir)
    for (const name of expired(names, { owned: [ALERT_LOG, STATUS_LOG], alertLog: ALERT_LOG }, by)) {
      await unlink(join(dir, name))
      deleted.push(name)
    }
    return { deleted, error: null }
  } catch (cause) {
    return { deleted, error: cause instanceof Error ? cause.message : String(cause) }
  }
}
