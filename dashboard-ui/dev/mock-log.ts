/** An invented log: a line every 0.7 seconds, in colours, with what a hostile program might write. */
import type { LogLine } from '@plimsoll/contracts/http'

const ESC = '\u001b'
const texts = [
  '{"level":30,"method":"GET","url":"/health","status":200,"ms":3.1}',
  `${ESC}[32minfo${ESC}[0m request completed ${ESC}[2mGET /${ESC}[0m 200 in 4 ms`,
  '{"level":30,"method":"GET","url":"/items?page=2","status":200,"ms":12.8}',
  `${ESC}[33mwarn${ESC}[0m pool is at 8 of 10 connections`,
  'DEBUG cache miss for key items:2',
  `${ESC}[31;1merror${ESC}[0m ECONNRESET while reading the answer of postgres, trying again in 250 ms`,
  `a hostile line ${ESC}[2J${ESC}]0;owned\u0007 that would clear the screen \u202e and turn round`,
]
const EVERY_MS = 700

/** The newest `tail` lines at `now`, oldest first. */
export function logOf(now: number, tail: number): readonly LogLine[] {
  const last = Math.floor(now / EVERY_MS)
  return Array.from({ length: tail }, (_, i) => {
    const n = last - tail + 1 + i
    const text = texts[(n * 31 + Math.floor(n / 7)) % texts.length] ?? ''
    return { at: n * EVERY_MS, stream: text.includes('error') ? 'stderr' : 'stdout', text }
  })
}
