import { readFileSync } from 'node:fs'
import { RULE_NAMES } from '@plimsoll/contracts/alert'
import { durationText } from '@plimsoll/contracts/text'
import { describe, expect, it } from 'vitest'
import { RULES, type Rule } from './rules.ts'

const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8')
const rows = new Map(
  [...page.matchAll(/^\| `([a-z-]+)` \| (critical|warning) \| (.*) \| (.*) \|$/gm)].map(
    ([, name, severity, fires, clears]) => [name ?? '', { severity, fires: fires ?? '', clears: clears ?? '' }],
  ),
)
/** `15 s` of the page, also where it says `60 s` for a minute. */
const times = (ms: number) => [durationText(ms), `${ms / 1000} s`, `${ms} ms`]

describe('docs/alerts.md', () => {
  it('lists exactly the rules of the table', () =>
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(RULES).toSorted()))

  it.each(Object.entries<Rule>(RULES))('says of %s what the table says', (name, rule) => {
    const row = rows.get(name)
    expect(row?.severity).toBe(rule.severity)
    if (rule.forMs > 0) expect(times(rule.forMs).some((text) => row?.fires.includes(text))).toBe(true)
    if (rule.clearForMs > 0) expect(times(rule.clearForMs).some((text) => row?.clears.includes(text))).toBe(true)
    if (typeof rule.above === 'number') expect(row?.fires).toContain(`${rule.above} %`)
  })
})

describe('the table', () => {
  it('has only names that the contract knows', () => {
    for (const name of Object.keys(RULES)) expect(RULE_NAMES).toContain(name)
  })

  it('is short enough to be read at a glance', () => {
    const source = readFileSync(new URL('./rules.ts', import.meta.url), 'utf8')
    const table = source.slice(source.indexOf('export const RULES'), source.indexOf('} as const satisfies'))
    expect(table.split('\n').length).toBeLessThanOrEqual(50)
  })
})
