import { describe, expect, it } from 'vitest'
import { running } from './core/fleet-story.ts'
import type { LogSource, LogTail } from './io/engine.ts'
import { Refusal } from './io/web.ts'
import { logsFrom } from './log-desk.ts'

const line = { at: 1, stream: 'stdout', text: '\x1b[31mhi' } as const
const engineThat = (answer: () => Promise<LogTail | null>): LogSource & { readonly asked: unknown[] } => {
  const asked: unknown[] = []
  return {
    asked,
    logs: (id, tail) => {
      asked.push([id, tail])
      return answer()
    },
  }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error) => (error instanceof Refusal ? error.code : 'fault'),
  )
const failing = (statusCode: number, message: string) =>
  engineThat(() => Promise.reject(Object.assign(new Error(message), { statusCode })))

describe('the log of a container', () => {
  it('is asked of the engine by id, and given as it was written', async () => {
    const engine = engineThat(async () => ({ lines: [line], truncated: false }))
    expect(await logsFrom(engine, running().fleet)('web', { tail: '7' })).toEqual({
      name: 'web',
      lines: [line],
      truncated: false,
    })
    expect(engine.asked).toEqual([['a', 7]])
  })

  it.each([
    ['bad-request', 'web', { tail: '5001' }, failing(500, '')],
    ['container-not-found', 'nope', {}, failing(500, '')],
    ['container-not-found', 'web', {}, engineThat(async () => null)],
    ['logs-unavailable', 'web', {}, failing(501, 'configured logging driver does not support reading')],
    ['logs-unavailable', 'web', {}, failing(500, 'configured logging driver does not support reading')],
    ['engine-unreachable', 'web', {}, failing(0, 'connect ECONNREFUSED')],
  ])('%s when there is none to give (%s %j)', async (code, name, query, engine) => {
    expect(await codeOf(logsFrom(engine, running().fleet)(name, query))).toBe(code)
  })

  it('no more than a few are read at one time: they take connections from the sampling', async () => {
    const answers: (() => void)[] = []
    const logs = logsFrom(
      engineThat(() => new Promise((resolve) => answers.push(() => resolve({ lines: [], truncated: false })))),
      running().fleet,
    )
    const asked = Array.from({ length: 5 }, () => codeOf(logs('web', {})))
    for (const answer of answers) answer()
    expect(await Promise.all(asked)).toEqual(['answered', 'answered', 'answered', 'answered', 'too-many-requests'])
    const again = codeOf(logs('web', {}))
    answers.at(-1)?.()
    expect(await again).toBe('answered')
  })
})
