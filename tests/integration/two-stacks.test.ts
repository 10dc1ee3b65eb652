import { readdir } from 'node:fs/promises'
import type { ContainersAnswer } from '@plimsoll/contracts/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineStack, type Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

describe('two stacks side by side on one engine', () => {
  const stacks: Stack[] = []
  beforeAll(async () => {
    stacks.push(await defineStack('one'), await defineStack('two'))
  })
  afterAll(async () => {
    for (const stack of stacks) await stack.down()
  })

  it('each has its own names, ports and logs, and sees the containers of both', async () => {
    for (const stack of stacks) {
      const ran = await stack.compose('up', '--detach', '--build', '--wait')
      expect(ran.code, ran.stderr).toBe(0)
    }
    for (const stack of stacks) {
      await until('both targets, with numbers', async () => {
        const { containers } = (await (await fetch(`${stack.url}/api/containers`)).json()) as ContainersAnswer
        return stacks.every((other) => containers.find((c) => c.name === other.target)?.numbers.cpuPercent != null)
      })
      await until('its own files', async () => (await readdir(stack.logsDir)).includes('container_monitor.log'))
    }
  }, 600_000)
})
