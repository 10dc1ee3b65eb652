import { describe, expect, it } from 'vitest'
import type { Life } from './berth.ts'
import { companyOf, dependenciesOf, dependentsOf, neighboursOf } from './neighbours.ts'
import type { Subject } from './observation.ts'

const one = (name: string, cpuPercent: number | null, memoryUsedBytes: number | null = null) => ({
  name,
  numbers: { cpuPercent, memoryUsedBytes },
})

describe('the biggest neighbours', () => {
  const all = [one('a', 5, 10), one('me', 99, 99), one('b', 50), one('c', null, 30), one('d', 0, 0)]

  it('are the others, biggest first; who used nothing, or nobody knows what, is none', () => {
    expect(neighboursOf(companyOf(7, all), 'me')).toEqual({
      at: 7,
      byCpu: [
        { name: 'b', cpuPercent: 50 },
        { name: 'a', cpuPercent: 5 },
      ],
      byMemory: [
        { name: 'c', memoryUsedBytes: 30 },
        { name: 'a', memoryUsedBytes: 10 },
      ],
    })
  })

  it('are five at most, with the container itself among the big or not', () => {
    const many = companyOf(
      1,
      Array.from({ length: 20 }, (_, i) => one(`c${i}`, i + 1)),
    )
    expect(neighboursOf(many, 'c19').byCpu.map(({ name }) => name)).toEqual(['c18', 'c17', 'c16', 'c15', 'c14'])
    expect(neighboursOf(many, null).byCpu).toHaveLength(5)
    expect(neighboursOf(many, 'c0').byCpu[0]?.name).toBe('c19')
  })
})

describe('who needs whom', () => {
  const subject = (name: string, more: Partial<Subject> = {}) => ({ name, ...more }) as Subject
  const party = (state: Life['state'], of: Subject) => ({ state, subject: of })
  const db = subject('shop-db-1', { aliases: ['shop/db'] })
  const web = subject('web', { dependsOn: ['db', 'cache', 'shop/db', 'shop/cache'] })
  const all = [party('exited', db), party('running', web), party('running', subject('other'))]

  it('is told from both sides, by name and by service', () => {
    expect(dependentsOf(all, db)).toEqual([{ name: 'web', state: 'running' }])
    expect(dependentsOf(all, web)).toEqual([])
  })

  it('whom nobody answers for is told once, without a state', () => {
    expect(dependenciesOf(all, web)).toEqual([
      { name: 'shop-db-1', state: 'exited' },
      { name: 'cache', state: null },
    ])
  })
})
