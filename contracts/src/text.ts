/** How numbers are written for people, everywhere alike: status lines, the page, mails. Unknown (`null`) is an en dash. */

export const UNKNOWN = '–'

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const decimal = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Three significant digits, as the docker CLI shows sizes; the digits follow the rounded number: 9.996 is `10.0`. */
function threeDigits(n: number): string {
  if (Number(n.toFixed(2)) < 10) return n.toFixed(2)
  return Number(n.toFixed(1)) < 100 ? n.toFixed(1) : n.toFixed(0)
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let n = Math.abs(value)
  let i = 0
  // By the rounded number: 999.6 kB is 1.00 MB, never 1000 kB.
  while (Math.round(n) >= base && i < units.length - 1) {
    n /= base
    i++
  }
  const text = i === 0 ? String(Math.round(n)) : threeDigits(n)
  return `${value < 0 && Number(text) !== 0 ? '-' : ''}${text} ${units[i]}`
}

/** Memory, in binary units: `268435456` → `256 MiB`. */
export function memoryText(bytes: number | null): string {
  return bytes === null ? UNKNOWN : scaled(bytes, 1024, binary)
}

/** Network and disk, in decimal units: `1500` → `1.50 kB`. */
export function bytesText(bytes: number | null): string {
  return bytes === null ? UNKNOWN : scaled(bytes, 1000, decimal)
}

/** `1500` → `1.50 kB/s`. */
export function rateText(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? UNKNOWN : `${bytesText(bytesPerSecond)}/s`
}

/** `47.913` → `47.9 %`. */
export function percentText(percent: number | null, digits = 1): string {
  return percent === null ? UNKNOWN : `${percent.toFixed(digits).replace(/^-(?=[0.]+$)/, '')} %`
}

/** A latency: `3.21 ms`, `12 ms`, `1.24 s`. */
export function latencyText(ms: number | null): string {
  if (ms === null) return UNKNOWN
  if (Number(ms.toFixed(2)) < 10) return `${ms.toFixed(2)} ms`
  return Math.round(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** A span of time in its two largest units: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function durationText(ms: number | null): string {
  if (ms === null) return UNKNOWN
  if (Math.round(ms) < 1000) return `${Math.max(0, Math.round(ms))} ms`
  const s = Math.floor(Math.round(ms) / 1000)
  if (s < 60) return `${s} s`
  const [big, small] =
    s < 3600
      ? ([
          [60, 'min'],
          [1, 's'],
        ] as const)
      : s < 86_400
        ? ([
            [3600, 'h'],
            [60, 'min'],
          ] as const)
        : ([
            [86_400, 'd'],
            [3600, 'h'],
          ] as const)
  const first = Math.floor(s / big[0])
  const rest = Math.floor((s % big[0]) / small[0])
  return rest === 0 ? `${first} ${big[1]}` : `${first} ${big[1]} ${rest} ${small[1]}`
}

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  // What a seccomp profile kills with.
  31: 'SIGSYS',
}

/** `9` → `SIGKILL`; an unknown number is `signal 40`. */
export function signalText(signal: number): string {
  return signals[signal] ?? `signal ${signal}`
}

/** `137` → `exit code 137 (SIGKILL)`; above 128 a shell's and the engine's codes are 128 + the signal. */
export function exitCodeText(code: number | null): string {
  if (code === null) return 'exit code unknown'
  return code > 128 && code < 160 ? `exit code ${code} (${signalText(code - 128)})` : `exit code ${code}`
}
