import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LEVELS, PROFILES, type Profile } from './profiles.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/load.md'), 'utf8')
const rows = new Map([...guide.matchAll(/^\| `([a-z-]+)` \| (.*?) \|/gm)].map(([, level, text]) => [level, text]))

it('docs/load.md tells of exactly the profiles there are', () => {
  expect([...rows.keys()]).toEqual(LEVELS)
})

it.each(LEVELS)('docs/load.md gives the rate of %s as it is', (level) => {
  const profile: Profile = PROFILES[level]
  const rate = profile.phases[0].httpPerSecond
  if (['low', 'medium', 'high', 'extreme'].includes(level))
    expect(rows.get(level)).toContain(`${rate} requests a second`)
  for (const { measure, min, max } of profile.phases[0].aims)
    if (max < 100 && measure !== 'memoryGrowth') expect(rows.get(level)).toContain(`${min}–${max}`)
})
