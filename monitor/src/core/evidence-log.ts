/** A container's newest lines as evidence: masked, and bounded in lines, characters of a line and characters of all. */
import type { EvidenceLogs } from '@plimsoll/contracts/evidence'
import type { LogLine } from '@plimsoll/contracts/http'
import { mask, maskLines } from './masking.ts'

/** What is asked of the engine. */
export const MAX_LINES = 50
export const MAX_LINE_CHARS = 2_000
export const MAX_CHARS = 64_000
/** Looked at for secrets: one that is cut in two must still be seen as one. */
const LOOK_AT_CHARS = MAX_LINE_CHARS * 2

interface Log {
  readonly lines: readonly LogLine[]
  readonly truncated: boolean
}

/**
 * `log` is what the engine gave for the last `MAX_LINES` lines, `secrets` what the container is known to keep secret. Of
 * too much text the newest is kept.
 */
export function evidenceLogs(log: Log, secrets: readonly string[] = []): EvidenceLogs {
  const newest = log.lines.slice(-MAX_LINES)
  const raw = newest.map(({ text }) => text.slice(0, LOOK_AT_CHARS))
  const masked = maskLines(raw, secrets)
  const cut = newest.map((line, i) => ({ ...line, text: short(masked[i] ?? '', MAX_LINE_CHARS) }))
  let first = cut.length
  for (let chars = 0; first > 0; first--) {
    chars += cut[first - 1]?.text.length ?? 0
    if (chars > MAX_CHARS) break
  }
  const wasCut = newest.some(({ text }, i) => text.length > LOOK_AT_CHARS || (masked[i] ?? '').length > MAX_LINE_CHARS)
  return {
    lines: cut.slice(first),
    truncated: log.truncated || first > 0 || wasCut || newest.length < log.lines.length,
    maskedLines: raw.slice(first).filter((text, i) => text !== masked[first + i]).length,
  }
}

/** Text of others, masked and cut. */
export function maskedText(text: string, maxChars: number, secrets: readonly string[] = []): string {
  return short(mask(text.slice(0, maxChars * 2), secrets), maxChars)
}

function short(text: string, maxChars: number): string {
  return (text.length <= maxChars ? text : text.slice(0, maxChars)).toWellFormed()
}
