import { describe, expect, it } from 'vitest'
import { seriesOf } from './series.ts'

const compose = (name: string, labels: Record<string, string> = {}) => ({
  name,
  host: 'web1',
  image: 'shop:1',
  labels: {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'api',
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    ...labels,
  },
})
const keyOf = (of: Parameters<typeof seriesOf>[0]) => seriesOf(of).key

describe('whose history it is', () => {
  it('a service keeps its history when it is created anew, also under a passing name', () => {
    expect(keyOf(compose('shop-api-1'))).toBe(keyOf({ ...compose('0f3a_shop-api-1'), image: 'shop:2' }))
  })

  it.each([
    ['another number of the service', compose('shop-api-2', { 'com.docker.compose.container-number': '2' })],
    ['another service', compose('shop-db-1', { 'com.docker.compose.service': 'db' })],
    ['another project', compose('shop-api-1', { 'com.docker.compose.project': 'shop2' })],
    ['another host', { ...compose('shop-api-1'), host: 'web2' }],
    ['a docker compose run of it', compose('shop-api-run-4f', { 'com.docker.compose.oneoff': 'True' })],
    ['a container of the same name without Compose', { ...compose('shop-api-1'), labels: {} }],
    [
      'labels that only look alike',
      compose('x', { 'com.docker.compose.project': 'shop/api', 'com.docker.compose.service': '' }),
    ],
  ])('%s has its own', (_, other) => {
    expect(keyOf(other)).not.toBe(keyOf(compose('shop-api-1')))
  })

  it('a container that Compose did not make goes by its name', () => {
    const bare = { name: 'db', host: 'web1', image: 'a', labels: {} }
    expect(keyOf(bare)).toBe(keyOf({ ...bare, image: 'b' }))
    expect(keyOf(bare)).not.toBe(keyOf({ ...bare, name: 'db2' }))
  })
})
