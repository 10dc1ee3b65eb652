import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBlock, addBlockRow, decodeBlock, encodeBlock, type MetricIds } from './block.ts'
import { addNumbers, newSlots, type Slots } from './slots.ts'

const NAMES = ['cpuPercent', 'memoryUsedBytes', 'networkReceivedBytes', 'responseMs']

function idsOf(names: readonly string[]): MetricIds {
  return {
    idOf: new Map(names.map((name, i) => [name, i + 1])),
    nameOf: new Map(names.map((name, i) => [i + 1, name])),
  }
}

const IDS = idsOf(NAMES)

function slotsOf(rows: readonly Readonly<Record<string, number | null>>[]): Slots {
  const slots = newSlots(NAMES, rows.length)
  for (const [row, numbers] of rows.entries()) addNumbers(slots, row, numbers)
  return slots
}

const decoded = (bytes: Uint8Array, ids = IDS) => {
  const block = decodeBlock(bytes, ids)
  if (block === null) throw new Error('not a block')
  return block
}

const namesIn = ({ columns }: ReturnType<typeof decoded>) => columns.map(({ name }) => name)

describe('a block', () => {
  const row = fc.record(
    Object.fromEntries(NAMES.map((name) => [name, fc.option(fc.double({ min: 0, max: 1e13, noNaN: true }))])),
  )

  it('gives back every row under its key, to 7 digits, counters exactly, and unknown as unknown', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const slots = slotsOf(rows)
        const keys = rows.map((_, i) => i * 7 + 1)
        const block = decoded(encodeBlock(slots, [...rows.keys()], keys, IDS))
        const into = newSlots(NAMES, rows.length)
        addBlock(into, block, (key) => (key - 1) / 7)
        for (const [i, numbers] of rows.entries()) {
          for (const [m, name] of NAMES.entries()) {
            const value = numbers[name] ?? null
            const column = into.columns[m]
            expect(column?.count[i] ?? 0).toBe(value === null ? 0 : 1)
            if (value === null || !column) continue
            if (name === 'networkReceivedBytes') expect(column.max[i]).toBe(value)
            else expect(column.max[i]).toBe(Math.fround(value))
          }
        }
      }),
    )
  })

  it('one row is read by its key alone', () => {
    const bytes = encodeBlock(slotsOf([{ cpuPercent: 1 }, { cpuPercent: 2, responseMs: 9 }]), [0, 1], [40, 50], IDS)
    const into = newSlots(NAMES, 1)
    addBlockRow(into, 0, decoded(bytes), 50)
    addBlockRow(into, 0, decoded(bytes), 60)
    expect(into.columns.map((column) => column?.max[0] ?? null)).toEqual([2, null, null, 9])
  })

  it('a metric that this build does not know is passed over, and one that the file does not know is left out', () => {
    const bytes = encodeBlock(slotsOf([{ cpuPercent: 5, responseMs: 7 }]), [0], [1], IDS)
    expect(namesIn(decoded(bytes, idsOf(['cpuPercent'])))).toEqual(['cpuPercent'])
    const without = encodeBlock(slotsOf([{ cpuPercent: 5, responseMs: 7 }]), [0], [1], idsOf(['cpuPercent']))
    expect(namesIn(decoded(without))).toEqual(['cpuPercent'])
  })

  it('what was not kept is unknown, never a number: a counter has no mean and no least value', () => {
    const bytes = encodeBlock(slotsOf([{ networkReceivedBytes: 5 }]), [0], [1], IDS)
    const into = newSlots(NAMES, 1)
    addBlockRow(into, 0, decoded(bytes), 1)
    expect(into.columns[2]).toMatchObject({ sum: Float64Array.of(Number.NaN), min: Float64Array.of(Number.NaN) })
  })

  it('any bytes are a block or are refused, and are never read beyond their end', () => {
    const good = encodeBlock(slotsOf([{ cpuPercent: 5, responseMs: 7 }]), [0], [1], IDS)
    for (let length = 0; length < good.length; length++) expect(decodeBlock(good.subarray(0, length), IDS)).toBeNull()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeBlock(bytes, IDS)))
  })

  it('stays what it is: files of today are read by later builds', () => {
    const bytes = encodeBlock(slotsOf([{ cpuPercent: 2 }]), [0], [7], IDS)
    expect(Buffer.from(bytes).toString('hex')).toBe('01000001010000000100030007000000010000000000004000000040')
  })
})
