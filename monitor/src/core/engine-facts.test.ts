import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engineAdvice, engineErrorText } from './advice.ts'
import { factsOf, NEWEST_API, versionToAsk } from './engine-facts.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${path}`, import.meta.url), 'utf8'))

describe('the API version', () => {
  it.each([
    ['1.45', '1.45'],
    ['1.24', '1.24'],
    ['1.51', '1.51'],
    ['1.56', NEWEST_API],
    ['1.100', NEWEST_API],
  ])('of an engine that speaks up to %s is %s', (ApiVersion, asked) => {
    expect(versionToAsk({ ApiVersion, Version: '1' })).toBe(asked)
  })
  it.each([null, 'x', {}, { ApiVersion: 'latest' }])('%j is no engine', (answer) => {
    expect(() => versionToAsk(answer)).toThrow(/no Docker engine/)
  })
  it('who it is, from recorded answers', () => {
    const { Server } = read('cgroup-v1/version.json') as { Server: unknown }
    const facts = factsOf(Server, read('cgroup-v1/info.json'), '1.45')
    expect(facts).toMatchObject({ version: expect.stringMatching(/^26\.1\.5/), cpus: 2, apiVersion: '1.45' })
    expect(facts.memoryBytes).toBeGreaterThan(1e9)
    expect(facts.clock).toBeNull()
    const SystemTime = '2026-11-21T12:00:00.5Z'
    expect(factsOf(Server, { SystemTime }, '1.45').clock).toBe(Date.UTC(2026, 10, 21, 12, 0, 0, 500))
  })
})

describe('advice when the engine does not answer', () => {
  it.each([
    [{ code: 'ENOENT' }, /Is Docker running\?.*DOCKER_HOST/],
    [{ code: 'EACCES' }, /group/],
    [{ code: 'ECONNREFUSED' }, /socket proxy/],
    [{ code: 'ENOTFOUND' }, /spelled right/],
    [{ statusCode: 403 }, /allow GET/],
    [{ statusCode: 418 }, /log/],
    [{ name: 'TimeoutError' }, /No answer in time/],
    [new Error('?'), /DOCKER_HOST/],
  ])('%j', (error, advice) => expect(engineAdvice(error)).toMatch(advice))
})

describe('what went wrong is one line', () => {
  it.each([
    [Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }), 'no answer in time'],
    [new Error('connect ENOENT /x'), 'connect ENOENT /x'],
    [new Error('(HTTP code 500)\n <html>  boo'), '(HTTP code 500) <html> boo'],
    [new Error(''), 'unknown error'],
    ['text', 'text'],
  ])('%s', (error, text) => expect(engineErrorText(error)).toBe(text))
})
