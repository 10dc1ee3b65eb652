import { readFileSync } from 'node:fs'
import { readSettings } from '@plimsoll/contracts/settings'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { samplePath, sections } from './env-sample.ts'
import { envSample } from './settings-text.ts'

const compose = readFileSync(new URL('../docker-compose.yaml', import.meta.url), 'utf8')
const services = parse(compose, { merge: true }).services as Record<
  string,
  { environment?: Record<string, string | null> }
>
const declaredBy = new Map(sections.map(({ title, declared }) => [title, declared]))

/** What a service's image or the stack decides, so that a user cannot break the stack with it. */
const fixedInTheStack: Readonly<Record<string, readonly string[]>> = {
  monitor: [
    'ALERT_SERVICE_URL',
    'DOCKER_HOST',
    'LISTEN_HOST',
    'LOGS_DIR',
    'MONITOR_PORT',
    'SHARED_DIR',
    'STATE_DIR',
    'HOST_PROC',
    'HOST_CGROUP',
    'HOST_ROOT',
  ],
  'alert-service': ['ALERT_SERVICE_PORT', 'LISTEN_HOST', 'LOGS_DIR', 'SHARED_DIR', 'STATE_DIR'],
  'stress-generator': ['STRESS_SCENARIO', 'STRESS_REPORT'],
  'target-app': [
    'DATABASE_URL',
    'LISTEN_HOST',
    'PGDATABASE',
    'PGHOST',
    'PGPASSWORD',
    'PGPORT',
    'PGUSER',
    'TARGET_PORT',
  ],
}

describe('.env-sample', () => {
  it('is what the services declare; if not: npm run env-sample', () => {
    expect(readFileSync(samplePath, 'utf8')).toBe(envSample(sections))
  })

  it('has a default that its own service takes, for every setting', () => {
    for (const { title, declared } of sections) {
      const read = readSettings(declared, { env: {}, readFile: () => '' })
      expect(read, title).toMatchObject({ ok: true })
    }
  })
})

describe('docker-compose.yaml', () => {
  it.each(Object.keys(fixedInTheStack))('passes every setting of %s on, but for what the stack decides', (service) => {
    const passed = services[service]?.environment ?? {}
    const declared = declaredBy.get(service) ?? {}
    const missing = Object.keys(declared).filter(
      (name) => !(name in passed) && !fixedInTheStack[service]?.includes(name),
    )
    expect(missing).toEqual([])
    const secretFiles = Object.entries(declared).flatMap(([name, setting]) => (setting.secret ? [`${name}_FILE`] : []))
    expect(Object.keys(passed).filter((name) => !(name in declared) && !secretFiles.includes(name))).toEqual([])
  })

  it('uses no variable that .env-sample does not list, with the same default', () => {
    const variables = new Map(sections.flatMap(({ declared }) => Object.entries(declared)))
    for (const [, name = '', fallback = ''] of compose.matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)) {
      expect(variables.has(name), name).toBe(true)
      // A default made of another variable is the stack's own, not the service's.
      if (fallback.includes('${')) continue
      expect(fallback.replace(/^\.\//, ''), name).toBe(variables.get(name)?.fallback)
    }
  })
})
