/** Numbers in few columns, for cells of a table; where there is room, contracts/text.ts writes them out. */
import { UNKNOWN } from '@plimsoll/contracts/text'

const LETTERS = ['', 'k', 'M', 'G', 'T', 'P']

function scaled(value: number, base: number): string {
  let n = value
  let i = 0
  // 999.5 would be written as 1000, four digits.
  while (n >= (i === 0 ? base : 999.5) && i < LETTERS.length - 1) {
    n /= base
    i++
  }
  return `${i === 0 || n >= 99.5 ? Math.round(n) : n.toFixed(1)}${LETTERS[i]}`
}

/** A rate in decimal units: `1500` → `1.5k`; `null` → `–`. At most five columns. */
export function compactRate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? UNKNOWN : scaled(Math.max(0, bytesPerSecond), 1000)
}

/** Memory in binary units: `268435456` → `256M`. At most five columns. */
export function compactMemory(bytes: number | null): string {
  if (bytes === null) return UNKNOWN
  return scaled(Math.max(0, bytes), 1024).replace('k', 'K')
}

/** `47.913` → `47.9%`, from 1000 without a fraction. */
export function compactPercent(percent: number | null): string {
  if (percent === null) return UNKNOWN
  return `${percent >= 999.95 ? Math.round(percent) : percent.toFixed(1)}%`
}

/** `3.21ms`, `12ms`, `1.24s`, `120s`. At most six columns. */
export function compactLatency(ms: number | null): string {
  if (ms === null) return UNKNOWN
  if (ms < 9.995) return `${ms.toFixed(2)}ms`
  if (ms < 999.5) return `${Math.round(ms)}ms`
  return `${ms < 9995 ? (ms / 1000).toFixed(2) : Math.round(ms / 1000)}s`
}

/** The largest unit and the one below, without spaces: `12s`, `3m05s`, `2h10m`, `4d03h`. */
export function compactDuration(ms: number | null): string {
  if (ms === null) return UNKNOWN
  const s = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`
  if (s < 86_400) return `${Math.floor(s / 3600)}h${two(Math.floor((s % 3600) / 60))}m`
  return `${Math.floor(s / 86_400)}d${two(Math.floor((s % 86_400) / 3600))}h`
}
