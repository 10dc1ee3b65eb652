import { describe, expect, it } from 'vitest'
import { failureText, HEALTH_LABEL, healthUrl } from './probes.ts'

const targets = new Map([['web', 'http://web:8080/health']])

describe('which health target a container has', () => {
  it.each<[string, Record<string, string>, unknown, string]>([
    ['web', {}, { kind: 'url', url: 'http://web:8080/health' }, 'HEALTH_TARGETS'],
    ['web', { [HEALTH_LABEL]: 'http://other/' }, { kind: 'url', url: 'http://web:8080/health' }, 'the setting wins'],
    ['db', { [HEALTH_LABEL]: ' https://db/h?x=1 ' }, { kind: 'url', url: 'https://db/h?x=1' }, 'the label'],
    ['db', {}, { kind: 'none' }, 'none'],
    ['db', { [HEALTH_LABEL]: '' }, { kind: 'none' }, 'an empty label is none'],
    ['constructor', {}, { kind: 'none' }, 'a name is only a name'],
  ])('%s %j → %j (%s)', (name, labels, expected) => {
    expect(healthUrl(name, labels, targets)).toEqual(expected)
  })

  it.each(['file:///etc/passwd', 'ftp://x/', 'web:8080', '/health', 'http://', 'javascript:1'])(
    'a label %s is a problem to show, not a target',
    (label) => expect(healthUrl('db', { [HEALTH_LABEL]: label }, targets).kind).toBe('bad'),
  )
})

describe('why a probe failed, in words', () => {
  it.each([
    [{ name: 'TimeoutError' }, 'timeout after 5 s'],
    [{ code: 'ECONNREFUSED' }, 'connection refused'],
    [{ code: 'ENOTFOUND' }, 'name not found'],
    [{ code: 'ESOMETHING' }, 'ESOMETHING'],
    [new Error('odd\nthing'), 'odd thing'],
    ['text', 'failed'],
    [null, 'failed'],
  ])('%j → %s', (cause, text) => expect(failureText(cause, 5000)).toBe(text))
})
