import { describe, expect, it } from 'vitest'
import { failureText } from './failures.ts'

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
