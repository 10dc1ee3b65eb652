/** A log as the page keeps it: new lines go on where the known ones end, and each line has a level. */
import type { LogLine } from '@plimsoll/contracts/http'
import { plainOf } from './ansi.ts'

export type Level = 'error' | 'warn' | 'info' | 'debug' | 'none'

export interface Line {
  /** Counts up over the view's life: a line keeps its place in the page. */
  readonly no: number
  readonly log: LogLine
  readonly plain: string
  readonly level: Level
}

/** How many lines a page holds; the oldest go first. */
export const MOST_LINES = 3000
/** So far into a line its level is looked for: a message that only speaks of an error is none. */
const LEVEL_WITHIN = 160

const patterns: readonly (readonly [Level, RegExp])[] = [
  ['error', /\b(fatal|panic|critical|error|err|crit|emerg|alert|severe)\b/i],
  ['warn', /\b(warn|warning)\b/i],
  ['info', /\b(info|notice|log)\b/i],
  ['debug', /\b(debug|trace|verbose)\b/i],
]
const named = /"?\b(?:level|lvl|severity|loglevel)"?\s*[:=]\s*"?([a-z]+|\d+)/i

function ofNumber(n: number): Level {
  if (n >= 50) return 'error'
  if (n >= 40) return 'warn'
  return n >= 30 ? 'info' : 'debug'
}

/** The level a line names itself: a `level` key (pino's numbers too), else the first word that is one. */
export function levelOf(text: string): Level {
  const start = text.slice(0, LEVEL_WITHIN)
  const word = named.exec(start)?.[1]
  if (word !== undefined && /^\d+$/.test(word)) return ofNumber(Number(word))
  const where = word ?? start
  let found: Level = 'none'
  let at = Number.POSITIVE_INFINITY
  for (const [level, pattern] of patterns) {
    const place = where.search(pattern)
    if (place !== -1 && place < at) {
      found = level
      at = place
    }
  }
  return found
}

const same = (a: LogLine, b: LogLine) => a.at === b.at && a.text === b.text && a.stream === b.stream

/**
 * The known lines and those of a new answer that come after them. `gap` is true when the answer does not reach back to
 * the known ones: more was written in between than was asked for.
 */
export function continued(
  known: readonly Line[],
  answer: readonly LogLine[],
): { lines: readonly Line[]; gap: boolean } {
  const last = known.at(-1)
  const place = last === undefined ? -1 : answer.findLastIndex((line) => same(line, last.log))
  const fresh = answer.slice(place + 1)
  if (fresh.length === 0) return { lines: known, gap: false }
  let no = last?.no ?? 0
  const added = fresh.map((log): Line => {
    const plain = plainOf(log.text)
    return { no: ++no, log, plain, level: levelOf(plain) }
  })
  return { lines: [...known, ...added].slice(-MOST_LINES), gap: last !== undefined && place === -1 }
}

/** The lines that hold every word of `query`. */
export function matching(lines: readonly Line[], query: string): readonly Line[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return lines
  return lines.filter(({ plain }) => {
    const lower = plain.toLowerCase()
    return words.every((word) => lower.includes(word))
  })
}

/** The first line at or after `at`; `null` when none is. */
export function lineAt(lines: readonly Line[], at: number): Line | null {
  return lines.find(({ log }) => log.at !== null && log.at >= at) ?? null
}
