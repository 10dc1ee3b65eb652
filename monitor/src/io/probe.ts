/**
 * Asks health targets: GET with a deadline over kept connections, no redirects followed, the answer read to its end but
 * not without bound. Joining: `prober.round(targets, tell)` every `HEALTH_INTERVAL`; `prober.close()` at stop.
 */
import { Agent } from 'undici'
import { failureText } from '../core/failures.ts'
import type { ProbeResult } from '../core/observation.ts'

export interface ProberOptions {
  readonly timeoutMs: number
  /** Probes under way at one time. */
  readonly maxParallel: number
  readonly now: () => number
}

/** What is probed; `container` tells apart those that share an address. */
export interface Probed {
  readonly url: string
  readonly container?: string
}

export interface Prober {
  /**
   * Probes each target that has no probe under way or waiting for its turn, and tells each result as it comes. Never
   * throws.
   */
  round<T extends Probed>(targets: readonly T[], tell: (target: T, result: ProbeResult) => void): void
  /** One probe. Never rejects. */
  probe(url: string): Promise<ProbeResult>
  close(): Promise<void>
}

// A health page is small; a target that streams for ever must not fill our memory.
const MAX_BODY_BYTES = 256 * 1024

const MAX_WAITING = 1000

export function createProber(options: ProberOptions): Prober {
  const agent = new Agent({ connections: 2, pipelining: 1, connect: { timeout: options.timeoutMs } })
  const probe = (url: string) => probeOnce(agent, url, options)
  const busy = new Set<string>()
  // First come, first served: targets that hang until their deadline must not starve those behind them.
  const waiting = new Map<string, () => Promise<void>>()
  const startNext = () => {
    for (const [key, run] of waiting) {
      if (busy.size >= options.maxParallel) return
      waiting.delete(key)
      busy.add(key)
      void run().finally(() => {
        busy.delete(key)
        startNext()
      })
    }
  }
  return {
    probe,
    round: (targets, tell) => {
      for (const target of targets) {
        const key = `${target.container ?? ''} ${target.url}`
        if (busy.has(key) || waiting.has(key) || waiting.size >= MAX_WAITING) continue
        waiting.set(key, async () => tell(target, await probe(target.url)))
      }
      startNext()
    },
    close: async () => {
      waiting.clear()
      await agent.destroy()
    },
  }
}

async function probeOnce(agent: Agent, url: string, options: ProberOptions): Promise<ProbeResult> {
  const { timeoutMs, now } = options
  const started = performance.now()
  const told = (ok: boolean, detail: string, answered: boolean): ProbeResult => {
    return { at: now(), url, ok, responseMs: answered ? performance.now() - started : null, detail }
  }
  try {
    const status = await answerOf(agent, url, AbortSignal.timeout(timeoutMs))
    return told(status >= 200 && status < 300, String(status), true)
  } catch (cause) {
    return told(false, failureText(cause, timeoutMs), false)
  }
}

async function answerOf(agent: Agent, url: string, signal: AbortSignal): Promise<number> {
  const { origin, pathname, search } = new URL(url)
  const headers = { 'user-agent': 'plimsoll', accept: '*/*' }
  const request = { origin, path: pathname + search, method: 'GET', headers, signal } as const
  const { statusCode, body } = await agent.request(request).catch((cause: unknown) => {
    // A kept connection that the target closes in the moment we use it is no failure of the target.
    if ((cause as { code?: unknown }).code !== 'UND_ERR_SOCKET') throw cause
    return agent.request(request)
  })
  await body.dump({ limit: MAX_BODY_BYTES, signal })
  return statusCode
}
