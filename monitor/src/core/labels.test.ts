import { describe, expect, it } from 'vitest'
import { labelsThatMatter, wishesOf } from './labels.ts'

const defaults = { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 }

describe('labels of a watched container', () => {
  it('override thresholds, severity and the health target', () => {
    const wishes = wishesOf(
      {
        'plimsoll.cpu.threshold': '90%',
        'plimsoll.memory.threshold': '50',
        'plimsoll.response.threshold': '2s',
        'plimsoll.severity': 'critical',
        'plimsoll.expect': 'up',
        'plimsoll.health.url': 'http://web:80/health',
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
      },
      defaults,
    )
    expect(wishes).toEqual({
      enabled: true,
      thresholds: { cpuPercent: 90, memoryPercent: 50, responseMs: 2000 },
      labelled: ['cpuPercent', 'memoryPercent', 'responseMs'],
      severity: 'critical',
      expectedUp: true,
      healthUrl: 'http://web:80/health',
      project: 'shop',
      service: 'web',
      problems: [],
    })
  })
  it('without labels the settings hold', () => {
    expect(wishesOf({}, defaults)).toMatchObject({
      enabled: true,
      thresholds: defaults,
      labelled: [],
      severity: null,
      healthUrl: null,
    })
  })
  it('plimsoll.enable=false leaves a container out', () => {
    expect(wishesOf({ 'plimsoll.enable': 'false' }, defaults).enabled).toBe(false)
  })
  it.each([
    ['plimsoll.cpu.threshold', 'many'],
    ['plimsoll.memory.threshold', '150'],
    ['plimsoll.severity', 'dire'],
    ['plimsoll.health.url', 'file:///etc/passwd'],
    ['plimsoll.enable', '=cmd()'],
  ])('%s=%s changes nothing and is told by name', (name, value) => {
    const wishes = wishesOf({ [name]: value }, defaults)
    expect(wishes).toMatchObject({ enabled: true, thresholds: defaults, severity: null, healthUrl: null })
    expect(wishes.problems).toEqual([expect.stringContaining(name)])
  })
})

it('keeps of a page of labels only those that anything reads', () => {
  const labels = {
    'org.label.readme': 'x'.repeat(100_000),
    'plimsoll.expect': 'up',
    exitCode: '0',
    'plimsoll.x': 'y'.repeat(9999),
  }
  expect(labelsThatMatter(labels)).toEqual({ 'plimsoll.expect': 'up', exitCode: '0' })
})
it('a project’s name is one short line, whatever it says', () => {
  const { project, service } = wishesOf(
    { 'com.docker.compose.project': 'a\nb\u202e'.repeat(100), 'com.docker.compose.service': '' },
    defaults,
  )
  expect(project).toMatch(/^a ba ba b/)
  expect([project?.length, service]).toEqual([100, null])
})
