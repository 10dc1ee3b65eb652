import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { appendRows, csvText } from './csv.ts'

describe('CSV', () => {
  it('reads back as it was, unknown as an empty cell', () => {
    expect(parse(csvText([['a,b', 'c"d', 1.5, null]]))).toEqual([['a,b', 'c"d', '1.5', '']])
  })

  it('no cell is a formula, numbers stay numbers', () => {
    expect(csvText([['=cmd()', ' @x', -1]])).toBe("'=cmd(),' @x,-1\n")
  })

  it('a file gets its head once', () => {
    const dir = mkdtempSync(join(tmpdir(), 'plimsoll-csv-'))
    try {
      const file = join(dir, 'samples.csv')
      appendRows(file, ['time', 'cpu'], [['t1', 1]])
      appendRows(file, ['time', 'cpu'], [['t2', null]])
      expect(readFileSync(file, 'utf8')).toBe('time,cpu\nt1,1\nt2,\n')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('a file that cannot be written is an error with its name', () => {
    expect(() => appendRows('/nowhere/samples.csv', [], [])).toThrow('/nowhere/samples.csv')
  })
})
