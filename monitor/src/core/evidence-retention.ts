/** Which evidence may go: by the time in the alerts' ids, and the oldest of more than `MAX_FILES`. */
import type { EpochMs } from '@plimsoll/contracts/time'

/** At most some 100 kB each. */
export const MAX_FILES = 2_000

const file = /^([0-9A-HJKMNP-TV-Z]{26})\.json$/
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_DIGITS = 10

/** Whether `id` can be an alert's: only then it may become a part of a path. */
export function isAlertId(id: string): boolean {
  return file.test(`${id}.json`)
}

/** The time in a ULID. */
export function timeOfId(id: string): EpochMs {
  let time = 0
  for (const digit of id.slice(0, TIME_DIGITS)) time = time * alphabet.length + alphabet.indexOf(digit)
  return time
}

/** The names to delete among `names`. What is not evidence of ours is never among them. */
export function expiredEvidence(
  names: readonly string[],
  { now, keepMs, maxFiles = MAX_FILES }: { readonly now: EpochMs; readonly keepMs: number; readonly maxFiles?: number },
): readonly string[] {
  // Ids sort by their time.
  const ours = names.filter((name) => file.test(name)).toSorted()
  const tooMany = Math.max(0, ours.length - maxFiles)
  return ours.filter((name, i) => i < tooMany || now - timeOfId(name) > keepMs)
}
