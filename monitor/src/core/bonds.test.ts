import { describe, expect, it } from 'vitest'
import { bondsOf, projectOf } from './bonds.ts'

const compose = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'api' }

describe('what depends on what', () => {
  it.each<[Record<string, string>, object, string]>([
    [{}, {}, 'nothing said'],
    [compose, { aliases: ['shop/api'] }, 'a service others can name'],
    [
      { ...compose, 'com.docker.compose.depends_on': 'postgres:service_healthy:false,redis:service_started:true' },
      { aliases: ['shop/api'], dependsOn: ['shop/postgres', 'shop/redis'] },
      'as Compose writes it',
    ],
    [{ ...compose, 'com.docker.compose.depends_on': '' }, { aliases: ['shop/api'] }, 'an empty label'],
    [{ 'plimsoll.depends-on': 'db, cache-1' }, { dependsOn: ['db', 'cache-1'] }, 'containers by name'],
    [
      { ...compose, 'plimsoll.depends-on': 'db' },
      { aliases: ['shop/api'], dependsOn: ['db', 'shop/db'] },
      'a container, or a service of the same project',
    ],
    [{ 'plimsoll.depends-on': ' ,,=cmd(),../x,a\nb,ok' }, { dependsOn: ['ok'] }, 'what is no name is passed over'],
  ])('%j → %j (%s)', (labels, bonds) => expect(bondsOf(labels)).toEqual(bonds))

  it('is bounded', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')
    expect(bondsOf({ 'plimsoll.depends-on': many }).dependsOn).toHaveLength(50)
  })
})

describe('the Compose project of a container', () => {
  it.each([
    [['shop/api'], 'shop'],
    [undefined, null],
    [['a "b"/api'], null],
    [[`${'x'.repeat(300)}/api`], null],
  ])('%j: %j', (aliases, project) => expect(projectOf(aliases === undefined ? {} : { aliases })).toBe(project))
})
