/** `/proc/<pid>/net/dev`: what went over the interfaces of one network namespace. */
import { digitsAt, isWordAt, keysOf, nextLine, skipSpaces, wordEnd } from './bytes.ts'
import type { Look } from './look.ts'

const COLON = 58
/** Two lines of headings stand above the interfaces. */
const HEADINGS = 2
/** Columns of a line that are read: bytes, packets, errors and drops of both directions, and what stands between. */
const COLUMNS = 12

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
  reset(look, Number.NaN)
  for (; line < end; line = nextLine(bytes, line, end)) {
    const name = skipSpaces(bytes, line, end)
    let colon = name
    while (colon < end && bytes[colon] !== COLON) colon++
    if (colon >= end || isInnerAt(bytes, name)) continue
    readColumns(bytes, colon + 1, end)
    if (!any) reset(look, 0)
    add(look)
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

// Field by field: a loop over their names would cost as much as reading the file.
function reset(look: Look, value: number): void {
  look.receivedBytes = value
  look.receivedPackets = value
  look.receiveErrors = value
  look.receiveDrops = value
  look.sentBytes = value
  look.sentPackets = value
  look.sendErrors = value
  look.sendDrops = value
}

const column = (index: number): number => columns[index] as number

function add(look: Look): void {
  look.receivedBytes += column(0)
  look.receivedPackets += column(1)
  look.receiveErrors += column(2)
  look.receiveDrops += column(3)
  look.sentBytes += column(8)
  look.sentPackets += column(9)
  look.sendErrors += column(10)
  look.sendDrops += column(11)
}
