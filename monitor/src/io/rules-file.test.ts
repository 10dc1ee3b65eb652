import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RULES } from '../core/rules.ts'
import { followRules, type RulesFile } from './rules-file.ts'

let dir = ''
const open: RulesFile[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-rules-'))
})
afterEach(() => {
  for (const file of open.splice(0)) file.stop()
  rmSync(dir, { recursive: true, force: true })
})

const path = () => join(dir, 'alerts.yaml')

async function follow(): Promise<{ file: RulesFile; said: string[] }> {
  const said: string[] = []
  const file = await followRules({ path: path(), everyMs: 60_000, say: (sentence) => said.push(sentence) })
  open.push(file)
  return { file, said }
}

describe('the rules file', () => {
  it('that is not there is no mistake', async () => {
    const { file, said } = await follow()
    expect([file.current(), file.error, said]).toEqual([RULES, null, []])
  })

  it('is taken up when it comes, changes and goes', async () => {
    const { file } = await follow()
    writeFileSync(path(), 'version: 1\nrules: { high-cpu: { above: 70 } }')
    await file.look()
    expect(file.current()['high-cpu']?.insteadOfSetting).toBe(70)
    writeFileSync(`${path()}.new`, 'version: 1\nrules: { high-cpu: { above: 71 } }')
    renameSync(`${path()}.new`, path())
    await file.look()
    expect(file.current()['high-cpu']?.insteadOfSetting).toBe(71)
    unlinkSync(path())
    await file.look()
    expect(file.current()).toEqual(RULES)
  })

  it.each([
    ['version: 1\nrules: { high-cpu: { above: x } }', /^rules\.high-cpu: above: expected a number \(the rules before/],
    ['version: 1\n  rules: [', /\(the rules before stay in force\)$/],
    ['a: &a [1]\nb: [*a, *a]', /alias/i],
    [`# ${'x'.repeat(300_000)}`, /longer than 256 kB/],
  ])('%#: with a mistake leaves the rules before in force, and says so once', async (text, error) => {
    const { file, said } = await follow()
    writeFileSync(path(), 'version: 1\nrules: { high-cpu: off }')
    await file.look()
    writeFileSync(path(), text)
    await file.look()
    await file.look()
    expect(file.current()).not.toHaveProperty('high-cpu')
    expect(file.error).toMatch(error)
    expect(file.error).not.toContain('\n')
    expect(said).toEqual(['the rules file is in force', file.error])
  })
})
