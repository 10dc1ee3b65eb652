import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acknowledgeLink, checkLink, KEY_FILE, LINK_VALID_MS, sharedKey } from './signed-link.ts'

const NOW = Date.parse('2026-11-21T02:31:10.500Z')
const ID = '01KAH000000000000000000001'
const key = new Uint8Array(32).fill(7)

function parts(link: string) {
  const { searchParams } = new URL(link)
  return { until: searchParams.get('until') ?? '', sig: searchParams.get('sig') ?? '' }
}
const link = acknowledgeLink(key, 'http://watch.example', ID, NOW)
const good = parts(link)

describe('an acknowledge link', () => {
  it('names the alert, the end of its time and its signature', () => {
    expect(link).toMatch(
      /^http:\/\/watch\.example\/ack\/01KAH000000000000000000001\?until=1795833070&sig=[0-9a-f]{64}$/,
    )
  })
  it('is good for a week, then expired', () => {
    expect(checkLink(key, ID, good, NOW)).toBe('good')
    expect(checkLink(key, ID, good, NOW + LINK_VALID_MS - 1000)).toBe('good')
    expect(checkLink(key, ID, good, NOW + LINK_VALID_MS)).toBe('expired')
  })
  it('is wrong for another alert, another time and another key', () => {
    expect(checkLink(key, `${ID.slice(0, -1)}2`, good, NOW)).toBe('wrong')
    expect(checkLink(key, ID, { ...good, until: String(Number(good.until) + 1) }, NOW)).toBe('wrong')
    expect(checkLink(new Uint8Array(32), ID, good, NOW)).toBe('wrong')
  })
  it('is wrong with any other signature, and with none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), fc.string(), fc.array(fc.string())), (sig) => {
        expect(checkLink(key, ID, { ...good, sig }, NOW)).toBe(sig === good.sig ? 'good' : 'wrong')
      }),
    )
    expect(checkLink(key, ID, { until: undefined, sig: undefined }, NOW)).toBe('wrong')
    expect(checkLink(key, ID, { ...good, until: ['1', '2'] }, NOW)).toBe('wrong')
  })
})

describe('the shared key', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'plimsoll-key-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('is made once, for its owner alone, and is the same for both', () => {
    const place = join(dir, 'shared')
    const first = sharedKey(place)
    expect(first).toHaveLength(32)
    expect(sharedKey(place)).toEqual(first)
    expect(readdirSync(place)).toEqual([KEY_FILE])
    expect(statSync(join(place, KEY_FILE)).mode & 0o777).toBe(0o600)
  })
  it('is never half a key', () => {
    writeFileSync(join(dir, KEY_FILE), 'short')
    expect(() => sharedKey(dir)).toThrow(/is damaged: delete it/)
  })
})
