/** `/proc/<pid>/net/dev`: what went over the interfaces of one network namespace. */
import { digitsAt, isWordAt, keysOf, nextLine, skipSpaces, wordEnd } from './bytes.ts'
import { type Look, NO_NETWORK } from './look.ts'

const COLON = 58
/** Two lines of headings stand above the interfaces. */
const HEADINGS = 2
/** Columns of a line, counted from 0 after the name. */
const COLUMNS = 12
// biome-ignore format: a table is read by its columns
const COLUMN = { receivedBytes: 0, receivedPackets: 1, receiveErrors: 2, receiveDrops: 3, sentBytes: 8, sentPackets: 9, sendErrors: 10, sendDrops: 11 } as const

const columns = new Float64Array(COLUMNS)

/**
 * Interfaces that carry what another one carries already, or nothing: loopback, tunnels, bridges and the ends of
 * virtual cables. The engine counts only those it gave the container; a VPN or a Docker inside must not count twice.
 */
// biome-ignore format: a list
const INNER = keysOf(
  'lo:', 'tun', 'tap', 'wg', 'veth', 'docker', 'br-', 'virbr', 'cni', 'dummy', 'ifb', 'sit', 'gre', 'erspan', 'ip6tnl',
  'ip6gre', 'ip_vti', 'ip6_vti', 'teql', 'nlmon',
)

function isInnerAt(bytes: Uint8Array, from: number): boolean {
  for (const prefix of INNER) if (isWordAt(bytes, from, prefix)) return true
  return false
}

/** The sums over all outer interfaces; NaN without any (`--network none`). */
export function takeNetDev(bytes: Uint8Array, end: number, look: Look): void {
  let line = 0
  for (let i = 0; i < HEADINGS; i++) line = nextLine(bytes, line, end)
  let any = false
  Object.assign(look, NO_NETWORK)
  for (; line < end; line = nextLine(bytes, line, end)) {
    const name = skipSpaces(bytes, line, end)
    let colon = name
    while (colon < end && bytes[colon] !== COLON) colon++
    if (colon >= end || isInnerAt(bytes, name)) continue
    readColumns(bytes, colon + 1, end)
    add(look, any)
    any = true
  }
}

function readColumns(bytes: Uint8Array, from: number, end: number): void {
  let at = from
  for (let i = 0; i < COLUMNS; i++) {
    at = skipSpaces(bytes, at, end)
    columns[i] = digitsAt(bytes, at, end)
    at = wordEnd(bytes, at, end)
  }
}

function add(look: Look, any: boolean): void {
  for (const field of FIELDS) look[field] = (any ? look[field] : 0) + (columns[COLUMN[field]] as number)
}

const FIELDS = Object.keys(COLUMN) as readonly (keyof typeof COLUMN)[]
