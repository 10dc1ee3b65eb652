import { describe, expect, it } from 'vitest'
import { wordOf } from './bytes.ts'
import { newLook } from './look.ts'
import { takeNetDev } from './net-dev.ts'

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`
const LO =
  '    lo: 5177451    1286    0    0    0     0          0         0  5177451    1286    0    0    0     0       0          0\n'
const ETH0 =
  '  eth0:     100       2    3    4    0     0          0         0      50       6    7    8    0     0       0          0\n'
const ETH1 = '  eth1:1000 20 30 40 0 0 0 0 500 60 70 80 0 0 0 0\n'
const TUN0 =
  '  tun0:      90       9    0    0    0     0          0         0      90       9    0    0    0     0       0          0\n'

function read(text: string) {
  const look = newLook()
  const bytes = wordOf(text)
  takeNetDev(bytes, bytes.length, look)
  const { receivedBytes, sentBytes, receivedPackets, sentPackets } = look
  const { receiveErrors, sendErrors, receiveDrops, sendDrops } = look
  return [receivedBytes, receivedPackets, receiveErrors, receiveDrops, sentBytes, sentPackets, sendErrors, sendDrops]
}

describe('what went over a container’s network', () => {
  it('is the sum over its interfaces, loopback left out', () => {
    expect(read(HEAD + LO + ETH0 + ETH1)).toEqual([1100, 22, 33, 44, 550, 66, 77, 88])
  })
  it('a tunnel inside carries again what eth0 carried: it does not count twice', () => {
    expect(read(HEAD + LO + TUN0 + ETH0)).toEqual([100, 2, 3, 4, 50, 6, 7, 8])
  })
  it('an interface whose name only begins like loopback counts', () => {
    expect(read(HEAD + ETH0.replace('  eth0', 'london'))[0]).toBe(100)
  })
  it('without any interface there is no network, not one that is silent', () => {
    expect(read(HEAD + LO)).toEqual(Array(8).fill(Number.NaN))
  })
})
