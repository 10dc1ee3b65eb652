/** Times that cross a boundary: epoch milliseconds on the wire, ISO 8601 UTC with milliseconds in files. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

/** `1795261012463` → `2026-11-21T11:36:52.463Z`. Throws a RangeError outside the years JavaScript can name. */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString()
}

/** `2026-11-21T11:36:52.463Z` → `20261121T113652Z`: the suffix of a rotated file, sortable as text. */
export function compactTime(at: EpochMs): string {
  return isoTime(at)
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
}

/** `2026-11-21`, the UTC day of `at`: the name of a day's CSV file. */
export function isoDay(at: EpochMs): string {
  return isoTime(at).slice(0, 10)
}

const isoPattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** Date.parse takes 30 February for 2 March. */
function dayExists(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

/**
 * An ISO 8601 time with any number of fraction digits (the engine writes nanoseconds) as epoch milliseconds, the
 * fraction below a millisecond kept as a fraction; `null` when it is not a time, or the engine's "never" (year 1).
 */
export function parseIsoTime(text: string): EpochMs | null {
  const found = isoPattern.exec(text)
  if (found === null || text.startsWith('0001-')) return null
  const seconds = Date.parse(`${found[1]}${found[3]}`)
  if (Number.isNaN(seconds) || !dayExists(text.slice(0, 10))) return null
  return seconds + Number(`0${found[2] ?? '.0'}`) * 1000
}

const zones = new Map<string, Intl.DateTimeFormat>()
const MAX_ZONES = 100

function zoneOf(timeZone: string): Intl.DateTimeFormat {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-US', { ...parts, timeZone })
  if (zones.size >= MAX_ZONES) zones.clear()
  zones.set(timeZone, made)
  return made
}

/** Whether it names a time zone: `Europe/Berlin`, `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    return zoneOf(name) !== null
  } catch {
    return false
  }
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** What a clock on the wall shows in a time zone; 0 is Sunday. Throws a RangeError for a zone that is none. */
export function zonedClock(at: EpochMs, timeZone: string): { readonly weekday: number; readonly minuteOfDay: number } {
  const parts = zoneOf(timeZone).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return { weekday: weekdays.indexOf(part('weekday')), minuteOfDay: Number(part('hour')) * 60 + Number(part('minute')) }
}

/** The parts of a time in the reader's own time zone, `2026-11-21 12:36:52`: for people, never for a file or the wire. */
export function localTime(at: EpochMs): string {
  const d = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}
