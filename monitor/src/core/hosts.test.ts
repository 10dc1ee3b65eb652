import { describe, expect, it } from 'vitest'
import { isHostAllowed, isOriginAllowed } from './hosts.ts'

describe('without a login only names are answered that no page elsewhere can point here', () => {
  it.each([
    '127.0.0.1:8001',
    '10.0.0.5',
    '[::1]:8001',
    '[fe80::1%eth0]:8001',
    'localhost',
    'localhost:8001',
    'live-monitor:8001',
    'MONITOR.',
  ])('%s is answered', (host) => expect(isHostAllowed(host, [])).toBe(true))
  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8001',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    'a b',
    '[::1',
    'http://x',
    '<script>',
  ])('%s is not', (host) => expect(isHostAllowed(host, [])).toBe(false))
  it('ALLOWED_HOSTS adds names, whatever the port and the case', () => {
    expect(isHostAllowed('Mon.Example.com:443', ['mon.example.com'])).toBe(true)
    expect(isHostAllowed('x.mon.example.com', ['mon.example.com'])).toBe(false)
  })
})

describe('a request that names its origin comes from this site', () => {
  it.each([
    ['http://localhost:8001', 'localhost:8001', true],
    ['https://mon.example.com', 'mon.example.com', true],
    ['http://evil.example', 'localhost:8001', false],
    ['http://localhost:9999', 'localhost:8001', false],
    ['null', 'localhost:8001', false],
    [undefined, 'localhost:8001', true],
    ['http://localhost:8001', undefined, false],
  ])('%s to %s: %s', (origin, host, allowed) => expect(isOriginAllowed(origin, host)).toBe(allowed))
})
