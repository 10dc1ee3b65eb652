/**
 * ULIDs for alerts: 26 characters that sort by time. Joining: `newIds(seed)` once per process, then `nextUlid`.
 */
import type { EpochMs } from '@plimsoll/contracts/time'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function base32(value: bigint, digits: number): string {
  let rest = value
  let text = ''
  for (let i = 0; i < digits; i++) {
    text = alphabet[Number(rest & 31n)] + text
    rest >>= 5n
  }
  return text
}

/**
 * 48 bits of `now`, then in place of ULID's 80 random bits 48 of `seed` and 32 of `counter`: two calls with one seed
 * sort by `now`, then by `counter`. `seed` is hexadecimal, its last 12 digits count; random, it keeps the ids of two
 * processes apart. Throws a SyntaxError for another seed.
 */
export function ulid(now: EpochMs, seed: string, counter: number): string {
  const random = (BigInt.asUintN(48, BigInt(`0x${seed}`)) << 32n) | BigInt.asUintN(32, BigInt(counter))
  return base32(BigInt.asUintN(48, BigInt(Math.trunc(now))), 10) + base32(random, 16)
}

/** Where the next id comes from; plain data. */
export interface Ids {
  readonly seed: string
  readonly counter: number
  readonly lastAt: EpochMs
}

export function newIds(seed: string): Ids {
  return { seed, counter: 0, lastAt: 0 }
}

/** The next id. Later ids sort after earlier ones even when the clock is set back: the time in them then stands still. */
export function nextUlid(ids: Ids, now: EpochMs): [string, Ids] {
  const lastAt = Math.max(now, ids.lastAt)
  const counter = (ids.counter + 1) % 2 ** 32
  return [ulid(lastAt, ids.seed, counter), { ...ids, counter, lastAt }]
}
