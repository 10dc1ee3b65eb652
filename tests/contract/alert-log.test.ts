/** The alert log between its writer and its reader: the monitor's appender and the alert service's follower, on real files. */
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { decode, encode } from '@plimsoll/contracts/alert-log'
import { ALERT_LOG } from '@plimsoll/contracts/files'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Place } from '../../alert-service/src/core/tail.ts'
import { Follower } from '../../alert-service/src/io/follow.ts'
import { Appender } from '../../monitor/src/io/appender.ts'

type Action =
  | { readonly do: 'write'; readonly lines: number }
  | { readonly do: 'read'; readonly times: number }
  | { readonly do: 'rename' }
  | { readonly do: 'restart-reader' }
  | { readonly do: 'restart-writer' }
  | { readonly do: 'time'; readonly ms: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 40 }).map((lines): Action => ({ do: 'write', lines })), weight: 6 },
  { arbitrary: fc.integer({ min: 1, max: 9 }).map((times): Action => ({ do: 'read', times })), weight: 5 },
  { arbitrary: fc.constant<Action>({ do: 'rename' }), weight: 1 },
  { arbitrary: fc.constant<Action>({ do: 'restart-reader' }), weight: 1 },
  { arbitrary: fc.constant<Action>({ do: 'restart-writer' }), weight: 1 },
  { arbitrary: fc.constantFrom(10, 1000, 90_000_000).map((ms): Action => ({ do: 'time', ms })), weight: 2 },
)

const event = (n: number): AlertEvent => ({
  ...{ time: n, severity: 'critical', state: 'firing', container: 'web', rule: 'container-down' },
  ...{ summary: `event ${n} of "a container"\n`, value: n, threshold: null, host: 'web1' },
  id: '01KAH0000000000000000000AB',
})

/** Plays a script; answers with the numbers of the events as they were read. */
async function play(script: readonly Action[]): Promise<{ written: number; read: number[]; files: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-contract-'))
  const follow = { folder, file: ALERT_LOG, maxLineBytes: 16_384, chunkBytes: 64 * 1024 }
  let now = Date.UTC(2026, 10, 21)
  let [written, renames] = [0, 0]
  const read: number[] = []
  const open = () =>
    new Appender({
      ...{ dir: folder, file: ALERT_LOG, maxBytes: 3000, daily: true, sync: false, maxQueued: 10_000 },
      now: () => now,
    })
  let [writer, reader] = [open(), new Follower(follow)]
  let place: Place | null = null
  const readOn = () => {
    const found = reader.read(place)
    place = found.place
    for (const line of found.lines) {
      const decoded = line.text === null ? null : decode(line.text)
      if (decoded?.ok === true) read.push(decoded.event.time)
      else throw new Error(`read what nobody wrote: ${JSON.stringify(line)}`)
    }
    return found.caughtUp
  }
  try {
    readOn()
    for (const one of script) {
      if (one.do === 'write') {
        for (let i = 0; i < one.lines; i++) writer.append(encode(event(written++)))
        if (!(await writer.flush(5000))) throw new Error(`not written: ${writer.error}`)
      } else if (one.do === 'read') for (let i = 0; i < one.times; i++) readOn()
      else if (one.do === 'restart-reader') {
        reader.close()
        reader = new Follower(follow)
      } else if (one.do === 'restart-writer') {
        await writer.close()
        writer = open()
      } else if (one.do === 'time') now += one.ms
      else if (readdirSync(folder).includes(ALERT_LOG)) {
        // Somebody moves it by hand; within a second the writer finds out.
        renameSync(join(folder, ALERT_LOG), join(folder, `${ALERT_LOG}.${String(renames++).padStart(6, '0')}`))
      }
    }
    for (let i = 0; i < 10_000 && !readOn(); i++);
    return { written, read, files: readdirSync(folder).length }
  } finally {
    await writer.close()
    reader.close()
    rmSync(folder, { recursive: true })
  }
}

describe('what the monitor appends, the alert service reads', () => {
  it('once and in order, however the log is rotated, moved and left off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30, size: 'max' }), async (script) => {
        const { written, read } = await play(script)
        expect(read).toEqual(Array.from({ length: written }, (_, n) => n))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('a thousand in one second, over many rotations of that second', async () => {
    const script = Array.from({ length: 25 }, (): Action[] => [
      { do: 'write', lines: 40 },
      { do: 'read', times: 2 },
    ]).flat()
    const { written, read, files } = await play(script)
    expect([written, files > 50]).toEqual([1000, true])
    expect(read).toEqual(Array.from({ length: 1000 }, (_, n) => n))
  }, 30_000)
})
